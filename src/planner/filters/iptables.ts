import { complementAddresses, complementRanges } from "../flows/ranges.ts";
import type { AddressRange, ConnectionState, Family, Match, Range } from "../flows/types.ts";
import { rangeBetween, readMasked, readPrefix } from "./addresses.ts";
import { type Chain, ChainError, ChainWriter, type ParsedRule, type Verdict } from "./chains.ts";
import { Interfaces } from "./interfaces.ts";
import { ListBuilder } from "./list-builder.ts";
import { icmpNumbers, portNumber, protocolNumber } from "./names.ts";
import { ANYTHING, all, condition, flagsWhere, only, type Predicate } from "./predicate.ts";
import type { ExtractedFilter, RuleLine } from "./types.ts";
import { UnreadError, Words } from "./words.ts";

interface Table {
  readonly chains: Map<string, { name: string; rules: { at: RuleLine; rule: ParsedRule }[] }>;
  readonly policies: Map<string, { action: "permit" | "deny"; at: RuleLine }>;
  readonly notes: { at: RuleLine; code: "FLT-UNREAD" | "FLT-REFUSED"; message: string }[];
}

/** Reads the filter table of `iptables-save` or `ip6tables-save`, its jumps written out. */
export function iptablesFilters(text: string, interfaces?: readonly string[]): ExtractedFilter[] {
  const family: Family = /ip6tables-save|ipv6-icmp|icmp6-|icmpv6|(?:^|\s)-[sd] \S*:\S*\//m.test(text) ? 6 : 4;
  const collected = new Interfaces();
  readTable(text, family, collected);
  const names = [...new Set([...(interfaces ?? []), ...collected.seen])]
    .filter((name) => name !== "*")
    .sort();
  const table = readTable(text, family, new Interfaces(names));
  return [...table.chains.values()].map((chain) => filterOf(table, chain, family, names));
}

function readTable(text: string, family: Family, interfaces: Interfaces): Table {
  const table: Table = { chains: new Map(), policies: new Map(), notes: [] };
  let inFilter = !/^\*\w+/m.test(text);
  const declared = new Set([...text.matchAll(/^:(\S+)/gm)].map((match) => match[1] ?? ""));
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const at = { line: index + 1, text: line };
    if (line.startsWith("*")) inFilter = line === "*filter";
    if (!inFilter) continue;
    const chain = /^:(\S+) (ACCEPT|DROP|-)/.exec(line) ?? /^-P (\S+) (ACCEPT|DROP)/.exec(line);
    if (chain) {
      chainNamed(table, chain[1] ?? "");
      if (chain[2] !== "-")
        table.policies.set(chain[1] ?? "", { action: chain[2] === "DROP" ? "deny" : "permit", at });
      continue;
    }
    const rule = /^(?:\[\d+:\d+\] )?-A (\S+)(?: (.*))?$/.exec(line);
    if (rule)
      chainNamed(table, rule[1] ?? "").rules.push({
        at,
        rule: readOr(rule[2] ?? "", { family, interfaces, declared }, table, at),
      });
  }
  return table;
}

function chainNamed(table: Table, name: string) {
  const known = table.chains.get(name);
  if (known !== undefined) return known;
  const chain = { name, rules: [] };
  table.chains.set(name, chain);
  return chain;
}

interface Context {
  readonly family: Family;
  readonly interfaces: Interfaces;
  readonly declared: ReadonlySet<string>;
}

/** A rule that cannot be read may match any packet and do either. */
function readOr(text: string, context: Context, table: Table, at: RuleLine): ParsedRule {
  try {
    if (/(?:^|\s)-f\b|--fragment\b/.test(text))
      table.notes.push({ at, code: "FLT-REFUSED", message: "fragments are not modelled" });
    return readRule(text, context);
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    table.notes.push({ at, code: "FLT-UNREAD", message: `cannot read: ${error.message}` });
    return {
      steps: [
        {
          predicate: { matches: [{ family: context.family }], conditions: [text] },
          verdict: { kind: "queue" },
        },
      ],
      warnings: [],
    };
  }
}

/** Targets after which the next rule is asked. */
const GOES_ON = new Set([
  "LOG",
  "NFLOG",
  "ULOG",
  "MARK",
  "CONNMARK",
  "TRACE",
  "TCPMSS",
  "DSCP",
  "TOS",
  "SET",
  "CLASSIFY",
  "AUDIT",
  "CHECKSUM",
  "TTL",
  "HL",
  "SECMARK",
  "CONNSECMARK",
  "LED",
  "CT",
  "NOTRACK",
]);
const STATES: readonly ConnectionState[] = ["new", "established", "related", "invalid", "untracked"];
const FLAGS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};

