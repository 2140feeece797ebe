import { complementRanges } from "../flows/ranges.ts";
import type { Family, Match } from "../flows/types.ts";
import { type AddressSet, otherSide, sidePredicates } from "./address-sets.ts";
import { fortiAddresses, fortiServices, type ServiceSet } from "./fortios-objects.ts";
import { type FortiNode, fortiTree } from "./fortios-tree.ts";
import { lazyFilter } from "./lazy.ts";
import { ListBuilder } from "./list-builder.ts";
import { all, condition, only, type Predicate } from "./predicate.ts";
import type { ExtractedFilter } from "./types.ts";

/** Reads the policies of a FortiGate: one filter for each pair of interfaces or zones, `SRCINTF->DSTINTF`, with the
 *  implicit deny at its end. With several VDOMs each has its own, also named `VDOM SRCINTF->DSTINTF`.
 *  Packets of open sessions pass before any policy is asked. */
export function fortiFilters(text: string): ExtractedFilter[] {
  return fortiTreeFilters(fortiTree(text));
}

/** Reads them from a tree. */
export function fortiTreeFilters(root: FortiNode): ExtractedFilter[] {
  const vdoms = [...(root.tables.get("vdom")?.entries ?? [])];
  const global = root.tables.get("global");
  if (vdoms.length === 0) return filtersOf(root, root, undefined);
  return vdoms.flatMap(([name, vdom]) => filtersOf(vdom, global ?? root, name));
}

function filtersOf(vdom: FortiNode, global: FortiNode, vdomName: string | undefined): ExtractedFilter[] {
  const zones = zonesOf(vdom);
  const named = { src: new Set<string>(), dst: new Set<string>() };
  for (const policy of policiesOf(vdom)) {
    for (const name of policy.settings.get("srcintf") ?? []) named.src.add(name);
    for (const name of policy.settings.get("dstintf") ?? []) named.dst.add(name);
  }
  const ports = global.tables.get("system interface")?.entries.keys() ?? [];
  const names = [
    ...new Set([...named.src, ...named.dst, ...zones.keys(), ...[...zones.values()].flat(), ...ports]),
  ]
    .filter((name) => name !== "any")
    .sort();
  return names.flatMap((from) =>
    names.map((to) => {
      const name = `${from}->${to}`;
      const derived = !named.src.has(from) || !named.dst.has(to);
      const aliases = vdomName === undefined ? [] : [`${vdomName} ${name}`];
      return lazyFilter({ name, aliases, derived }, () => filterOf(vdom, { from, to, zones, name }));
    }),
  );
}

function policiesOf(vdom: FortiNode): readonly FortiNode[] {
  return ["firewall policy", "firewall policy6"].flatMap((table) => [
    ...(vdom.tables.get(table)?.entries.values() ?? []),
  ]);
}

/** Tells between which interfaces or zones some policies ask for packets. */
export function pairsOf(
  vdom: FortiNode,
  policies: readonly FortiNode[],
): (from: string, to: string) => boolean {
  const zones = zonesOf(vdom);
  return (from, to) =>
    policies.some(
      ({ settings }) =>
        isMeant(settings.get("srcintf"), from, zones) && isMeant(settings.get("dstintf"), to, zones),
    );
}

/** Zones and SD-WAN zones with their members. */
function zonesOf(vdom: FortiNode): Map<string, readonly string[]> {
  const zones = new Map<string, string[]>();
  for (const [name, zone] of vdom.tables.get("system zone")?.entries ?? [])
    zones.set(name, [...(zone.settings.get("interface") ?? [])]);
  for (const table of ["system sdwan", "system virtual-wan-link"]) {
    for (const member of vdom.tables.get(table)?.tables.get("members")?.entries.values() ?? []) {
      const zone = member.settings.get("zone")?.[0] ?? "virtual-wan-link";
      zones.set(zone, [...(zones.get(zone) ?? []), ...(member.settings.get("interface") ?? [])]);
    }
  }
  return zones;
}

interface Pair {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly zones: ReadonlyMap<string, readonly string[]>;
}

function filterOf(vdom: FortiNode, pair: Pair): ExtractedFilter {
  const builder = new ListBuilder();
  builder.add("permit", only({ states: ["established", "related"] }), undefined);
  const mode = vdom.tables.get("system settings")?.settings.get("ngfw-mode")?.[0];
  if (mode === "policy-based") {
    const at = vdom.tables.get("system settings")?.at ?? vdom.at;
    builder.note("FLT-REFUSED", at, "policy-based NGFW mode: security policies are not modelled");
    builder.add("permit", condition("security policies"), at);
  }
  for (const table of ["firewall policy", "firewall policy6"]) {
    for (const policy of vdom.tables.get(table)?.entries.values() ?? []) {
      const { settings } = policy;
      if (settings.get("status")?.[0] === "disable") continue;
      if (
        isMeant(settings.get("srcintf"), pair.from, pair.zones) &&
        isMeant(settings.get("dstintf"), pair.to, pair.zones)
      )
        addPolicy(builder, vdom, policy, table.endsWith("6"));
    }
  }
  return builder.build({ name: pair.name, defaultAction: "deny" });
}

