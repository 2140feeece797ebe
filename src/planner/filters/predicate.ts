import { expandWildcard, intersectRanges, isWildcard, mergeRanges } from "../flows/ranges.ts";
import type { AddressTerm, Match, Range, TcpFlagMatch } from "../flows/types.ts";

/** What a rule asks of a packet: one of `matches` holds, and beyond that every condition in words, which is not modelled. */
export interface Predicate {
  readonly matches: readonly Match[];
  readonly conditions: readonly string[];
}

/** Holds for every packet. */
export const ANYTHING: Predicate = { matches: [{}], conditions: [] };

/** A predicate of one match. */
export function only(match: Match): Predicate {
  return { matches: [match], conditions: [] };
}

/** A condition that is not modelled, in canonical words. */
export function condition(words: string): Predicate {
  return { matches: [{}], conditions: [words] };
}

/** Holds where all hold. */
export function all(predicates: readonly Predicate[]): Predicate {
  return predicates.reduce(both, ANYTHING);
}

/** Holds where both hold. */
export function both(a: Predicate, b: Predicate): Predicate {
  if (a === ANYTHING) return b;
  if (b === ANYTHING) return a;
  const conditions = [...new Set([...a.conditions, ...b.conditions])].sort();
  const matches: Match[] = [];
  for (const left of a.matches) {
    for (const right of b.matches) {
      const match = intersectMatch(left, right);
      if (match !== undefined) matches.push(match);
    }
  }
  return { matches, conditions };
}

/** Spells a conjunction of two matches as one; undefined where no packet meets both. */
export function intersectMatch(a: Match, b: Match): Match | undefined {
  const result: { -readonly [K in keyof Match]: Match[K] } = { ...a, ...b };
  if (a.family !== undefined && b.family !== undefined && a.family !== b.family) return undefined;
  for (const side of ["src", "dst"] as const) {
    const left = a[side];
    const right = b[side];
    if (left === undefined || right === undefined) continue;
    result[side] = left.flatMap((x) => right.flatMap((y) => intersectTerms(x, y)));
    if (result[side].length === 0) return undefined;
  }
  for (const key of RANGES) {
    const left = a[key];
    const right = b[key];
    if (left === undefined || right === undefined) continue;
    const shared: readonly Range[] = intersectRanges(mergeRanges(left), mergeRanges(right));
    if (shared.length === 0) return undefined;
    result[key] = shared;
  }
  if (a.states !== undefined && b.states !== undefined) {
    const { states } = b;
    result.states = a.states.filter((state) => states.includes(state));
    if (result.states.length === 0) return undefined;
  }
  if (a.tcpFlags !== undefined && b.tcpFlags !== undefined) {
    result.tcpFlags = flagsBoth(a.tcpFlags, b.tcpFlags);
    if (result.tcpFlags.length === 0) return undefined;
  }
  return result;
}

const RANGES = [
  "protocols",
  "srcPorts",
  "dstPorts",
  "icmpTypes",
  "icmpCodes",
  "ingress",
  "egress",
] as const satisfies readonly (keyof Match)[];

/** @throws RangeError for two wide wildcards of different shape, which no product of ranges spells */
function intersectTerms(a: AddressTerm, b: AddressTerm): AddressTerm[] {
  if (a.family !== b.family) return [];
  if (isWildcard(a) && isWildcard(b)) {
    const clash = (a.value ^ b.value) & ~a.wildcard & ~b.wildcard;
    if (clash !== 0n) return [];
    const value = (a.value & ~a.wildcard) | (b.value & ~b.wildcard);
    return [{ family: a.family, value, wildcard: a.wildcard & b.wildcard }];
  }
  if (isWildcard(a)) return intersectTerms(b, a);
  if (isWildcard(b)) {
    const spelled = expandWildcard(b);
    if (spelled === undefined) throw new RangeError("a wildcard is too wide to spell");
    return spelled.flatMap((range) => intersectTerms(a, range));
  }
  const lo = a.lo > b.lo ? a.lo : b.lo;
  const hi = a.hi < b.hi ? a.hi : b.hi;
  return lo > hi ? [] : [{ family: a.family, lo, hi }];
}

function flagsBoth(a: readonly TcpFlagMatch[], b: readonly TcpFlagMatch[]): TcpFlagMatch[] {
  return a.flatMap((x) =>
    b.flatMap((y) => {
      if (((x.value ^ y.value) & x.mask & y.mask) !== 0) return [];
      return [{ mask: x.mask | y.mask, value: x.value | y.value }];
    }),
  );
}

/** Spells any test of the eight flag bits as flag conditions. */
export function flagsWhere(holds: (bits: number) => boolean): TcpFlagMatch[] {
  const matches: TcpFlagMatch[] = [];
  for (let bits = 0; bits < 256; bits += 1) if (holds(bits)) matches.push({ mask: 255, value: bits });
  return matches;
}
