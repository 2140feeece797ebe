import type {
  DeviceIntent,
  FirewallIntent,
  FirewallRuleIntent,
  FirewallZone,
  NatForward,
} from "../../model/intent.ts";
import type { Refusals } from "../render/refusals.ts";
import type { Leg } from "./network-view.ts";
import { compileRule, type RuleView } from "./rules.ts";
import { spellAddresses, spellInterfaces } from "./sets.ts";

/** A line of a chain, spelled, with the place in the YAML that it comes from. */
interface LineView {
  readonly line: string;
  readonly origin?: RuleView["origin"];
}

/** What the template needs to spell our table. */
export interface TableView {
  readonly zonePairs: readonly { readonly elements: string }[];
  readonly pairChains: readonly { readonly name: string; readonly rules: readonly LineView[] }[];
  readonly inputRules: readonly LineView[];
  readonly forwardRules: readonly LineView[];
  readonly logDropped: readonly true[];
  readonly destinationNat: readonly { readonly rules: readonly LineView[] }[];
  readonly sourceNat: readonly { readonly rules: readonly LineView[] }[];
}

/** Neighbour discovery and the errors that path MTU discovery needs: without them a network breaks oddly. */
const ALWAYS: readonly RuleView[] = [
  {
    service:
      "icmpv6 type { destination-unreachable, nd-neighbor-advert, nd-neighbor-solicit, nd-router-advert, packet-too-big, parameter-problem, time-exceeded }",
    verdict: "accept",
  },
  { service: "icmp type { destination-unreachable, parameter-problem, time-exceeded }", verdict: "accept" },
];

/** Settles zones, rules and translations into the lines of our table. */
export function tableView(intent: DeviceIntent, legs: readonly Leg[], refusals: Refusals): TableView {
  const { firewall } = intent;
  if (firewall === undefined) {
    refusals.refuse(
      "a device without zones",
      "Give its networks zones, so that it has rules to keep.",
      intent.origin,
    );
    return {
      zonePairs: [],
      pairChains: [],
      inputRules: [],
      forwardRules: [],
      logDropped: [],
      destinationNat: [],
      sourceNat: [],
    };
  }
  const zones = firewall.zones.filter((zone) => zone.interfaces.length > 0);
  refuseUnclearZones(intent, firewall, zones, refusals);
  const pairs = zones.flatMap((from) => zones.flatMap((to) => pairOf(from, to, firewall.rules)));
  const elements = pairs.flatMap(({ from, to, name }) =>
    from.interfaces.flatMap((iif) => to.interfaces.map((oif) => `"${iif}" . "${oif}" : jump ${name}`)),
  );
  const forwards = firewall.nat.forwards.map((forward) => ({ forward, origin: intent.origin }));
  const outbound = outboundRules(intent, legs);
  return {
    zonePairs: elements.length === 0 ? [] : [{ elements: elements.sort().join(", ") }],
    pairChains: pairs.map(({ name, rules }) => ({ name, rules: rules.map(spell) })),
    inputRules: inputRules(intent, firewall, zones, refusals).map(spell),
    forwardRules: forwards.map(({ forward, origin }) => ({ line: forwardAccept(forward), origin })),
    logDropped: firewall.logDropped ? [true] : [],
    destinationNat:
      forwards.length === 0
        ? []
        : [{ rules: forwards.map(({ forward, origin }) => ({ line: forwardDnat(forward), origin })) }],
    sourceNat: outbound.length === 0 ? [] : [{ rules: outbound }],
  };
}

