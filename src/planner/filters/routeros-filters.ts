import { complementAddresses, complementRanges } from "../flows/ranges.ts";
import type { AddressRange, AddressTerm, ConnectionState, Family, Match, Range } from "../flows/types.ts";
import { readSpan } from "./addresses.ts";
import { type Chain, ChainError, ChainWriter, type ParsedRule, type Verdict } from "./chains.ts";
import { ListBuilder } from "./list-builder.ts";
import { icmpNumbers, portNumber, protocolNumber } from "./names.ts";
import { all, condition, flagsWhere, only, type Predicate } from "./predicate.ts";
import { type RouterosEntry, routerosEntries } from "./routeros-text.ts";
import type { ExtractedFilter } from "./types.ts";
import { UnreadError } from "./words.ts";

/** Reads `/ip firewall filter` and `/ipv6 firewall filter` of an export: one filter for each of the chains input, forward
 *  and output, its jumps written out. What no rule names passes. IPv6 chains are named `ipv6 CHAIN`. */
export function routerosFilters(text: string): ExtractedFilter[] {
  const entries = routerosEntries(text);
  return [...filtersOf(entries, "/ip", 4), ...filtersOf(entries, "/ipv6", 6)];
}

const BASE = ["input", "forward", "output"];
const STATES: readonly ConnectionState[] = ["new", "established", "related", "invalid", "untracked"];
const FLAGS: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ece: 64,
  cwr: 128,
};

/** Actions that decide, and those after which the next rule is asked. */
const VERDICTS: Readonly<Record<string, Verdict["kind"]>> = {
  accept: "accept",
  "fasttrack-connection": "accept",
  drop: "drop",
  reject: "drop",
  tarpit: "drop",
  return: "return",
  passthrough: "next",
  log: "next",
  "add-src-to-address-list": "next",
  "add-dst-to-address-list": "next",
};

/** Properties that say what is done, shown or counted, not what matches. */
const SILENT =
  /^(?:action|chain|comment|log|log-prefix|disabled|jump-target|reject-with|address-list|address-list-timeout|bytes|packets|hw-offload)$/;

