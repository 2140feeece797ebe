import { complementRanges } from "../flows/ranges.ts";
import { establishedFlags } from "../flows/tcp-flags.ts";
import type { AddressRange, Family, Range } from "../flows/types.ts";
import { subtractAddresses } from "./address-sets.ts";
import { every, readPrefix } from "./addresses.ts";
import { type JunosNode, nodeAt, wordsBelow } from "./junos-tree.ts";
import { icmpNumbers, portNumber, protocolNumber } from "./names.ts";
import { all, condition, flagsWhere, only, type Predicate } from "./predicate.ts";
import { UnreadError } from "./words.ts";

/** Where the terms of a filter look up names, and for which family. */
export interface TermContext {
  readonly family: Family;
  readonly root: JunosNode;
}

/** Reads the `from` of a term: conditions of one kind are alternatives, different kinds must all hold.
 *  @throws UnreadError */
export function readFrom(from: JunosNode | undefined, context: TermContext): Predicate {
  const parts: Predicate[] = [only({ family: context.family })];
  if (from === undefined) return all(parts);
  for (const side of ["source", "destination"] as const) {
    const ranges = sideRanges(from, side, context);
    if (ranges !== undefined) parts.push(only({ [side === "source" ? "src" : "dst"]: ranges }));
  }
  const either = sideRanges(from, "", context);
  if (either !== undefined) parts.push({ matches: [{ src: either }, { dst: either }], conditions: [] });
  for (const word of from.children.keys()) {
    if (ADDRESS_WORDS.test(word)) continue;
    parts.push(readCondition(word, nodeAt(from, word), context));
  }
  return all(parts);
}

const ADDRESS_WORDS = /^(?:source-|destination-)?(?:address|prefix-list)$/;

/** Addresses and prefix lists of one side: the longest prefix that holds an address says whether it is meant. */
function sideRanges(
  from: JunosNode,
  side: "source" | "destination" | "",
  context: TermContext,
): AddressRange[] | undefined {
  const lead = side === "" ? "" : `${side}-`;
  const addresses = nodeAt(from, `${lead}address`);
  const lists = nodeAt(from, `${lead}prefix-list`);
  if (addresses === undefined && lists === undefined) return undefined;
  const entries: { range: AddressRange; except: boolean }[] = [];
  for (const [text, node] of addresses?.children ?? []) {
    const except = node.children.has("except");
    for (const range of readAddress(text, context)) entries.push({ range, except });
  }
  for (const [name, node] of lists?.children ?? []) {
    const except = node.children.has("except");
    const list = nodeAt(context.root, "policy-options", "prefix-list", name);
    if (list === undefined) throw new UnreadError(`no prefix list ${name}`);
    if (list.children.has("apply-path")) throw new UnreadError(`prefix list ${name} is made by apply-path`);
    for (const text of list.children.keys())
      for (const range of readAddress(text, context)) entries.push({ range, except });
  }
  const size = ({ range }: { range: AddressRange }) => range.hi - range.lo;
  entries.sort((a, b) => (size(a) > size(b) ? -1 : Number(size(a) < size(b))));
  let meant: AddressRange[] = [];
  for (const { range, except } of entries) {
    meant = subtractAddresses(meant, [range], context.family);
    if (!except) meant.push(range);
  }
  return meant;
}

function readAddress(text: string, context: TermContext): readonly AddressRange[] {
  if (text === "any") return every(context.family);
  const range = readPrefix(text);
  if (range === undefined) throw new UnreadError(`not an address: ${text}`);
  return range.family === context.family ? [range] : [];
}

function readCondition(word: string, node: JunosNode | undefined, context: TermContext): Predicate {
  const values = [...(node?.children.keys() ?? [])];
  const except = word.endsWith("-except");
  const kind = except ? word.slice(0, -"-except".length) : word;
  if (["protocol", "next-header", "payload-protocol"].includes(kind))
    return only({ protocols: negate(values.map(readProtocol), except, 255) });
  if (["source-port", "destination-port", "port"].includes(kind)) return readPorts(kind, values, except);
  if (kind === "icmp-type" || kind === "icmp-code") return readIcmp(kind, values, except, context.family);
  if (kind === "tcp-established") return only({ tcpFlags: establishedFlags });
  if (kind === "tcp-initial") return only({ tcpFlags: [{ mask: 18, value: 2 }] });
  if (kind === "tcp-flags") return only({ tcpFlags: flagsWhere(readFlags(values.join(" "))) });
  return condition([word, ...values].join(" "));
}

function negate(ranges: readonly Range[], except: boolean, max: number): readonly Range[] {
  return except ? complementRanges(ranges, max) : ranges;
}

function readProtocol(text: string): Range {
  return rangeOf(text, protocolNumber);
}

