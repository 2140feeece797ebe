import { formatPrefix, parseAddress, parsePrefix } from "../../model/address.ts";
import type { ServiceMatch } from "../../model/intent.ts";

/** A line of a chain in the words of a rule. */
export interface NftLine {
  /** Prefixes; none means everything of the zone. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly matches: readonly ServiceMatch[];
  readonly log: boolean;
  readonly action: "permit" | "deny";
  /** Interfaces that packets come in by, where the line names them. */
  readonly interfaces: readonly string[];
  /** Id of the rule that the comment names. */
  readonly id: string | undefined;
}

const WORD = String.raw`(?:\{[^}]*\}|\S+)`;
const LINE = new RegExp(
  `^(?:iifname (?<iif>${WORD}) )?(?:meta nfproto ipv[46] )?(?:ip6? saddr (?<source>${WORD}) )?(?:ip6? daddr (?<destination>${WORD}) )?` +
    `(?:(?<protocol>tcp|udp) dport (?<ports>${WORD}) |(?<icmp>icmp|icmpv6) type (?<type>[a-z-]+|\\d+) )?` +
    `(?:counter(?: packets \\d+ bytes \\d+)? )?(?<log>log(?: prefix "[^"]*")? )?(?<verdict>\\S+)(?: comment "(?<comment>[^"]*)")?$`,
);
const TYPES: Readonly<Record<string, number>> = { "icmp echo-request": 8, "icmpv6 echo-request": 128 };

/** Reads a line that accepts or drops addresses and ports. Undefined for everything else: what cannot be read whole is not
 *  taken over in part. */
export function readNftLine(line: string): NftLine | undefined {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { source: from, destination: to, verdict, comment = "", log, iif } = groups;
  if (verdict !== "accept" && verdict !== "drop") return undefined;
  const source = prefixes(from);
  const destination = prefixes(to);
  const matches = matchesOf(groups);
  if (source === undefined || destination === undefined || matches === undefined) return undefined;
  const id = /^[A-Za-z][A-Za-z0-9_-]*/.exec(comment)?.[0];
  const action = verdict === "accept" ? "permit" : "deny";
  const interfaces = iif === undefined ? [] : listOf(iif).map((one) => one.replaceAll('"', ""));
  return { source, destination, matches, log: log !== undefined, action, interfaces, id };
}

function listOf(text: string): readonly string[] {
  return text
    .replace(/^\{|\}$/g, "")
    .split(",")
    .map((one) => one.trim());
}

function prefixes(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return [];
  const read = listOf(text).map((one) => {
    const address = parseAddress(one);
    const length = address?.version === 6 ? 128 : 32;
    const prefix = parsePrefix(address ? `${one}/${length}` : one)?.prefix;
    return prefix && formatPrefix(prefix);
  });
  const known = read.flatMap((one) => one ?? []);
  return known.length === read.length ? known : undefined;
}

function matchesOf(
  groups: Readonly<Record<string, string | undefined>>,
): readonly ServiceMatch[] | undefined {
  const { protocol, ports, icmp, type } = groups;
  if (icmp === "icmp" || icmp === "icmpv6") {
    const icmpType = TYPES[`${icmp} ${type}`] ?? Number(type);
    if (!Number.isInteger(icmpType)) return undefined;
    return [{ protocol: icmp === "icmp" ? "icmp" : "icmp6", ports: [], icmpType }];
  }
  if (protocol !== "tcp" && protocol !== "udp") return [{ protocol: "any", ports: [] }];
  const ranges = listOf(ports ?? "").map((one) => {
    const [from = Number.NaN, to = from] = one.split("-").map(Number);
    return [from, to] as const;
  });
  if (ranges.some(([from, to]) => !(from >= 0 && to <= 65_535 && from <= to))) return undefined;
  return [{ protocol, ports: ranges }];
}
