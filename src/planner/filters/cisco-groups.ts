import type { AddressTerm, Match, Range } from "../flows/types.ts";
import { rangeBetween, readMasked, readPrefix } from "./addresses.ts";
import { icmpNumbers, portNumber, protocolNumber } from "./names.ts";
import { readPorts } from "./ports.ts";
import { UnreadError, Words } from "./words.ts";

/** A group as it stands: its kind and its lines without number. */
export interface GroupText {
  readonly kind: "network" | "service";
  readonly lines: string[];
}

/** Addresses of an object group with the groups in it.
 *  @returns undefined where a line cannot be read, a group is missing or holds itself */
export function networkTerms(
  groups: ReadonlyMap<string, GroupText>,
  name: string,
  above: readonly string[] = [],
): readonly AddressTerm[] | undefined {
  const group = groups.get(name);
  if (group?.kind !== "network" || above.includes(name)) return undefined;
  const terms: AddressTerm[] = [];
  for (const line of group.lines) {
    const words = new Words(line);
    const first = words.next();
    if (first === "description") continue;
    if (first === "group-object") {
      const inner = networkTerms(groups, words.next(), [...above, name]);
      if (inner === undefined) return undefined;
      terms.push(...inner);
      continue;
    }
    const term = readTerm(first, words);
    if (term === undefined || !words.done) return undefined;
    terms.push(...term);
  }
  return terms;
}

function readTerm(first: string, words: Words): readonly AddressTerm[] | undefined {
  if (first === "any") return ANY;
  if (first === "host") return listOf(readPrefix(words.next()));
  if (first === "range") return listOf(rangeBetween(words.next(), words.next()));
  if (words.peek().startsWith("/")) return listOf(readPrefix(first + words.next()));
  if (!first.includes("/") && !words.done) return listOf(readMasked(first, words.next()));
  return listOf(readPrefix(first));
}

const ANY: readonly AddressTerm[] = [
  { family: 4, lo: 0n, hi: 0xffff_ffffn },
  { family: 6, lo: 0n, hi: (1n << 128n) - 1n },
];

function listOf(term: AddressTerm | undefined): readonly AddressTerm[] | undefined {
  return term === undefined ? undefined : [term];
}

/** Services of an object group with the groups in it; undefined as for networks. */
export function serviceMatches(
  groups: ReadonlyMap<string, GroupText>,
  name: string,
  own: Readonly<Record<string, string | number>>,
  above: readonly string[] = [],
): readonly Match[] | undefined {
  const group = groups.get(name);
  if (group?.kind !== "service" || above.includes(name)) return undefined;
  const matches: Match[] = [];
  for (const line of group.lines) {
    const words = new Words(line);
    const first = words.next();
    if (first === "description") continue;
    const inner =
      first === "group-object"
        ? serviceMatches(groups, words.next(), own, [...above, name])
        : readService(first, words, own);
    if (inner === undefined || !words.done) return undefined;
    matches.push(...inner);
  }
  return matches;
}

/** `tcp source gt 1023 eq www`, `tcp-udp range 2000 2005`, `udp domain`, `icmp echo`, `ip`, `47`. */
function readService(
  first: string,
  words: Words,
  own: Readonly<Record<string, string | number>>,
): readonly Match[] | undefined {
  if (first === "ip" || first === "ipv6") return [{}];
  const numbers = first === "tcp-udp" ? [6, 17] : [protocolNumber(first)];
  const protocols: Range[] = [];
  for (const number of numbers) if (number !== undefined) protocols.push({ lo: number, hi: number });
  if (protocols.length === 0) return undefined;
  if (words.done) return [{ protocols }];
  if (first === "icmp") {
    const named = icmpNumbers(words.peek(), 4) ?? numbered(words.peek());
    words.next();
    if (named === undefined) return undefined;
    const code = named[1] === undefined ? {} : { icmpCodes: [{ lo: named[1], hi: named[1] }] };
    return [{ protocols, icmpTypes: [{ lo: named[0], hi: named[0] }], ...code }];
  }
  try {
    const source = words.take("source") ? portsOf(words, own) : undefined;
    words.take("destination");
    const destination = words.done ? undefined : portsOf(words, own);
    return [
      {
        protocols,
        ...(source === undefined ? {} : { srcPorts: source }),
        ...(destination === undefined ? {} : { dstPorts: destination }),
      },
    ];
  } catch (error) {
    if (error instanceof UnreadError) return undefined;
    throw error;
  }
}

function numbered(text: string): readonly [number, number?] | undefined {
  return /^\d{1,3}$/.test(text) ? [Number(text)] : undefined;
}

function portsOf(words: Words, own: Readonly<Record<string, string | number>>): readonly Range[] {
  const ranges = readPorts(words, own);
  if (ranges !== undefined) return ranges;
  const number = portNumber(words.next(), own);
  if (number === undefined) throw new UnreadError("not a port");
  return [{ lo: number, hi: number }];
}
