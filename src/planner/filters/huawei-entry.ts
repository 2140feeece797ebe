import { parseAddress } from "../../model/address.ts";
import { prefixRange } from "../flows/ranges.ts";
import { establishedFlags } from "../flows/tcp-flags.ts";
import type { AddressTerm, Family, Match } from "../flows/types.ts";
import { readPrefix, readWildcard } from "./addresses.ts";
import { icmpNumbers, protocolNumber } from "./names.ts";
import { readPorts } from "./ports.ts";
import { all, condition, only, type Predicate } from "./predicate.ts";
import { readNumber, UnreadError, Words } from "./words.ts";

/** What a rule of Huawei's or H3C's spelling may refer to. */
export interface RuleContext {
  readonly family: Family;
  readonly basic: boolean;
  readonly ports: Readonly<Record<string, string | number>>;
  readonly network: (name: string) => readonly AddressTerm[] | undefined;
  readonly portGroup: (name: string) => Match["dstPorts"] | undefined;
}

/** Words that change what is logged or counted. */
const SILENT = new Set(["logging", "counting", "log", "flow-logging"]);
const FLAGS: Readonly<Record<string, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 };

/** Conditions with one word behind them. */
const WITH_VALUE = new Set([
  "time-range",
  "vpn-instance",
  "dscp",
  "precedence",
  "tos",
  "flow-label",
  "ecn",
  "vlan-id",
  "vlan",
  "packet-length",
  "ttl",
  "qos-local-id",
  "igmp-type",
  "user-group",
  "routing",
  "hop-by-hop",
  "interface",
]);
const ALONE = new Set([
  "fragment",
  "none-first-fragment",
  "first-fragment",
  "non-fragment",
  "fragment-subseq",
  "non-subseq",
  "fragment-spe-first",
  "ttl-expired",
  "reflective",
  "public",
  "microsegment",
]);

/** Reads what stands behind `permit` or `deny`. @throws UnreadError */
export function readRule(text: string, context: RuleContext): Predicate {
  const words = new Words(text);
  const parts: Predicate[] = [only({ family: context.family })];
  const flags: { name: string; set: boolean }[] = [];
  const protocol = context.basic ? undefined : readProtocol(words, context.family, parts);
  while (!words.done) {
    const word = words.next();
    if (SILENT.has(word)) continue;
    if (word === "source" || word === "destination")
      parts.push(readEnd(words, word === "source" ? "src" : "dst", context));
    else if (word === "source-port" || word === "destination-port")
      parts.push(readPortSide(words, word, context));
    else if (word === "established") parts.push(only({ tcpFlags: establishedFlags }));
    else if (word === "tcp-flag") readTcpFlags(words, parts, flags);
    else if (Object.hasOwn(FLAGS, word) && protocol === 6)
      flags.push({ name: word, set: words.next() === "1" });
    else if (word === "icmp-type" || word === "icmp6-type") parts.push(readIcmp(words, context.family));
    else if (WITH_VALUE.has(word)) parts.push(condition(`${word} ${words.next()}`));
    else if (ALONE.has(word)) parts.push(condition(word));
    else throw new UnreadError(`unknown word: ${word}`);
    if (words.peek().startsWith("(")) words.rest();
  }
  return all([...parts, flagPredicate(flags)]);
}

function readProtocol(words: Words, family: Family, parts: Predicate[]): number | undefined {
  const word = words.peek();
  if (word === "" || word === "source" || word === "destination" || SILENT.has(word)) return undefined;
  words.next();
  if (["ip", "ipv4", "ipv6"].includes(word)) return undefined;
  const number = word === "icmp" && family === 6 ? 58 : protocolNumber(word);
  if (number === undefined) throw new UnreadError(`unknown protocol: ${word}`);
  parts.push(only({ protocols: [{ lo: number, hi: number }] }));
  return number;
}