function rangeOf(text: string, read: (text: string) => number | undefined): Range {
  const single = read(text);
  if (single !== undefined) return { lo: single, hi: single };
  const [low = "", high = ""] = text.split("-");
  const [lo, hi] = [read(low), read(high)];
  if (lo === undefined || hi === undefined) throw new UnreadError(`not a value: ${text}`);
  return { lo, hi };
}

function readPorts(kind: string, values: readonly string[], except: boolean): Predicate {
  const ranges = negate(
    values.map((text) => rangeOf(text, (word) => portNumber(word))),
    except,
    65535,
  );
  if (kind === "source-port") return only({ srcPorts: ranges });
  if (kind === "destination-port") return only({ dstPorts: ranges });
  if (except) return only({ srcPorts: ranges, dstPorts: ranges });
  return { matches: [{ srcPorts: ranges }, { dstPorts: ranges }], conditions: [] };
}

function readIcmp(
  kind: "icmp-type" | "icmp-code",
  values: readonly string[],
  except: boolean,
  family: Family,
): Predicate {
  const index = kind === "icmp-type" ? 0 : 1;
  const ranges = values.map((text) =>
    rangeOf(text, (word) => (/^\d{1,3}$/.test(word) ? Number(word) : icmpNumbers(word, family)?.[index])),
  );
  const meant = negate(ranges, except, 255);
  return only(kind === "icmp-type" ? { icmpTypes: meant } : { icmpCodes: meant });
}

const FLAGS: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  push: 8,
  psh: 8,
  ack: 16,
  urgent: 32,
  urg: 32,
};

/** `(syn & !ack) | rst`: `&` before `|`, `,` as `|`. */
function readFlags(text: string): (bits: number) => boolean {
  const words = text.match(/[()&|,!+]|[a-z0-9]+/g) ?? [];
  let at = 0;
  const factor = (): ((bits: number) => boolean) => {
    const word = words[at++] ?? "";
    if (word === "!") {
      const inner = factor();
      return (bits) => !inner(bits);
    }
    if (word === "(") {
      const inner = sum();
      if (words[at++] !== ")") throw new UnreadError(`cannot read flags: ${text}`);
      return inner;
    }
    const bit = FLAGS[word] ?? (/^0x[0-9a-f]+$/.test(word) ? Number(word) : undefined);
    if (bit === undefined) throw new UnreadError(`unknown flag: ${word || "nothing"}`);
    return (bits) => (bits & bit) === bit;
  };
  const product = (): ((bits: number) => boolean) => {
    let left = factor();
    while (words[at] === "&" || words[at] === "+") {
      at += 1;
      const [a, b] = [left, factor()];
      left = (bits) => a(bits) && b(bits);
    }
    return left;
  };
  const sum = (): ((bits: number) => boolean) => {
    let left = product();
    while (words[at] === "|" || words[at] === ",") {
      at += 1;
      const [a, b] = [left, product()];
      left = (bits) => a(bits) || b(bits);
    }
    return left;
  };
  const result = sum();
  if (at < words.length) throw new UnreadError(`cannot read flags: ${text}`);
  return result;
}

/** What a term does with a packet that meets it. */
export type TermAction =
  | { readonly kind: "permit" | "deny" | "next" }
  /** It passes as long as something holds that is not modelled (a policer), and is dropped otherwise. */
  | { readonly kind: "limited"; readonly words: string };

/** Words of a `then` that neither pass nor drop. */
const MODIFIERS = new Set([
  "count",
  "log",
  "syslog",
  "sample",
  "port-mirror",
  "port-mirror-instance",
  "forwarding-class",
  "loss-priority",
  "dscp",
  "traffic-class",
  "packet-mode",
  "service-accounting",
  "prefix-action",
  "routing-instance",
  "next-interface",
  "next-ip",
  "next-ip6",
  "topology",
  "analyzer",
  "vlan",
  "service-filter-hit",
  "traffic-class-count",
  "port-mirror",
]);

/** Reads the `then` of a term; without a word that ends it, the packet is accepted. @throws UnreadError */
export function readThen(term: JunosNode): TermAction {
  const words = wordsBelow(term, "then");
  const strange = words.find((word) => !MODIFIERS.has(word) && !ENDS.has(word));
  if (strange !== undefined) throw new UnreadError(`unknown action: ${strange}`);
  if (words.includes("discard") || words.includes("reject")) return { kind: "deny" };
  const limiter = words.find((word) => LIMITERS.has(word));
  if (limiter !== undefined)
    return { kind: "limited", words: `${limiter} ${wordsBelow(term, "then", limiter).join(" ")}` };
  return { kind: words.includes("next") ? "next" : "permit" };
}

const LIMITERS = new Set(["policer", "three-color-policer", "hierarchical-policer"]);
const ENDS = new Set(["accept", "discard", "reject", "next", ...LIMITERS]);
