import {
  comparePrefixes,
  containsPrefix,
  formatAddress,
  formatInterfaceAddress,
  overlaps,
  parsePrefix,
} from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type {
  FirewallIntent,
  FirewallRuleIntent,
  FirewallZone,
  GatewayIntent,
  LagIntent,
  PortIntent,
} from "../../model/intent.ts";
import type { Policy } from "../../model/policy.ts";
import type { Rule, RuleEnd, SiteNat, SiteVpn } from "../../model/site.ts";
import type { SiteBase } from "./base.ts";
import type { DeviceDraft } from "./machines.ts";
import type { RoutePlan } from "./routes.ts";
import { keep, prefixesOf } from "./rules.ts";
import type { WanPlan } from "./wan.ts";

/** What making a firewall's rules needs. */
export interface FirewallSources {
  readonly device: DeviceDraft;
  readonly base: SiteBase;
  readonly policy: Policy;
  readonly gateways: readonly GatewayIntent[];
  readonly ports: readonly PortIntent[];
  readonly lags: readonly LagIntent[];
  readonly routes: readonly RoutePlan[];
  readonly wan: readonly WanPlan[];
  readonly rules: readonly Rule[];
  readonly nat: SiteNat;
  readonly vpns: readonly SiteVpn[];
}

/** A side of the firewall: the zone that packets of a prefix come through. */
interface Side {
  readonly zone: string;
  readonly prefixes: readonly string[];
}

/** Compiles the site's rules for a firewall: by the zone that packets come in through and leave by, with the
 *  addresses spelled out, so that two zones behind one leg cannot be taken for each other. */
export function firewallIntent(sources: FirewallSources): FirewallIntent {
  const zones = zonesOf(sources);
  const sides = sidesOf(sources);
  const rules: FirewallRuleIntent[] = [];
  const local: FirewallRuleIntent[] = [];
  for (const rule of sources.rules) {
    rules.push(...compile(rule, sides, zones));
    local.push(...compileLocal(rule, sides, sources));
  }
  return {
    zones,
    rules,
    local,
    nat: natOf(sources),
    logDropped: sources.policy.matrix.default.log,
  };
}

