import { comparePrefixes, containsPrefix, formatPrefix, overlaps, parsePrefix } from "../../model/address.ts";
import type { FilterEntryIntent, FilterIntent, ServiceMatch } from "../../model/intent.ts";
import type { Policy } from "../../model/policy.ts";
import type { Rule, RuleEnd } from "../../model/site.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { DhcpPlan } from "./dhcp.ts";
import { prefixesOf } from "./rules.ts";

/** What compiling stateless filters needs. */
export interface FilterSources {
  readonly base: SiteBase;
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  readonly dhcp: ReadonlyMap<string, DhcpPlan>;
  /** Blocks of the client: what is not the outside. */
  readonly inside: readonly string[];
  /** The router itself: without lines for it, a filter would lock its own operators out. */
  readonly self: FilterSelf;
}

/** A router's own addresses, who may manage it and on which port, and whose answers it waits for. */
export interface FilterSelf {
  /** Host prefixes, `10.1.10.1/32`. */
  readonly addresses: readonly string[];
  readonly allowedFrom: readonly string[];
  readonly port: number;
  readonly timeServers: readonly string[];
  readonly nameServers: readonly string[];
}

const ANY_SERVICE: readonly ServiceMatch[] = [{ protocol: "any", ports: [] }];
const DHCP_SERVER_PORT = 67;
const NTP_PORT = 123;
const DNS_PORT = 53;
const ICMP_ECHO = 8;

/** The name of the filter on the gateway of a network. */
export function filterName(network: string): string {
  return `${network}-in`;
}

/** Compiles the filter for what comes in from a network at a switch's gateway: what its hosts may begin, the answers
 *  of what others may begin towards them, and nothing else. First match wins; flows inside the client stand before
 *  the line that keeps "to the internet" from meaning "to everybody". */
export function gatewayFilter(network: NetworkDraft, sources: FilterSources): FilterIntent {
  const own = prefixesOf(network).map(formatPrefix);
  const inner: FilterEntryIntent[] = [];
  const outer: FilterEntryIntent[] = [];
  for (const rule of sources.rules) {
    for (const entry of forwardEntries(rule, own)) (isOutside(entry) ? outer : inner).push(entry);
    if (rule.action === "permit")
      for (const entry of returnEntries(rule, own)) (isOutside(entry) ? outer : inner).push(entry);
  }
  inner.push(...intrazoneEntries(network, own, sources));
  const guard = outer.length === 0 ? [] : [guardEntry(network, own, sources)];
  return {
    name: filterName(network.name),
    entries: [
      ...dhcpEntries(network, own, sources),
      ...selfEntries(network, own, sources.self),
      ...inner,
      ...guard,
      ...outer,
    ],
    default: "deny",
  };
}

function isOutside(entry: FilterEntryIntent): boolean {
  return entry.destination.length === 0;
}

/** What hosts of the network may begin. */
function forwardEntries(rule: Rule, own: readonly string[]): FilterEntryIntent[] {
  const source = clip(rule.from, own);
  if (source === undefined) return [];
  return targets(rule.to).flatMap((destination) =>
    withinOwn(destination, own) ? [] : [entryOf(rule, source, destination, rule.matches, {})],
  );
}

/** The answers to what others may begin: of TCP what is established, of UDP what comes from the service's port. */
function returnEntries(rule: Rule, own: readonly string[]): FilterEntryIntent[] {
  const source = clip(rule.to, own);
  if (source === undefined) return [];
  return targets(rule.from).flatMap((destination) => {
    if (withinOwn(destination, own)) return [];
    return rule.matches.flatMap((match): FilterEntryIntent[] => {
      const id = `${rule.id}-return`;
      if (match.protocol === "any")
        return [
          entryOf(rule, source, destination, [{ protocol: "tcp", ports: [] }], { id, established: true }),
        ];
      if (match.protocol === "tcp")
        return [
          entryOf(rule, source, destination, [{ protocol: "tcp", ports: [] }], { id, established: true }),
        ];
      if (match.protocol === "udp")
        return [
          entryOf(rule, source, destination, [{ protocol: "udp", ports: [] }], {
            id,
            sourcePorts: match.ports,
          }),
        ];
      return [entryOf(rule, source, destination, [{ protocol: match.protocol, ports: [] }], { id })];
    });
  });
}

function entryOf(
  rule: Rule,
  source: readonly string[],
  destination: readonly string[],
  services: readonly ServiceMatch[],
  extra: {
    readonly id?: string;
    readonly established?: boolean;
    readonly sourcePorts?: readonly (readonly [number, number])[];
  },
): FilterEntryIntent {
  return {
    id: extra.id ?? rule.id,
    action: rule.action,
    source,
    destination,
    services,
    ...(extra.sourcePorts === undefined ? {} : { sourcePorts: extra.sourcePorts }),
    established: extra.established ?? false,
    log: rule.log,
    remark: [extra.id ?? rule.id, rule.ticket].filter(Boolean).join(" "),
    origin: rule.origin,
  };
}

