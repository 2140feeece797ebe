import { ciscoLists } from "../planner/filters/cisco-lists.ts";
import { fortiFilters } from "../planner/filters/fortios-policies.ts";
import { huaweiLists } from "../planner/filters/huawei-lists.ts";
import { iptablesFilters } from "../planner/filters/iptables.ts";
import { junosFilters } from "../planner/filters/junos-filters.ts";
import { routerosFilters } from "../planner/filters/routeros-filters.ts";
import type { ReadFilters } from "../planner/filters/types.ts";
import { driverFor, platforms } from "./registry.ts";

/** Platforms whose filters can be read although no driver of theirs is there yet. */
const OFFLINE: ReadonlyMap<string, ReadFilters> = new Map<string, ReadFilters>([
  // Arista: masks are written as prefixes, an IPv6 list ends in a plain deny.
  ["eos", (text) => ciscoLists(text, { bare: "extended", ports: {}, neighbours: false })],
  ["junos", (text) => junosFilters(text)],
  ["fortios", (text) => fortiFilters(text)],
  ["iptables", iptablesFilters],
  ["routeros", (text) => routerosFilters(text)],
  ["comware", (text) => huaweiLists(text, { ports: { dnsix: 90 } })],
]);

/** How the filters of a platform are read; undefined where nobody can.
 *  A driver's own reading goes before the offline one. */
export function filterReaderFor(platform: string): ReadFilters | undefined {
  return driverFor(platform)?.filters ?? OFFLINE.get(platform);
}

/** Platforms whose filters can be read, sorted. */
export function filterPlatforms(): readonly string[] {
  const own = platforms().filter((name) => driverFor(name)?.filters !== undefined);
  return [...new Set([...own, ...OFFLINE.keys()])].sort();
}