function readRule(text: string, context: Context): ParsedRule {
  const words = new Words(
    (text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1")),
  );
  const parts: Predicate[] = [only({ family: context.family })];
  let verdict: Verdict = { kind: "next" };
  let module = "";
  while (!words.done) {
    const negated = words.take("!");
    const word = words.next();
    if (word === "-m" || word === "--match") module = words.next();
    else if (word === "-j" || word === "--jump") {
      verdict = target(words.next(), context, "jump");
      words.rest();
    } else if (word === "-g" || word === "--goto") {
      verdict = target(words.next(), context, "goto");
      words.rest();
    } else if (word === "--comment") words.next();
    else if (word === "-c") {
      words.next();
      words.next();
    } else parts.push(readMatch(word, negated, words, module, context, text));
  }
  return { steps: [{ predicate: all(parts), verdict }], warnings: [] };
}

function target(name: string, context: Context, way: "jump" | "goto"): Verdict {
  if (name === "ACCEPT") return { kind: "accept" };
  if (name === "DROP" || name === "REJECT" || name === "TARPIT") return { kind: "drop" };
  if (name === "RETURN") return { kind: "return" };
  if (name === "QUEUE" || name === "NFQUEUE") return { kind: "queue" };
  if (GOES_ON.has(name)) return { kind: "next" };
  if (!context.declared.has(name)) throw new UnreadError(`unknown target: ${name}`);
  return { kind: way, chain: name };
}

function readMatch(
  word: string,
  negated: boolean,
  words: Words,
  module: string,
  context: Context,
  text: string,
): Predicate {
  const { family } = context;
  switch (word) {
    case "-s":
    case "--source":
    case "-d":
    case "--destination":
      return addresses(word === "-s" || word === "--source" ? "src" : "dst", words.next(), negated, family);
    case "-i":
    case "--in-interface":
    case "-o":
    case "--out-interface": {
      const ranges = words.next().replace(/\+$/, "*");
      const numbers = context.interfaces.rangesOf(ranges);
      const meant = negated ? complementRanges(numbers, 65535) : numbers;
      return only(
        word.startsWith("-i") || word === "--in-interface" ? { ingress: meant } : { egress: meant },
      );
    }
    case "-p":
    case "--protocol":
      return protocol(words.next(), negated, family);
    case "--sport":
    case "--source-port":
    case "--sports":
    case "--source-ports":
      return only({ srcPorts: ports(words.next(), negated) });
    case "--dport":
    case "--destination-port":
    case "--dports":
    case "--destination-ports":
      return only({ dstPorts: ports(words.next(), negated) });
    case "--ports": {
      const own = ports(words.next(), negated);
      return negated
        ? only({ srcPorts: own, dstPorts: own })
        : { matches: [{ srcPorts: own }, { dstPorts: own }], conditions: [] };
    }
    case "--ctstate":
    case "--state":
      return states(words.next(), negated);
    case "--syn":
      return flagsMeant(23, 2, negated);
    case "--tcp-flags": {
      const [mask, value] = [flagBits(words.next()), flagBits(words.next())];
      return flagsMeant(mask, value, negated);
    }
    case "--icmp-type":
    case "--icmpv6-type":
      return icmp(words.next(), negated, family);
    case "--src-range":
    case "--dst-range": {
      const [from = "", to = ""] = words.next().split("-");
      const range = rangeBetween(from, to);
      if (range === undefined) throw new UnreadError("not a range of addresses");
      return between(word === "--src-range" ? "src" : "dst", [range], negated, family);
    }
    default:
      return unmodelled(word, negated, words, module, text);
  }
}

/** An option that is not modelled, with its values; rates count for each rule on its own. */
function unmodelled(word: string, negated: boolean, words: Words, module: string, text: string): Predicate {
  if (!word.startsWith("-")) throw new UnreadError(`unknown word: ${word}`);
  const values: string[] = [];
  while (!words.done && !/^(?:-|!$)/.test(words.peek())) values.push(words.next());
  const own = /^(?:limit|hashlimit|recent|statistic|quota|connlimit|length)$/.test(module)
    ? ` of "${text}"`
    : "";
  return condition(`${module} ${negated ? "! " : ""}${[word, ...values].join(" ")}${own}`.trim());
}

function addresses(side: "src" | "dst", text: string, negated: boolean, family: Family): Predicate {
  const ranges = text.split(",").map((part): AddressRange | ReturnType<typeof readMasked> => {
    const [address = "", mask = ""] = part.split("/");
    return mask.includes(".") ? readMasked(address, mask) : readPrefix(part);
  });
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < ranges.length) throw new UnreadError(`not an address: ${text}`);
  if (!negated) return only({ [side]: known });
  const others = complementAddresses(known, family);
  return others === undefined ? condition(`${side} not ${text}`) : only({ [side]: others });
}

