import { readSpan } from "../../planner/filters/addresses.ts";
import type { Interfaces } from "../../planner/filters/interfaces.ts";
import { icmpNumbers, portNumber, protocolNumber } from "../../planner/filters/names.ts";
import { UnreadError } from "../../planner/filters/words.ts";
import { complementAddresses, complementRanges } from "../../planner/flows/ranges.ts";
import type { AddressRange, ConnectionState, Family, Match, Range } from "../../planner/flows/types.ts";

/** Something of a packet that a rule compares: what it implies, and how its values are read. */
export interface Selector {
  /** Holds wherever the selector can be read at all: `tcp dport` implies TCP. */
  readonly base: Match;
  /** Values to conditions; `negated` asks for all others.
   *  @throws UnreadError */
  readonly match: (values: readonly string[], negated: boolean, interfaces: Interfaces) => Match;
}

/** Selectors that the algebra models, by their words. */
export function selectorOf(words: string): Selector | undefined {
  return Object.hasOwn(SELECTORS, words) ? SELECTORS[words] : undefined;
}

function address(side: "src" | "dst", family: Family): Selector {
  return {
    base: { family },
    match: (values, negated) => {
      const ranges = values.map((text): AddressRange => {
        if (text === "*") return { family, lo: 0n, hi: family === 4 ? 0xffff_ffffn : (1n << 128n) - 1n };
        const range = readSpan(text);
        if (range?.family !== family) throw new UnreadError(`not an address: ${text}`);
        return range;
      });
      return { [side]: negated ? (complementAddresses(ranges, family) ?? []) : ranges };
    },
  };
}

type NumberField = "protocols" | "srcPorts" | "dstPorts" | "icmpTypes" | "icmpCodes";

function numbers(
  field: NumberField,
  base: Match,
  max: number,
  read: (text: string) => number | undefined,
): Selector {
  return {
    base,
    match: (values, negated) => {
      const ranges = values.map((text) => readRange(text, max, read));
      return { [field]: negated ? complementRanges(ranges, max) : ranges };
    },
  };
}

function readRange(text: string, max: number, read: (text: string) => number | undefined): Range {
  if (text === "*") return { lo: 0, hi: max };
  const single = read(text);
  if (single !== undefined) return { lo: single, hi: single };
  const dash = text.indexOf("-", 1);
  const lo = dash < 0 ? undefined : read(text.slice(0, dash));
  const hi = dash < 0 ? undefined : read(text.slice(dash + 1));
  if (lo === undefined || hi === undefined) throw new UnreadError(`not a value: ${text}`);
  return { lo, hi };
}

const HIGHEST_PORT = 65535;

function ports(field: "srcPorts" | "dstPorts", protocol: number | undefined): Selector {
  const base = protocol === undefined ? {} : { protocols: [{ lo: protocol, hi: protocol }] };
  return numbers(field, base, HIGHEST_PORT, (text) => portNumber(text));
}

function protocol(base: Match): Selector {
  return numbers("protocols", base, 255, protocolNumber);
}

function icmp(field: "icmpTypes" | "icmpCodes", family: Family): Selector {
  const number = family === 4 ? 1 : 58;
  const read = (text: string): number | undefined => {
    if (/^\d{1,3}$/.test(text)) return Number(text);
    const named = icmpNumbers(text, family);
    return field === "icmpTypes" ? named?.[0] : (CODES[text] ?? named?.[1]);
  };
  return numbers(field, { family, protocols: [{ lo: number, hi: number }] }, 255, read);
}

/** Names of codes that nft prints. */
const CODES: Readonly<Record<string, number>> = {
  "net-unreachable": 0,
  "host-unreachable": 1,
  "prot-unreachable": 2,
  "port-unreachable": 3,
  "frag-needed": 4,
  "net-prohibited": 9,
  "host-prohibited": 10,
  "admin-prohibited": 13,
};

const STATES: readonly ConnectionState[] = ["new", "established", "related", "invalid", "untracked"];

const state: Selector = {
  base: {},
  match: (values, negated) => {
    const named = values.map((text) => {
      const found = STATES.find((name) => name === text);
      if (found === undefined) throw new UnreadError(`unknown state: ${text}`);
      return found;
    });
    return { states: STATES.filter((name) => named.includes(name) !== negated) };
  },
};

function port(field: "ingress" | "egress"): Selector {
  return {
    base: {},
    match: (values, negated, interfaces) => {
      const ranges = values.flatMap((text) => interfaces.rangesOf(text));
      return { [field]: negated ? complementRanges(ranges, 65535) : ranges };
    },
  };
}