/** A rule in words, in the order in which nft prints them. */
function spell(rule: RuleView): LineView {
  const words = [
    rule.iif && `iifname ${rule.iif}`,
    rule.oif && `oifname ${rule.oif}`,
    rule.nfproto && `meta nfproto ${rule.nfproto}`,
    rule.saddr && `${rule.ip} saddr ${rule.saddr}`,
    rule.daddr && `${rule.ip} daddr ${rule.daddr}`,
    rule.service,
    rule.log && `log prefix "${rule.log}"`,
    rule.verdict,
    rule.comment && `comment "${rule.comment}"`,
  ];
  const line = words.filter((word) => word !== undefined && word !== "").join(" ");
  return { line, ...(rule.origin ? { origin: rule.origin } : {}) };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

function pairOf(from: FirewallZone, to: FirewallZone, rules: readonly FirewallRuleIntent[]) {
  const own = rules.filter(
    (rule) => (rule.from === "*" || rule.from === from.name) && (rule.to === "*" || rule.to === to.name),
  );
  const name = `${from.name}_to_${to.name}`;
  return own.length === 0 ? [] : [{ from, to, name, rules: own.flatMap(compileRule) }];
}

function refuseUnclearZones(
  intent: DeviceIntent,
  firewall: FirewallIntent,
  zones: readonly FirewallZone[],
  refusals: Refusals,
): void {
  const seen = new Map<string, string>();
  for (const zone of zones) {
    if (!NAME.test(zone.name))
      refusals.refuse(
        `a zone called "${zone.name}"`,
        "Use letters, digits, dash and underscore.",
        intent.origin,
      );
    for (const name of zone.interfaces) {
      const other = seen.get(name);
      if (other !== undefined)
        refusals.refuse(
          `${name} in two zones, ${other} and ${zone.name}`,
          "Give each zone a port or a VLAN of its own on this firewall.",
          intent.origin,
        );
      seen.set(name, zone.name);
    }
  }
  const known = new Set(["*", ...zones.map((zone) => zone.name)]);
  for (const rule of [...firewall.rules, ...firewall.local]) {
    const sides = firewall.local.includes(rule) ? [rule.from] : [rule.from, rule.to];
    for (const side of sides)
      if (!known.has(side))
        refusals.refuse(
          `rule ${rule.id}: zone ${side} has no interface on this firewall`,
          "Put the rule on the firewall that the traffic crosses.",
          rule.origin,
        );
  }
}

function inputRules(
  intent: DeviceIntent,
  firewall: FirewallIntent,
  zones: readonly FirewallZone[],
  refusals: Refusals,
): RuleView[] {
  const management = managementRules(intent, refusals);
  const dhcp = intent.dhcpPools.length === 0 ? [] : [dhcpRule(intent)];
  const local = firewall.local.flatMap((rule) => {
    const from = zones.filter((zone) => rule.from === "*" || zone.name === rule.from);
    const iif = rule.from === "*" ? undefined : spellInterfaces(from.flatMap((zone) => zone.interfaces));
    return compileRule(rule).map((view) => (iif === undefined ? view : { iif, ...view }));
  });
  return [...ALWAYS, ...management, ...dhcp, ...local];
}

/** Clients without an address speak from 0.0.0.0, so only the port tells. */
function dhcpRule(intent: DeviceIntent): RuleView {
  return { service: "udp sport 68 udp dport 67", verdict: "accept", comment: "DHCP", origin: intent.origin };
}

/** Without a source there would be no way in at all, so a firewall without one is refused. */
function managementRules(intent: DeviceIntent, refusals: Refusals): RuleView[] {
  const { allowedFrom, port } = intent.management;
  if (allowedFrom.length === 0)
    refusals.refuse(
      "a firewall that nobody may manage",
      "Name the prefixes that management comes from.",
      intent.origin,
    );
  return ([4, 6] as const).flatMap((family) => {
    const set = spellAddresses(allowedFrom, family);
    if (set === undefined) return [];
    const ip = family === 4 ? "ip" : "ip6";
    const any = { nfproto: family === 4 ? "ipv4" : "ipv6" };
    const where = set.text === undefined ? any : { ip, saddr: set.text };
    const ping = set.text === undefined ? {} : where;
    return [
      {
        ...where,
        service: `tcp dport ${port}`,
        verdict: "accept",
        comment: "management",
        origin: intent.origin,
      },
      {
        ...ping,
        service: family === 4 ? "icmp type echo-request" : "icmpv6 type echo-request",
        verdict: "accept",
        comment: "management",
        origin: intent.origin,
      },
    ];
  });
}

function forwardAccept(forward: NatForward): string {
  const { name, protocol, toAddress, toPort } = forward;
  return `iifname "${forward.interface}" ip daddr ${toAddress} ${protocol} dport ${toPort} ct status dnat accept comment "forward ${name}"`;
}

function forwardDnat(forward: NatForward): string {
  const { name, address, protocol, port, toAddress, toPort } = forward;
  return `iifname "${forward.interface}" ip daddr ${address} ${protocol} dport ${port} dnat ip to ${toAddress}:${toPort} comment "forward ${name}"`;
}

/** Leaving by a link with a fixed address becomes that address; by any other the link's current one.
 *  IPv6 is not translated. */
function outboundRules(intent: DeviceIntent, legs: readonly Leg[]): LineView[] {
  const outbound = intent.firewall?.nat.outbound ?? [];
  return outbound.flatMap(({ name, source, interfaces }) => {
    const from = source.length === 0 ? { text: undefined } : spellAddresses(source, 4);
    if (from === undefined) return [];
    return interfaces.map((oif) => {
      const own = legs.find((leg) => leg.name === oif)?.addresses.find((text) => !text.includes(":"));
      const way = own === undefined ? "masquerade" : `snat ip to ${own.split("/")[0]}`;
      const saddr = from.text === undefined ? "meta nfproto ipv4" : `ip saddr ${from.text}`;
      return { line: `oifname "${oif}" ${saddr} ${way} comment "outbound ${name}"`, origin: intent.origin };
    });
  });
}