function isMeant(
  names: readonly string[] | undefined,
  wanted: string,
  zones: ReadonlyMap<string, readonly string[]>,
): boolean {
  return (names ?? []).some(
    (name) => name === "any" || name === wanted || (zones.get(name)?.includes(wanted) ?? false),
  );
}

/** Settings that ask for more than the packet shows. */
const CONDITIONS = [
  "groups",
  "users",
  "fsso-groups",
  "devices",
  "application",
  "app-category",
  "app-group",
  "url-category",
  "internet-service-name",
  "internet-service-id",
  "internet-service-group",
  "internet-service-custom",
  "internet-service-custom-group",
  "internet-service-src-name",
  "internet-service-src-id",
  "internet-service-src-group",
  "internet-service-src-custom",
  "internet-service6-name",
  "internet-service6-src-name",
  "network-service-dynamic",
  "ztna-ems-tag",
  "ztna-geo-tag",
  "rtp-addr",
  "src-vendor-mac",
  "sgt",
  "tos",
  "vlan-filter",
  "fsso-agent-for-ntlm",
  "reputation-minimum",
];

function addPolicy(builder: ListBuilder, vdom: FortiNode, policy: FortiNode, old6: boolean): void {
  const { settings, at } = policy;
  const get = (key: string) => settings.get(key) ?? [];
  const on = (key: string) => get(key)[0] === "enable";
  const asked: Predicate[] = [];
  const [schedule = "always"] = get("schedule");
  if (schedule !== "always") asked.push(condition(`schedule ${schedule}`));
  for (const key of CONDITIONS)
    if (get(key).length > 0) asked.push(condition(`${key} ${get(key).join(" ")}`));
  const [action = "deny"] = get("action");
  if (action !== "accept" && action !== "deny") asked.push(condition(`action ${action}`));
  const services = fortiServices(vdom, get("service"));
  const service: Predicate[] =
    on("internet-service") || on("internet-service6")
      ? [only({})]
      : serviceParts(services, on("service-negate"));
  for (const family of [4, 6] as const) {
    for (const source of sideOf(vdom, policy, "src", family, old6)) {
      for (const destination of sideOf(vdom, policy, "dst", family, old6)) {
        for (const part of service) {
          const predicate = all([source, destination, part, ...asked]);
          if (predicate.matches.length > 0) builder.add(action === "deny" ? "deny" : "permit", predicate, at);
        }
      }
    }
  }
}

function serviceParts(set: ServiceSet, negated: boolean): Predicate[] {
  if (negated) {
    const words = [...set.matches.map((match) => JSON.stringify(match)), ...set.open].sort().join(" or ");
    return [complementOf(set) ?? condition(`service not ${words}`)];
  }
  const known: Predicate = { matches: set.matches, conditions: [] };
  return set.open.length === 0 ? [known] : [known, condition(`service ${[...set.open].sort().join(" or ")}`)];
}

/** Everything but some services; undefined where a service is not known or too much comes of it. */
function complementOf(set: ServiceSet): Predicate | undefined {
  if (set.open.length > 0) return undefined;
  const rest = all(set.matches.map((match) => ({ matches: otherThan(match), conditions: [] })));
  return rest.matches.length > MOST_MATCHES ? undefined : rest;
}

const MOST_MATCHES = 5_000;

/** What one service leaves out: other protocols, other destination ports, other source ports; or types and codes. */
function otherThan(match: Match): Match[] {
  const { protocols } = match;
  if (protocols === undefined) return [];
  const others: Match[] = [{ protocols: complementRanges(protocols, 255) }];
  const pairs = [
    ["icmpTypes", "icmpCodes", 255],
    ["dstPorts", "srcPorts", 65535],
  ] as const;
  for (const [first, second, max] of pairs) {
    const [a, b] = [match[first], match[second]];
    if (a !== undefined) others.push({ protocols, [first]: complementRanges(a, max) });
    if (b !== undefined)
      others.push({
        protocols,
        ...(a === undefined ? {} : { [first]: a }),
        [second]: complementRanges(b, max),
      });
  }
  return others;
}

function sideOf(
  vdom: FortiNode,
  policy: FortiNode,
  side: "src" | "dst",
  family: Family,
  old6: boolean,
): Predicate[] {
  const { settings } = policy;
  const six = family === 6;
  if (old6 && !six) return [];
  const key = six && !old6 ? `${side}addr6` : `${side}addr`;
  const names = settings.get(key) ?? [];
  const service =
    settings.get(`internet-service${six ? "6" : ""}${side === "src" ? "-src" : ""}`)?.[0] === "enable";
  if (names.length === 0) return service ? [only({ family })] : [];
  const set: AddressSet = fortiAddresses(vdom, names, six);
  const negated =
    settings.get(`${key}-negate`)?.[0] === "enable" || settings.get(`${side}addr-negate`)?.[0] === "enable";
  return negated ? [otherSide(set, side, [family])] : sidePredicates(set, side, [family]);
}