/** Zones with their interfaces: legs by the gateways that live on them, lines by their own zone. */
function zonesOf(sources: FirewallSources): FirewallZone[] {
  const zones = new Map<string, { interfaces: Set<string>; prefixes: Set<string> }>();
  const at = (name: string): { interfaces: Set<string>; prefixes: Set<string> } => {
    const known = zones.get(name) ?? { interfaces: new Set<string>(), prefixes: new Set<string>() };
    zones.set(name, known);
    return known;
  };
  for (const gateway of sources.gateways) {
    if (gateway.zone === undefined) continue;
    const leg = legName(gateway, sources);
    if (leg !== undefined) at(gateway.zone).interfaces.add(leg);
  }
  for (const link of sources.wan) {
    if (link.device !== sources.device.name) continue;
    at(link.data.zone).interfaces.add(link.interface);
  }
  for (const network of sources.base.networks.values()) {
    const { zone } = network.data;
    if (zone !== undefined && zones.has(zone))
      for (const prefix of prefixesOf(network)) at(zone).prefixes.add(spellPrefix(prefix));
  }
  return [...zones]
    .map(([name, zone]) => ({
      name,
      interfaces: [...zone.interfaces].sort(compareText),
      prefixes: [...zone.prefixes].sort(compareText),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

function spellPrefix(prefix: { version: 4 | 6; base: bigint; length: number }): string {
  return formatInterfaceAddress({ version: prefix.version, value: prefix.base }, prefix);
}

/** The interface that a VLAN's gateway lives on here: an untagged port of the network, else a tagged one with its VLAN. */
export function legName(
  gateway: Pick<GatewayIntent, "vlan">,
  sources: Pick<FirewallSources, "ports" | "lags">,
): string | undefined {
  const all = [...sources.lags, ...sources.ports.filter((port) => port.mode !== "lag-member")];
  const plain = all.find(
    (port) =>
      (port.mode === "access" && port.accessVlan === gateway.vlan) ||
      (port.mode === "trunk" && port.nativeVlan === gateway.vlan),
  );
  if (plain) return plain.name;
  const tagged = all.find((port) => port.mode === "trunk" && port.taggedVlans.includes(gateway.vlan));
  return tagged && `${tagged.name}.${gateway.vlan}`;
}

/** Which prefixes lie behind which zone's interfaces: networks of its legs, and what it has routes to through them. */
function sidesOf(sources: FirewallSources): Side[] {
  const sides: Side[] = [];
  for (const gateway of sources.gateways) {
    const network = sources.base.networks.get(gateway.network);
    if (gateway.zone === undefined || !network) continue;
    sides.push({ zone: gateway.zone, prefixes: prefixesOf(network).map(spellPrefix) });
  }
  for (const route of sources.routes) {
    if (route.device !== sources.device.name || route.through === undefined) continue;
    const zone = sources.base.networks.get(route.through)?.data.zone;
    if (zone !== undefined && parsePrefix(route.prefix)?.prefix.length !== 0)
      sides.push({ zone, prefixes: [route.prefix] });
  }
  // What comes out of a tunnel comes in on the line that the tunnel ends at.
  for (const vpn of sources.vpns) {
    const link = sources.wan.find((one) => one.name === vpn.wan && one.device === sources.device.name);
    if (link) sides.push({ zone: link.data.zone, prefixes: vpn.remotePrefixes });
  }
  return sides;
}

interface Placed {
  readonly zone: string;
  readonly prefixes: readonly string[];
}

/** Splits one end of a rule over the zones that it comes through; empty prefixes mean all of the zone. */
function place(end: RuleEnd, sides: readonly Side[], zones: readonly FirewallZone[]): Placed[] {
  if (end.kind === "any") return zones.map((zone) => ({ zone: zone.name, prefixes: [] }));
  if (end.prefixes.length === 0)
    return end.zones
      .filter((name) => zones.some((zone) => zone.name === name))
      .map((zone) => ({ zone, prefixes: [] }));
  const out = new Map<string, Set<string>>();
  const rest: string[] = [];
  for (const text of end.prefixes) {
    const wanted = parsePrefix(text)?.prefix;
    if (!wanted) continue;
    let found = false;
    for (const side of sides) {
      for (const sidePrefix of side.prefixes) {
        const own = parsePrefix(sidePrefix)?.prefix;
        if (!own || !overlaps(own, wanted)) continue;
        found = true;
        const known = out.get(side.zone) ?? new Set<string>();
        known.add(containsPrefix(own, wanted) ? text : sidePrefix);
        out.set(side.zone, known);
      }
    }
    if (!found) rest.push(text);
  }
  // What no leg leads to is outside: through the lines, whose zone the rule's end names or which face the internet.
  const outside = zones.filter(
    (zone) => end.zones.includes(zone.name) && !sides.some((side) => side.zone === zone.name),
  );
  if (rest.length > 0)
    for (const zone of outside) out.set(zone.name, new Set([...(out.get(zone.name) ?? []), ...rest]));
  return [...out]
    .map(([zone, prefixes]) => ({ zone, prefixes: sortPrefixes(prefixes) }))
    .sort((a, b) => compareText(a.zone, b.zone));
}

function sortPrefixes(prefixes: Iterable<string>): string[] {
  const parsed = [...new Set(prefixes)].flatMap((text) => {
    const prefix = parsePrefix(text)?.prefix;
    return prefix ? [{ text, prefix }] : [];
  });
  return parsed.sort((a, b) => comparePrefixes(a.prefix, b.prefix)).map((one) => one.text);
}

/** One rule for each pair of zones that it crosses here; ends of the same pair are joined. */
function compile(rule: Rule, sides: readonly Side[], zones: readonly FirewallZone[]): FirewallRuleIntent[] {
  if (rule.to.every((end) => end.zones.includes("self"))) return [];
  const from = joinPlaces(rule.from.flatMap((end) => place(end, sides, zones)));
  const to = joinPlaces(
    rule.to.filter((end) => !end.zones.includes("self")).flatMap((end) => place(end, sides, zones)),
  );
  const out: FirewallRuleIntent[] = [];
  for (const source of from) {
    for (const target of to) {
      if (source.zone === target.zone && sameSubnet(source.prefixes, target.prefixes)) continue;
      out.push(ruleIntent(rule, source, target));
    }
  }
  return out;
}

/** Traffic within one subnet never meets the firewall. */
function sameSubnet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 1 && b.length === 1 && a[0] === b[0];
}

function joinPlaces(places: readonly Placed[]): Placed[] {
  const out = new Map<string, Placed>();
  for (const one of places) {
    const known = out.get(one.zone);
    if (!known) out.set(one.zone, one);
    else {
      const whole = known.prefixes.length === 0 || one.prefixes.length === 0;
      out.set(one.zone, {
        zone: one.zone,
        prefixes: whole ? [] : sortPrefixes([...known.prefixes, ...one.prefixes]),
      });
    }
  }
  return [...out.values()];
}

function ruleIntent(rule: Rule, from: Placed, to: Placed): FirewallRuleIntent {
  return {
    id: rule.id,
    from: from.zone,
    to: to.zone,
    action: rule.action,
    source: from.prefixes,
    destination: to.prefixes,
    services: rule.matches,
    log: rule.log,
    ...keep(rule, ["owner", "ticket", "reason"]),
    origin: rule.origin,
  };
}

/** Rules to the devices themselves: `zone:self`, or this device by its name. */
function compileLocal(rule: Rule, sides: readonly Side[], sources: FirewallSources): FirewallRuleIntent[] {
  const mine = rule.to.some(
    (end) => end.zones.includes("self") || (end.kind === "device" && end.ref === sources.device.name),
  );
  if (!mine) return [];
  const zones = zonesOf(sources);
  return joinPlaces(rule.from.flatMap((end) => place(end, sides, zones))).map((from) =>
    ruleIntent(rule, from, { zone: "self", prefixes: [] }),
  );
}

function natOf(sources: FirewallSources): FirewallIntent["nat"] {
  const links = new Map(
    sources.wan.filter((link) => link.device === sources.device.name).map((link) => [link.name, link]),
  );
  const outbound = sources.nat.outbound.flatMap((entry) => {
    const interfaces = entry.via.flatMap((name) => links.get(name)?.interface ?? []).sort(compareText);
    return interfaces.length > 0 ? [{ name: entry.name, source: entry.source, interfaces }] : [];
  });
  const forwards = sources.nat.forwards.flatMap((entry) => {
    const link = links.get(entry.wan);
    if (!link) return [];
    const address = link.address ? formatAddress(link.address.address) : "";
    return [
      {
        name: entry.name,
        interface: link.interface,
        address,
        protocol: entry.protocol,
        port: entry.port,
        toAddress: entry.toAddress,
        toPort: entry.toPort,
      },
    ];
  });
  return { outbound, forwards };
}