interface Context {
  readonly family: Family;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Address lists that rules add to. */
  readonly filled: ReadonlySet<string>;
  /** Members of an interface list: two lists of one name and other members are two conditions. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

function filtersOf(entries: readonly RouterosEntry[], head: string, family: Family): ExtractedFilter[] {
  const context: Context = {
    family,
    filled: new Set(entries.flatMap(({ properties }) => properties.get("address-list") ?? [])),
    lists: grouped(entries, `${head} firewall address-list`, "list", "address"),
    members: grouped(entries, "/interface list member", "list", "interface"),
  };
  const rules = entries.filter(
    ({ menu, properties }) => menu === `${head} firewall filter` && properties.get("disabled") !== "yes",
  );
  const chains = new Map<string, { name: string; rules: { at: RouterosEntry["at"]; rule: ParsedRule }[] }>();
  const unread: { readonly at: RouterosEntry["at"]; readonly message: string }[] = [];
  for (const name of [...BASE, ...rules.map((rule) => rule.properties.get("chain") ?? "")])
    if (!chains.has(name)) chains.set(name, { name, rules: [] });
  for (const { at, properties } of rules) {
    // A jump to a chain without rules is invalid, and the next rule is asked (MikroTik, HotSpot customisation: pre-hs-input).
    if (properties.get("action") === "jump" && !chains.has(properties.get("jump-target") ?? "")) continue;
    chains
      .get(properties.get("chain") ?? "")
      ?.rules.push({ at, rule: readOr(properties, context, unread, at) });
  }
  if (rules.length === 0) return [];
  return BASE.map((name) => {
    const builder = new ListBuilder();
    const chain: Chain = chains.get(name) ?? { name, rules: [] };
    const own = family === 4 ? name : `ipv6 ${name}`;
    for (const { at, message } of unread) builder.note("FLT-UNREAD", at, message);
    try {
      new ChainWriter(chains, builder, "permit", undefined).write(chain, only({ family }));
    } catch (error) {
      if (!(error instanceof ChainError || error instanceof RangeError)) throw error;
      const unknown = new ListBuilder();
      const at = chain.rules[0]?.at ?? { line: 1, text: name };
      unknown.note("FLT-REFUSED", at, error.message);
      // Two chains that cannot be written out are the same only where all their rules are.
      const words = rules.map((rule) => rule.at.text).join("; ");
      unknown.add("permit", condition(`chain ${name}: ${error.message}: ${words}`), at);
      return unknown.build({ name: own, family, defaultAction: "deny" });
    }
    return builder.build({ name: own, family, defaultAction: "permit" });
  });
}

function grouped(
  entries: readonly RouterosEntry[],
  menu: string,
  by: string,
  value: string,
): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>();
  for (const { menu: own, properties } of entries) {
    if (own !== menu || properties.get("disabled") === "yes") continue;
    const name = properties.get(by) ?? "";
    result.set(name, [...(result.get(name) ?? []), properties.get(value) ?? ""]);
  }
  return result;
}

/** A rule that cannot be read may match any packet and do what it says. */
function readOr(
  properties: ReadonlyMap<string, string>,
  context: Context,
  unread: { readonly at: RouterosEntry["at"]; readonly message: string }[],
  at: RouterosEntry["at"],
): ParsedRule {
  const verdict = verdictOf(properties);
  try {
    return { steps: [{ predicate: readMatch(properties, context), verdict }], warnings: [] };
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    unread.push({ at, message: `cannot read: ${error.message}` });
    return { steps: [{ predicate: condition(at.text), verdict }], warnings: [] };
  }
}

function verdictOf(properties: ReadonlyMap<string, string>): Verdict {
  const action = properties.get("action") ?? "accept";
  if (action === "jump") return { kind: "jump", chain: properties.get("jump-target") ?? "" };
  const kind = Object.hasOwn(VERDICTS, action) ? VERDICTS[action] : undefined;
  // An action that nobody knows may accept or drop.
  return { kind: kind === undefined || kind === "jump" || kind === "goto" ? "queue" : kind };
}

function readMatch(properties: ReadonlyMap<string, string>, context: Context): Predicate {
  const parts: Predicate[] = [only({ family: context.family })];
  for (const [name, text] of properties) {
    if (SILENT.test(name)) continue;
    const negated = text.startsWith("!");
    const value = negated ? text.slice(1) : text;
    parts.push(readProperty(name, value, negated, context) ?? unmodelled(name, text, properties, context));
  }
  return all(parts);
}

function readProperty(
  name: string,
  value: string,
  negated: boolean,
  { family, lists, filled }: Context,
): Predicate | undefined {
  switch (name) {
    case "src-address":
      return side("src", [readAddress(value)], negated, family);
    case "dst-address":
      return side("dst", [readAddress(value)], negated, family);
    case "src-address-list":
    case "dst-address-list": {
      const terms = (lists.get(value) ?? []).map(readSpan);
      const known = terms.filter((term) => term !== undefined);
      // A name of a host, or a list that rules fill: nobody knows what stands in it.
      if (known.length < terms.length || filled.has(value)) return undefined;
      return side(name.startsWith("src") ? "src" : "dst", known, negated, family);
    }
    case "protocol": {
      const number = value === "icmp" && family === 6 ? 58 : protocolNumber(value);
      if (number === undefined) throw new UnreadError(`unknown protocol: ${value}`);
      const own = [{ lo: number, hi: number }];
      return only({ protocols: negated ? complementRanges(own, 255) : own });
    }
    case "src-port":
      return only({ srcPorts: readPortList(value, negated) });
    case "dst-port":
      return only({ dstPorts: readPortList(value, negated) });
    case "port": {
      const own = readPortList(value, negated);
      if (negated) return only({ srcPorts: own, dstPorts: own });
      return { matches: [{ srcPorts: own }, { dstPorts: own }], conditions: [] };
    }
    case "connection-state":
      return readStates(value, negated);
    case "icmp-options":
      return negated ? undefined : readIcmp(value, family);
    case "tcp-flags":
      return negated ? undefined : readFlags(value);
    default:
      return undefined;
  }
}

/** A property that is not modelled: a condition of its own words. What counts packets counts for its rule alone. */
function unmodelled(
  name: string,
  text: string,
  properties: ReadonlyMap<string, string>,
  { members, lists }: Context,
): Predicate {
  const list = text.replace(/^!/, "");
  const held = name.endsWith("interface-list") ? members.get(list) : lists.get(list);
  const inside = name.endsWith("-list") ? ` (${[...(held ?? [])].sort().join(",")})` : "";
  const own = /^(?:limit|dst-limit|connection-limit|connection-rate|nth|random|psd|time)$/.test(name)
    ? ` of ${[...properties].map((pair) => pair.join("=")).join(" ")}`
    : "";
  return condition(`${name}=${text}${inside}${own}`);
}

function readAddress(text: string): AddressRange {
  const range = readSpan(text);
  if (range === undefined) throw new UnreadError(`not an address: ${text}`);
  return range;
}

function side(
  name: "src" | "dst",
  terms: readonly AddressTerm[],
  negated: boolean,
  family: Family,
): Predicate {
  if (!negated) return only({ [name]: terms });
  return only({ [name]: complementAddresses(terms, family) ?? [] });
}

function readPortList(text: string, negated: boolean): readonly Range[] {
  const ranges = text.split(",").map((part) => {
    const [low = "", high = low] = part.split("-");
    const [lo, hi] = [portNumber(low), portNumber(high)];
    if (lo === undefined || hi === undefined) throw new UnreadError(`not a port: ${part}`);
    return { lo, hi };
  });
  return negated ? complementRanges(ranges, 65535) : ranges;
}

function readStates(text: string, negated: boolean): Predicate {
  const named = text.split(",");
  const strange = named.find((name) => !STATES.some((state) => state === name));
  if (strange !== undefined) throw new UnreadError(`unknown state: ${strange}`);
  return only({ states: STATES.filter((state) => named.includes(state) !== negated) });
}

/** `8:0`, `8:0-255`, `8`. */
function readIcmp(text: string, family: Family): Predicate {
  const [kind = "", codes] = text.split(":");
  const type = icmpNumbers(kind, family)?.[0] ?? number(kind);
  const icmpTypes = [{ lo: type, hi: type }];
  if (codes === undefined) return only({ icmpTypes });
  const [low = "", high = low] = codes.split("-");
  const match: Match = { icmpTypes, icmpCodes: [{ lo: number(low), hi: number(high) }] };
  return only(match);
}

/** `syn,!ack`: each flag is set, or not set with `!`. */
function readFlags(text: string): Predicate {
  const wanted = text.split(",").map((word) => {
    const bit = FLAGS[word.replace(/^!/, "")];
    if (bit === undefined) throw new UnreadError(`unknown flag: ${word}`);
    return { bit, set: !word.startsWith("!") };
  });
  return only({
    tcpFlags: flagsWhere((bits) => wanted.every(({ bit, set }) => ((bits & bit) !== 0) === set)),
  });
}

function number(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new UnreadError(`no number up to 255: ${text}`);
  return Number(text);
}
