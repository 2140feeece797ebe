import { parseAddress } from "../../model/address.ts";
import { establishedFlags } from "../flows/tcp-flags.ts";
import type { AddressTerm, Family, Match } from "../flows/types.ts";
import { readPrefix, readWildcard } from "./addresses.ts";
import { icmpNumbers, protocolNumber } from "./names.ts";
import { readPorts } from "./ports.ts";
import { all, condition, flagsWhere, only, type Predicate } from "./predicate.ts";
import { readNumber, UnreadError, Words } from "./words.ts";

/** What an entry may refer to, and how its platform spells ports. */
export interface EntryContext {
  readonly family: Family;
  readonly ports: Readonly<Record<string, string | number>>;
  /** Addresses of a group; undefined where there is none of that name, or it cannot be read. */
  readonly network: (name: string) => readonly AddressTerm[] | undefined;
  readonly service: (name: string) => readonly Match[] | undefined;
}

/** Words that change what is logged or counted, not what matches. */
const SILENT = new Set(["log", "log-input", "logging", "count", "counting"]);

const FLAGS: Readonly<Record<string, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 };

/** Conditions with one word behind them. */
const WITH_VALUE = new Set([
  "dscp",
  "precedence",
  "tos",
  "option",
  "time-range",
  "flow-label",
  "vlan",
  "cos",
  "routing-type",
  "mobility-type",
  "dest-option-type",
]);

/** Conditions of one word. */
const ALONE = new Set([
  "fragments",
  "tracked",
  "routing",
  "mobility",
  "hbh",
  "auth",
  "dest-option",
  "undetermined-transport",
  "nvgre",
  "vxlan",
]);

/** Reads what stands behind `permit` or `deny` in a standard list: source only.
 *  @throws UnreadError */
export function readStandard(text: string, context: EntryContext): Predicate {
  const words = new Words(text.replace(/,? wildcard bits /, " "));
  const source = readEnd(words, "src", context, true);
  return all([only({ family: context.family }), source, readTail(words, undefined, context)]);
}

/** Reads what stands behind `permit` or `deny` in an extended or IPv6 list.
 *  @throws UnreadError */
export function readExtended(text: string, context: EntryContext): Predicate {
  const words = new Words(text);
  const protocol = readProtocol(words, context);
  const parts: Predicate[] = [only({ family: context.family }), protocol.predicate];
  for (const side of ["src", "dst"] as const) {
    parts.push(readEnd(words, side, context, false));
    const ports = readPorts(words, context.ports);
    if (ports !== undefined) parts.push(only({ [side === "src" ? "srcPorts" : "dstPorts"]: ports }));
  }
  parts.push(readTail(words, protocol.number, context));
  return all(parts);
}

function readProtocol(words: Words, context: EntryContext): { predicate: Predicate; number?: number } {
  const word = words.next();
  if (word === "object-group") {
    const name = words.next();
    const matches = context.service(name);
    if (matches === undefined) return { predicate: condition(`service group ${name}`) };
    return { predicate: { matches, conditions: [] } };
  }
  if (["ip", "ipv4", "ipv6"].includes(word)) return { predicate: only({}) };
  const number = word === "icmp" && context.family === 6 ? 58 : protocolNumber(word);
  if (number === undefined) throw new UnreadError(`unknown protocol: ${word || "nothing"}`);
  return { predicate: only({ protocols: [{ lo: number, hi: number }] }), number };
}

/** One end: `any`, `host A`, `A W`, `A/24`, `object-group X`, or an address alone in a standard list. */
function readEnd(words: Words, side: "src" | "dst", context: EntryContext, standard: boolean): Predicate {
  const word = words.next();
  if (word === "any" || word === "any4" || word === "any6") return only({});
  if (word === "object-group" || word === "addrgroup" || word === "net-group") {
    const name = words.next();
    const terms = context.network(name);
    return terms === undefined ? condition(`${side} in group ${name}`) : only({ [side]: terms });
  }
  const text = word === "host" ? words.next() : word;
  const next = words.peek();
  const masked = word !== "host" && context.family === 4 && parseAddress(next)?.version === 4;
  const term = masked ? readWildcard(text, words.next()) : readPrefix(text);
  const whole = masked || standard || word === "host" || text.includes("/");
  if (term?.family !== context.family || !whole)
    throw new UnreadError(`not an address: ${text || "nothing"}`);
  return only({ [side]: [term] });
}