/** `any`, `A W` (W may be `0`), `A/64`, `A 64`, `object-group X`. */
function readEnd(words: Words, side: "src" | "dst", context: RuleContext): Predicate {
  const word = words.next();
  if (word === "any") return only({});
  if (word === "object-group" || word === "ip-group" || word === "address-set") {
    const name = words.next();
    const terms = context.network(name);
    return terms === undefined ? condition(`${side} in group ${name}`) : only({ [side]: terms });
  }
  if (/^[a-z][\w-]*$/i.test(word) && parseAddress(word) === undefined)
    return condition(`${side} ${word} ${words.next()}`);
  const term = readTerm(word, words, context.family);
  if (term?.family !== context.family) throw new UnreadError(`not an address: ${word || "nothing"}`);
  return only({ [side]: [term] });
}

function readTerm(word: string, words: Words, family: Family): AddressTerm | undefined {
  if (word.includes("/")) return readPrefix(word);
  const next = words.peek();
  if (family === 4) {
    const wildcard = next === "0" || parseAddress(next)?.version === 4;
    return wildcard ? readWildcard(word, words.next()) : undefined;
  }
  const address = parseAddress(word);
  if (address?.version !== 6) return undefined;
  if (!/^\d{1,3}$/.test(next)) return readPrefix(word);
  return prefixRange(6, address.value, readNumber(words.next(), 128));
}

function readPortSide(words: Words, word: string, context: RuleContext): Predicate {
  const side = word === "source-port" ? "srcPorts" : "dstPorts";
  if (words.take("object-group") || words.take("port-group") || words.take("pool")) {
    const name = words.next();
    const ports = context.portGroup(name);
    return ports === undefined ? condition(`${side} in group ${name}`) : only({ [side]: ports });
  }
  const ports = readPorts(words, context.ports);
  if (ports === undefined) throw new UnreadError(`no operator: ${words.peek() || "nothing"}`);
  return only({ [side]: ports });
}

/** `tcp-flag established`, `tcp-flag syn ack`, `tcp-flag 2`, `tcp-flag 2 mask 18`. */
function readTcpFlags(words: Words, parts: Predicate[], flags: { name: string; set: boolean }[]): void {
  if (words.take("established")) {
    parts.push(only({ tcpFlags: establishedFlags }));
    return;
  }
  if (/^\d+$/.test(words.peek())) {
    const value = readNumber(words.next(), 63);
    const mask = words.take("mask") ? readNumber(words.next(), 63) : 63;
    parts.push(only({ tcpFlags: [{ mask, value: value & mask }] }));
    return;
  }
  const before = flags.length;
  while (Object.hasOwn(FLAGS, words.peek())) flags.push({ name: words.next(), set: true });
  if (flags.length === before) throw new UnreadError(`unknown flag: ${words.peek() || "nothing"}`);
}

/** The manuals of the two vendors differ on what several flags mean together. */
function flagPredicate(flags: readonly { name: string; set: boolean }[]): Predicate {
  const [first] = flags;
  if (first === undefined) return only({});
  const bit = FLAGS[first.name] ?? 0;
  if (flags.length === 1) return only({ tcpFlags: [{ mask: bit, value: first.set ? bit : 0 }] });
  return all([
    only({ protocols: [{ lo: 6, hi: 6 }] }),
    condition(
      `tcp flags ${flags
        .map(({ name, set }) => `${name} ${set ? 1 : 0}`)
        .sort()
        .join(" ")}`,
    ),
  ]);
}

function readIcmp(words: Words, family: Family): Predicate {
  const word = words.next();
  const named = icmpNumbers(word.toLowerCase().replace("fragmentneed-dfset", "fragneed-dfset"), family);
  const type = named?.[0] ?? readNumber(word, 255);
  const numbered = named === undefined && /^\d+$/.test(words.peek());
  const code =
    named === undefined
      ? numbered
        ? readNumber(words.next(), 255)
        : undefined
      : (named[1] ?? HUAWEI_CODES[word]);
  const icmpTypes = [{ lo: type, hi: type }];
  return only(code === undefined ? { icmpTypes } : { icmpTypes, icmpCodes: [{ lo: code, hi: code }] });
}

/** Huawei's and H3C's names always mean a code too. */
const HUAWEI_CODES: Readonly<Record<string, number>> = {
  echo: 0,
  "echo-reply": 0,
  "information-reply": 0,
  "information-request": 0,
  "parameter-problem": 0,
  "source-quench": 0,
  "timestamp-reply": 0,
  "timestamp-request": 0,
  "ttl-exceeded": 0,
  "echo-request": 0,
};