function between(
  side: "src" | "dst",
  ranges: readonly AddressRange[],
  negated: boolean,
  family: Family,
): Predicate {
  return only({ [side]: negated ? (complementAddresses(ranges, family) ?? []) : ranges });
}

function protocol(text: string, negated: boolean, family: Family): Predicate {
  if (text === "all" || text === "0") return only({});
  const number = text === "icmp" && family === 6 ? 58 : protocolNumber(text);
  if (number === undefined) throw new UnreadError(`unknown protocol: ${text}`);
  const own = [{ lo: number, hi: number }];
  return only({ protocols: negated ? complementRanges(own, 255) : own });
}

function ports(text: string, negated: boolean): readonly Range[] {
  const ranges = text.split(",").map((part) => {
    const [low = "", high] = part.split(":");
    const lo = low === "" ? 0 : portNumber(low);
    const hi = high === undefined ? lo : high === "" ? 65535 : portNumber(high);
    if (lo === undefined || hi === undefined) throw new UnreadError(`not a port: ${part}`);
    return { lo, hi };
  });
  return negated ? complementRanges(ranges, 65535) : ranges;
}

function states(text: string, negated: boolean): Predicate {
  const named = text.toLowerCase().split(",");
  const strange = named.filter((name) => !STATES.some((state) => state === name));
  if (strange.length > 0) return condition(`ctstate ${negated ? "! " : ""}${text}`);
  return only({ states: STATES.filter((state) => named.includes(state) !== negated) });
}

function flagsMeant(mask: number, value: number, negated: boolean): Predicate {
  if (!negated) return only({ tcpFlags: [{ mask, value }] });
  return only({ tcpFlags: flagsWhere((bits) => (bits & mask) !== value) });
}

function flagBits(text: string): number {
  let bits = 0;
  for (const name of text.split(",")) {
    const bit = FLAGS[name];
    if (bit === undefined) throw new UnreadError(`unknown flag: ${name}`);
    bits |= bit;
  }
  return bits;
}

function icmp(text: string, negated: boolean, family: Family): Predicate {
  if (text === "any" || text === "255") return only({});
  const [typeText = "", codeText] = text.split("/");
  const named = icmpNumbers(text, family);
  const type = named?.[0] ?? (/^\d+$/.test(typeText) ? Number(typeText) : undefined);
  if (type === undefined) throw new UnreadError(`unknown ICMP type: ${text}`);
  const code = named?.[1] ?? (codeText === undefined ? undefined : Number(codeText));
  const types = [{ lo: type, hi: type }];
  const match: Match =
    code === undefined ? { icmpTypes: types } : { icmpTypes: types, icmpCodes: [{ lo: code, hi: code }] };
  if (!negated) return only(match);
  const others: Match = { icmpTypes: complementRanges(types, 255) };
  if (code === undefined) return only(others);
  return {
    matches: [others, { icmpTypes: types, icmpCodes: complementRanges([{ lo: code, hi: code }], 255) }],
    conditions: [],
  };
}

function filterOf(
  table: Table,
  chain: Chain,
  family: Family,
  interfaces: readonly string[],
): ExtractedFilter {
  const policy = table.policies.get(chain.name);
  const callers = [...table.policies].filter(([name]) => reaches(table, name, chain.name, new Set()));
  const permits =
    policy?.action === "permit" ||
    (policy === undefined && callers.length > 0 && callers.every(([, each]) => each.action === "permit"));
  const defaultAction = permits ? "permit" : "deny";
  const builder = new ListBuilder();
  for (const { at } of chain.rules)
    for (const note of table.notes) if (note.at.line === at.line) builder.note(note.code, at, note.message);
  const common = {
    name: chain.name,
    aliases: [`filter ${chain.name}`],
    family,
    interfaces,
    bindings: [],
    ...(policy === undefined
      ? {}
      : { defaultLine: policy.at, hook: { name: chain.name.toLowerCase(), priority: 0 } }),
  };
  try {
    new ChainWriter(table.chains, builder, defaultAction, policy?.at).write(chain, ANYTHING);
    return builder.build({ ...common, defaultAction });
  } catch (error) {
    if (!(error instanceof ChainError || error instanceof RangeError)) throw error;
    const unknown = new ListBuilder();
    const at = policy?.at ?? chain.rules[0]?.at ?? { line: 1, text: "" };
    unknown.note("FLT-REFUSED", at, `chain ${chain.name}: ${error.message}`);
    unknown.add("permit", condition(`chain ${chain.name}`), at);
    return unknown.build({ ...common, defaultAction: "deny" });
  }
}

function reaches(table: Table, from: string, to: string, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const targets = (table.chains.get(from)?.rules ?? []).flatMap(({ rule }) =>
    rule.steps.flatMap(({ verdict }) => ("chain" in verdict ? [verdict.chain] : [])),
  );
  return targets.some((name) => name === to || reaches(table, name, to, seen));
}
