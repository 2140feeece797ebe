import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, FilterEntryIntent, FirewallRuleIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { AddressRange, FilterList, FilterRule } from "../flows/types.ts";
import { entryMatches, opening, RETURN_TRAFFIC, serviceMatches } from "./matches.ts";
import { isOwnManagement, zonesBeyond } from "./neighbours.ts";
import { intersect, rangeOf, type ZonePartition } from "./zones.ts";

/** A device that routes between networks of a site, and what it lets through, as one first-match list. */
export interface Enforcement {
  readonly device: DeviceIntent;
  /** `firewall`: stateful between zones. `filters`: stateless lists on its gateways. `open`: routes without a filter. */
  readonly kind: "firewall" | "filters" | "open";
  /** Names of the networks that it routes for. */
  readonly networks: readonly string[];
  /** Zones of those networks and of its WAN links, sorted. */
  readonly zones: readonly string[];
  /** Zones that it reaches by another router of the site. */
  readonly beyond: readonly string[];
  readonly filter: FilterList;
  /** YAML place of each rule of `filter`. */
  readonly origins: ReadonlyMap<string, FileWhere>;
}

/** Finds every device of a site that routes between two or more networks or to the outside. */
export function enforcementsOf(site: Site, partition: ZonePartition): Enforcement[] {
  return site.devices.flatMap((device) => {
    const enforcement = enforcementOf(site, partition, device);
    return enforcement === undefined ? [] : [enforcement];
  });
}

function enforcementOf(site: Site, partition: ZonePartition, device: DeviceIntent): Enforcement | undefined {
  const networks = device.gateways
    .filter((gateway) => !isOwnManagement(device, gateway))
    .map((gateway) => gateway.network);
  const wanZones = site.wan.filter((link) => link.device === device.name).map((link) => link.zone);
  const zoneOf = new Map(site.networks.map((network) => [network.name, network.zone]));
  const zones = [...new Set([...networks.map((name) => zoneOf.get(name)), ...wanZones])]
    .filter((zone) => zone !== undefined)
    .sort();
  if (networks.length + wanZones.length < 2) return undefined;
  const beyond = zonesBeyond(site, device);
  if (device.firewall) {
    const rules = device.firewall.rules.map((rule) => firewallRule(rule, partition));
    return {
      device,
      kind: "firewall",
      networks,
      zones,
      beyond,
      filter: { rules: [RETURN_RULE, ...rules], defaultAction: "deny" },
      origins: new Map(device.firewall.rules.map((rule) => [rule.id, rule.origin])),
    };
  }
  const filters = inboundFilters(site, device);
  return {
    device,
    kind: filters.rules.length > 0 ? "filters" : "open",
    networks,
    zones,
    beyond,
    filter: { rules: filters.rules, defaultAction: "permit" },
    origins: filters.origins,
  };
}

const RETURN_RULE: FilterRule = {
  id: "(established)",
  action: "permit",
  matches: [RETURN_TRAFFIC],
  exact: true,
};

function firewallRule(rule: FirewallRuleIntent, partition: ZonePartition): FilterRule {
  const source = endRanges(rule.source, rule.from, partition);
  const destination = endRanges(rule.destination, rule.to, partition);
  return {
    id: rule.id,
    action: rule.action,
    matches: opening(serviceMatches(rule.services, source, destination)),
    exact: true,
  };
}

/** The addresses that one end of a rule means: its prefixes, else its zone, else everything. */
function endRanges(
  prefixes: readonly string[],
  zone: string,
  partition: ZonePartition,
): readonly AddressRange[] | undefined {
  if (prefixes.length > 0) return prefixes.map(rangeOf).filter((range) => range !== undefined);
  return zone === "*" ? undefined : partition.rangesOf(zone);
}

/** The stateless lists on a switch's gateways, each limited to what comes in from its own network. */
function inboundFilters(
  site: Site,
  device: DeviceIntent,
): { rules: FilterRule[]; origins: Map<string, FileWhere> } {
  const rules: FilterRule[] = [];
  const origins = new Map<string, FileWhere>();
  for (const gateway of device.gateways) {
    const filter = device.filters.find((candidate) => candidate.name === gateway.filterIn);
    const network = site.networks.find((candidate) => candidate.name === gateway.network);
    if (filter === undefined || network === undefined) continue;
    const inside = [network.ipv4, network.ipv6, ...network.secondary]
      .flatMap((text) => (text === undefined ? [] : [rangeOf(text)]))
      .filter((range) => range !== undefined);
    for (const entry of filter.entries) {
      const id = `${filter.name}/${entry.id}`;
      rules.push(entryRule(id, entry, inside));
      origins.set(id, entry.origin);
    }
    rules.push({
      id: `${filter.name}/default`,
      action: filter.default,
      matches: [4, 6].map((family) => ({
        family: family as 4 | 6,
        src: inside.filter((range) => range.family === family),
      })),
      exact: true,
    });
    origins.set(`${filter.name}/default`, gateway.origin);
  }
  return { rules, origins };
}

function entryRule(id: string, entry: FilterEntryIntent, inside: readonly AddressRange[]): FilterRule {
  const within = entry.source.length === 0 ? inside : clip(toRanges(entry.source), inside);
  const destination = entry.destination.length === 0 ? undefined : toRanges(entry.destination);
  return {
    id,
    action: entry.action,
    matches: entryMatches(entry, within, destination),
    exact: true,
  };
}

function toRanges(prefixes: readonly string[]): AddressRange[] {
  return prefixes.map(rangeOf).filter((range) => range !== undefined);
}

function clip(ranges: readonly AddressRange[], inside: readonly AddressRange[]): AddressRange[] {
  return ranges.flatMap((range) => inside.flatMap((bound) => intersect(range, bound)));
}