const FAMILIES: Readonly<Record<string, Family>> = { ipv4: 4, ip: 4, ipv6: 6, ip6: 6 };

const family: Selector = {
  base: {},
  match: (values, negated) => {
    const [text = ""] = values;
    const named = FAMILIES[text];
    if (named === undefined || values.length > 1)
      throw new UnreadError(`unknown family: ${values.join(",")}`);
    return { family: negated ? (named === 4 ? 6 : 4) : named };
  },
};

const SELECTORS: Readonly<Record<string, Selector>> = {
  "ip saddr": address("src", 4),
  "ip daddr": address("dst", 4),
  "ip6 saddr": address("src", 6),
  "ip6 daddr": address("dst", 6),
  "ip protocol": protocol({ family: 4 }),
  "ip6 nexthdr": protocol({ family: 6 }),
  "meta l4proto": protocol({}),
  l4proto: protocol({}),
  "meta nfproto": family,
  nfproto: family,
  "meta protocol": family,
  "ether type": family,
  "tcp sport": ports("srcPorts", 6),
  "tcp dport": ports("dstPorts", 6),
  "udp sport": ports("srcPorts", 17),
  "udp dport": ports("dstPorts", 17),
  "dccp sport": ports("srcPorts", 33),
  "dccp dport": ports("dstPorts", 33),
  "sctp sport": ports("srcPorts", 132),
  "sctp dport": ports("dstPorts", 132),
  "udplite sport": ports("srcPorts", 136),
  "udplite dport": ports("dstPorts", 136),
  "th sport": ports("srcPorts", undefined),
  "th dport": ports("dstPorts", undefined),
  "icmp type": icmp("icmpTypes", 4),
  "icmp code": icmp("icmpCodes", 4),
  "icmpv6 type": icmp("icmpTypes", 6),
  "icmpv6 code": icmp("icmpCodes", 6),
  "icmp6 type": icmp("icmpTypes", 6),
  "ct state": state,
  iifname: port("ingress"),
  oifname: port("egress"),
  iif: port("ingress"),
  oif: port("egress"),
  "meta iifname": port("ingress"),
  "meta oifname": port("egress"),
  "meta iif": port("ingress"),
  "meta oif": port("egress"),
};

/** Selectors that are known and not modelled, with how many words they have: their condition ends with its value. */
export function unmodelledWords(first: string, second: string): number | undefined {
  if (UNMODELLED_PAIRS[first]?.includes(second)) return 2;
  return UNMODELLED_SINGLES.has(first) ? 1 : undefined;
}

const UNMODELLED_PAIRS: Readonly<Record<string, readonly string[]>> = {
  ct: [
    "status",
    "mark",
    "direction",
    "zone",
    "helper",
    "expiration",
    "label",
    "l3proto",
    "protocol",
    "id",
    "bytes",
    "packets",
    "avgpkt",
    "event",
  ],
  meta: [
    "mark",
    "pkttype",
    "length",
    "skuid",
    "skgid",
    "cgroup",
    "priority",
    "day",
    "hour",
    "time",
    "iifgroup",
    "oifgroup",
    "iiftype",
    "oiftype",
    "cpu",
    "rtclassid",
    "ipsec",
    "secpath",
    "ibrname",
    "obrname",
    "random",
    "sdif",
    "sdifname",
    "iifkind",
    "oifkind",
  ],
  ip: ["dscp", "ttl", "length", "id", "frag-off", "version", "hdrlength", "ecn", "checksum"],
  ip6: ["dscp", "hoplimit", "length", "flowlabel", "version", "ecn"],
  tcp: ["window", "sequence", "ackseq", "doff", "checksum", "urgptr", "reserved"],
  udp: ["length", "checksum"],
  icmp: ["id", "sequence", "mtu", "gateway"],
  icmpv6: ["id", "sequence", "mtu", "parameter-problem", "max-delay"],
  ether: ["saddr", "daddr"],
  vlan: ["id", "pcp", "dei", "type"],
  ah: ["spi", "nexthdr", "sequence"],
  esp: ["spi", "sequence"],
  rt: ["classid", "ipsec"],
  osf: ["name", "version"],
  socket: ["transparent", "mark", "wildcard"],
};

const UNMODELLED_SINGLES = new Set([
  "mark",
  "pkttype",
  "skuid",
  "skgid",
  "cgroup",
  "iifgroup",
  "oifgroup",
  "iiftype",
  "oiftype",
  "ibrname",
  "obrname",
  "cpu",
  "hour",
  "day",
  "time",
  "length",
  "priority",
]);