/** The part of some ends that lies in this network; undefined where none does. */
function clip(ends: readonly RuleEnd[], own: readonly string[]): readonly string[] | undefined {
  if (ends.some((end) => end.kind === "any")) return own;
  const out = new Set<string>();
  for (const end of ends) {
    for (const text of end.prefixes) {
      const wanted = parsePrefix(text)?.prefix;
      for (const ownText of own) {
        const mine = parsePrefix(ownText)?.prefix;
        if (!wanted || !mine || !overlaps(mine, wanted)) continue;
        out.add(containsPrefix(mine, wanted) ? text : ownText);
      }
    }
  }
  return out.size === 0 ? undefined : sortTexts(out);
}

/** Destinations by kind: named addresses together, and the outside as an empty list. */
function targets(ends: readonly RuleEnd[]): (readonly string[])[] {
  const named = ends.filter((end) => !end.zones.includes("self")).flatMap((end) => end.prefixes);
  const outside = ends.some(
    (end) => end.kind === "any" || (end.prefixes.length === 0 && end.site === undefined),
  );
  return [...(named.length > 0 ? [sortTexts(named)] : []), ...(outside ? [[]] : [])];
}

function withinOwn(destination: readonly string[], own: readonly string[]): boolean {
  return destination.length > 0 && destination.every((text) => own.includes(text));
}

function sortTexts(texts: Iterable<string>): string[] {
  const parsed = [...new Set(texts)].flatMap((text) => {
    const prefix = parsePrefix(text)?.prefix;
    return prefix ? [{ text, prefix }] : [];
  });
  return parsed.sort((a, b) => comparePrefixes(a.prefix, b.prefix)).map((one) => one.text);
}

/** Clients without an address speak from 0.0.0.0 to everybody on the wire, and renew from their own address with
 *  whoever answered. */
function dhcpEntries(
  network: NetworkDraft,
  own: readonly string[],
  sources: FilterSources,
): FilterEntryIntent[] {
  const plan = sources.dhcp.get(network.name);
  if (!plan) return [];
  const servers =
    plan.relays.length > 0 ? plan.relays.map(hostPrefix) : clipTexts(sources.self.addresses, own);
  const isV4 = (text: string): boolean => !text.includes(":");
  return [
    {
      id: "dhcp",
      action: "permit",
      source: ["0.0.0.0/32", ...own.filter(isV4)],
      destination: [...servers.filter(isV4), "255.255.255.255/32"],
      services: [{ protocol: "udp", ports: [[DHCP_SERVER_PORT, DHCP_SERVER_PORT]] }],
      established: false,
      log: false,
      remark: "dhcp",
      origin: network.at,
    },
  ];
}

/** Management of the router from this network, and answers of the time and name servers in it. */
function selfEntries(network: NetworkDraft, own: readonly string[], self: FilterSelf): FilterEntryIntent[] {
  const out: FilterEntryIntent[] = [];
  const add = (
    id: string,
    from: readonly string[],
    services: readonly ServiceMatch[],
    sourcePort?: number,
  ): void => {
    const source = clipTexts(from, own);
    if (source.length === 0 || self.addresses.length === 0) return;
    const ports = sourcePort === undefined ? {} : { sourcePorts: [[sourcePort, sourcePort] as const] };
    out.push({
      id,
      action: "permit",
      source,
      destination: self.addresses,
      services,
      ...ports,
      established: false,
      log: false,
      remark: id,
      origin: network.at,
    });
  };
  add("management", self.allowedFrom, [{ protocol: "tcp", ports: [[self.port, self.port]] }]);
  add("management-ping", self.allowedFrom, [{ protocol: "icmp", ports: [], icmpType: ICMP_ECHO }]);
  const udp: readonly ServiceMatch[] = [{ protocol: "udp", ports: [] }];
  add("time", self.timeServers.map(hostPrefix), udp, NTP_PORT);
  add("names", self.nameServers.map(hostPrefix), udp, DNS_PORT);
  return out;
}

function hostPrefix(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}

function clipTexts(texts: readonly string[], own: readonly string[]): readonly string[] {
  const end: RuleEnd = { ref: "", kind: "address", zones: [], site: undefined, prefixes: texts };
  return clip([end], own) ?? [];
}

/** Networks of a zone that the matrix leaves free among themselves. */
function intrazoneEntries(
  network: NetworkDraft,
  own: readonly string[],
  sources: FilterSources,
): FilterEntryIntent[] {
  const { zone } = network.data;
  if (zone === undefined || !sources.policy.matrix.intrazone.except.includes(zone)) return [];
  const others = [...sources.base.networks.values()]
    .filter((other) => other !== network && other.data.zone === zone)
    .flatMap(prefixesOf);
  if (others.length === 0) return [];
  return [
    {
      id: `zone-${zone}`,
      action: "permit",
      source: own,
      destination: sortTexts(others.map(formatPrefix)),
      services: ANY_SERVICE,
      established: false,
      log: false,
      remark: `zone ${zone}`,
      origin: sources.policy.matrix.intrazone.origin ?? network.at,
    },
  ];
}

function guardEntry(
  network: NetworkDraft,
  own: readonly string[],
  sources: FilterSources,
): FilterEntryIntent {
  return {
    id: "inside",
    action: "deny",
    source: own,
    destination: sources.inside,
    services: ANY_SERVICE,
    established: false,
    log: sources.policy.matrix.default.log,
    remark: "inside",
    origin: network.at,
  };
}
