import type { FileWhere } from "../../model/finding.ts";
import type { FirewallRuleIntent, ServiceMatch } from "../../model/intent.ts";
import { ICMP_TYPES, ICMP6_TYPES, PROTOCOLS } from "./names.ts";
import { spellAddresses, spellPorts } from "./sets.ts";

/** One line of a chain, settled to the last word; the template only spells it. */
export interface RuleView {
  /** Interface conditions, spelled. */
  readonly iif?: string;
  readonly oif?: string;
  /** `ipv4` or `ipv6` where no address says the family. */
  readonly nfproto?: string;
  /** `ip` or `ip6`, the word before `saddr`. */
  readonly ip?: string;
  readonly saddr?: string;
  readonly daddr?: string;
  /** What stands for the service: `tcp dport 443`, `icmp type echo-request`, `meta l4proto gre`. */
  readonly service?: string;
  readonly log?: string;
  readonly verdict: string;
  readonly comment?: string;
  readonly origin?: FileWhere;
}

/** Compiles one rule to its lines: one for each address family and each kind of service that it names.
 *  An address list without any address of a family leaves that family out; an empty list means any address. */
export function compileRule(rule: FirewallRuleIntent): RuleView[] {
  const families = ([4, 6] as const).flatMap((family) => matchFamily(rule, family));
  const anyAddress = rule.source.length === 0 && rule.destination.length === 0;
  const bases = anyAddress ? [{ family: undefined }] : families;
  const views: RuleView[] = [];
  for (const { family, ...addresses } of bases) {
    for (const service of spellServices(rule.services, family))
      views.push(finish(rule, addresses, service, family));
  }
  return views;
}

interface Addresses {
  readonly ip?: string;
  readonly saddr?: string;
  readonly daddr?: string;
}

function matchFamily(rule: FirewallRuleIntent, family: 4 | 6): (Addresses & { family: 4 | 6 })[] {
  const source = rule.source.length === 0 ? "any" : spellAddresses(rule.source, family);
  const destination = rule.destination.length === 0 ? "any" : spellAddresses(rule.destination, family);
  if (source === undefined || destination === undefined) return [];
  const saddr = source === "any" ? undefined : source.text;
  const daddr = destination === "any" ? undefined : destination.text;
  return [
    {
      family,
      ip: family === 4 ? "ip" : "ip6",
      ...(saddr === undefined ? {} : { saddr }),
      ...(daddr === undefined ? {} : { daddr }),
    },
  ];
}

function finish(
  rule: FirewallRuleIntent,
  addresses: Addresses,
  service: string,
  family: 4 | 6 | undefined,
): RuleView {
  const bare = addresses.saddr === undefined && addresses.daddr === undefined;
  const comment = [rule.id, rule.ticket].filter((word) => word !== undefined).join(" ");
  return {
    ...addresses,
    ...familyAndService(bare ? family : undefined, service),
    ...(rule.log ? { log: `sitewright ${rule.id} ` } : {}),
    verdict: rule.action === "permit" ? "accept" : "drop",
    comment: comment.replaceAll('"', "'").slice(0, 127),
    origin: rule.origin,
  };
}

/** A family that no address tells is a condition of its own, unless the service implies it: nft would leave it out
 *  when it lists the rule. */
function familyAndService(family: 4 | 6 | undefined, service: string): Pick<RuleView, "nfproto" | "service"> {
  if (family === 4 && service === "meta l4proto icmp") return { service: "ip protocol icmp" };
  const implied = /^(icmp type|icmpv6 type|meta l4proto ipv6-icmp)/.test(service);
  return {
    ...(family === undefined || implied ? {} : { nfproto: family === 4 ? "ipv4" : "ipv6" }),
    ...(service === "" ? {} : { service }),
  };
}

/** Spells services, those of one protocol together; an empty text means any service. */
function spellServices(services: readonly ServiceMatch[], family: 4 | 6 | undefined): string[] {
  if (services.length === 0 || services.some(({ protocol }) => protocol === "any")) return [""];
  const spelled: string[] = [];
  for (const protocol of ["tcp", "udp"] as const) {
    const own = services.filter((service) => nameOf(service.protocol) === protocol);
    if (own.length === 0) continue;
    const all = own.some((service) => service.ports.length === 0);
    const ports = all ? undefined : spellPorts(own.flatMap((service) => service.ports));
    spelled.push(ports === undefined ? `meta l4proto ${protocol}` : `${protocol} dport ${ports}`);
  }
  if (family !== 6) spelled.push(...spellIcmp(services, "icmp"));
  if (family !== 4) spelled.push(...spellIcmp(services, "icmp6"));
  const others = services.flatMap(({ protocol }) => (typeof protocol === "number" ? [protocol] : []));
  const plain = [...new Set(others)]
    .filter((number) => ![1, 6, 17, 58].includes(number))
    .sort((a, b) => a - b);
  return [...spelled, ...plain.map((number) => `meta l4proto ${PROTOCOLS[number] ?? number}`)];
}

function nameOf(protocol: ServiceMatch["protocol"]): string {
  if (typeof protocol !== "number") return protocol;
  return { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6" }[protocol] ?? String(protocol);
}

function spellIcmp(services: readonly ServiceMatch[], protocol: "icmp" | "icmp6"): string[] {
  const own = services.filter((service) => nameOf(service.protocol) === protocol);
  if (own.length === 0) return [];
  const word = protocol === "icmp" ? "icmp" : "ipv6-icmp";
  if (own.some(({ icmpType }) => icmpType === undefined)) return [`meta l4proto ${word}`];
  const names = protocol === "icmp" ? ICMP_TYPES : ICMP6_TYPES;
  const types = [...new Set(own.map(({ icmpType }) => icmpType ?? 0))].sort((a, b) => a - b);
  const header = protocol === "icmp" ? "icmp" : "icmpv6";
  return types.map((type) => `${header} type ${names[type] ?? type}`);
}