function readTail(words: Words, protocol: number | undefined, context: EntryContext): Predicate {
  const parts: Predicate[] = [];
  const flags: string[] = [];
  while (!words.done) {
    const word = words.next();
    if (SILENT.has(word)) continue;
    if (word === "sequence") readNumber(words.next(), 2 ** 31 - 1);
    else if (word === "established") flags.push(word);
    else if (word === "match-all" || word === "match-any")
      parts.push(readFlagList(words, word === "match-all"));
    else if (Object.hasOwn(FLAGS, word) && protocol === 6) flags.push(word);
    else if (word === "ttl" || word === "hop-limit") parts.push(readTtl(words));
    else if (WITH_VALUE.has(word)) parts.push(condition(`${word} ${words.next()}`));
    else if (ALONE.has(word)) parts.push(condition(word));
    else if (word === "reflect") parts.push(readReflect(words));
    else if (protocol === (context.family === 4 ? 1 : 58)) parts.push(readIcmp(word, words, context.family));
    else if (protocol === 2) parts.push(condition(`igmp ${word}`));
    else throw new UnreadError(`unknown word: ${word}`);
  }
  const [flag] = flags;
  if (flag !== undefined && flags.length === 1) parts.push(flagSet(flag));
  // The manuals leave open whether several bare flags are "all" or "any".
  if (flags.length > 1)
    parts.push(only({ protocols: [{ lo: 6, hi: 6 }] }), condition(`tcp flags ${flags.sort().join(" ")}`));
  return all(parts);
}

function flagSet(name: string): Predicate {
  if (name === "established") return only({ tcpFlags: establishedFlags });
  const bit = FLAGS[name] ?? 0;
  return only({ tcpFlags: [{ mask: bit, value: bit }] });
}

function readFlagList(words: Words, everyOne: boolean): Predicate {
  const wanted: { bit: number; set: boolean }[] = [];
  for (let at = /^([+-])(\w+)$/.exec(words.peek()); at !== null; at = /^([+-])(\w+)$/.exec(words.peek())) {
    const bit = FLAGS[at[2] ?? ""];
    if (bit === undefined) throw new UnreadError(`unknown flag: ${words.peek()}`);
    wanted.push({ bit, set: at[1] === "+" });
    words.next();
  }
  if (wanted.length === 0) throw new UnreadError("match-all and match-any want flags");
  const holds = ({ bit, set }: { bit: number; set: boolean }, bits: number) => ((bits & bit) !== 0) === set;
  return only({
    tcpFlags: flagsWhere((bits) =>
      everyOne ? wanted.every((flag) => holds(flag, bits)) : wanted.some((flag) => holds(flag, bits)),
    ),
  });
}

function readTtl(words: Words): Predicate {
  const operator = words.next();
  const value = words.next();
  return condition(`ttl ${operator} ${value}${operator === "range" ? ` ${words.next()}` : ""}`);
}

/** A reflexive entry matches as it stands; what it lets back is the business of `evaluate`. */
function readReflect(words: Words): Predicate {
  words.next();
  if (words.take("timeout")) words.next();
  return only({});
}

function readIcmp(word: string, words: Words, family: Family): Predicate {
  const named = icmpNumbers(word, family);
  if (named !== undefined) return icmp(named[0], named[1]);
  const type = readNumber(word, 255);
  return icmp(type, /^\d+$/.test(words.peek()) ? readNumber(words.next(), 255) : undefined);
}

function icmp(type: number, code: number | undefined): Predicate {
  const icmpTypes = [{ lo: type, hi: type }];
  return only(code === undefined ? { icmpTypes } : { icmpTypes, icmpCodes: [{ lo: code, hi: code }] });
}
