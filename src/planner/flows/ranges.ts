import type { AddressRange, AddressTerm, AddressWildcard, Family, Range } from "./types.ts";

/** Bits of an address. */
export function addressBits(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Highest address of a family. */
export function highestAddress(family: Family): bigint {
  return (1n << BigInt(addressBits(family))) - 1n;
}

/** All addresses of a family. */
export function everyAddress(family: Family): AddressRange {
  return { family, lo: 0n, hi: highestAddress(family) };
}

/** Makes the range of a prefix; host bits of `base` are ignored.
 *  @param length - prefix length, 0 to 32 or 128 */
export function prefixRange(family: Family, base: bigint, length: number): AddressRange {
  const size = 1n << BigInt(addressBits(family) - length);
  const lo = (base / size) * size;
  return { family, lo, hi: lo + size - 1n };
}

/** Tells a wildcard from a range. */
export function isWildcard(term: AddressTerm): term is AddressWildcard {
  return "wildcard" in term;
}

/** Sorts ranges and joins those that overlap or touch; reversed ones vanish. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined && only.lo <= only.hi) return ranges;
  const sorted = ranges.filter((range) => range.lo <= range.hi).sort((a, b) => a.lo - b.lo);
  const merged: { lo: number; hi: number }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.lo <= last.hi + 1) last.hi = Math.max(last.hi, range.hi);
    else merged.push({ lo: range.lo, hi: range.hi });
  }
  return merged;
}

/** Keeps what lies in both lists; both must be merged. */
export function intersectRanges(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  if (a.length === 1 && b.length === 1 && isWithin(a[0], b[0])) return a;
  const both: Range[] = [];
  for (const left of a) {
    for (const right of b) {
      const lo = Math.max(left.lo, right.lo);
      const hi = Math.min(left.hi, right.hi);
      if (lo <= hi) both.push({ lo, hi });
    }
  }
  return both;
}

function isWithin(inner: Range | undefined, outer: Range | undefined): boolean {
  return inner !== undefined && outer !== undefined && inner.lo >= outer.lo && inner.hi <= outer.hi;
}

/** What of 0 to `max` no range holds. */
export function complementRanges(ranges: readonly Range[], max: number): Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const range of mergeRanges(ranges)) {
    if (range.lo > next) gaps.push({ lo: next, hi: Math.min(range.lo - 1, max) });
    next = Math.max(next, range.hi + 1);
  }
  if (next <= max) gaps.push({ lo: next, hi: max });
  return gaps;
}

/** Sorts address ranges of one family and joins those that overlap or touch; reversed ones vanish. */
export function mergeAddresses(ranges: readonly AddressRange[]): AddressRange[] {
  if (ranges.length < 2) return ranges.filter((range) => range.lo <= range.hi);
  const sorted = ranges
    .filter((range) => range.lo <= range.hi)
    .sort((a, b) => (a.lo < b.lo ? -1 : Number(a.lo > b.lo)));
  const merged: { family: Family; lo: bigint; hi: bigint }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || range.lo > last.hi + 1n) merged.push({ ...range });
    else if (range.hi > last.hi) last.hi = range.hi;
  }
  return merged;
}

/** Blocks that one wildcard may expand to; beyond it the rule counts as inexact. */
export const maxWildcardBlocks = 4096;

/** Spells a wildcard as ranges, exactly.
 *  @returns undefined when it takes more than `maxBlocks` */
export function expandWildcard(
  term: AddressWildcard,
  maxBlocks: number = maxWildcardBlocks,
): AddressRange[] | undefined {
  const width = addressBits(term.family);
  let low = 0;
  while (low < width && ((term.wildcard >> BigInt(low)) & 1n) === 1n) low += 1;
  const freeBits: bigint[] = [];
  for (let bit = low; bit < width; bit += 1) {
    const weight = 1n << BigInt(bit);
    if ((term.wildcard & weight) !== 0n) freeBits.push(weight);
  }
  if (2 ** freeBits.length > maxBlocks) return undefined;
  const fixed = highestAddress(term.family) & ~term.wildcard;
  let bases = [term.value & fixed];
  for (const weight of freeBits) bases = [...bases, ...bases.map((base) => base | weight)];
  const size = 1n << BigInt(low);
  return mergeAddresses(bases.map((lo) => ({ family: term.family, lo, hi: lo + size - 1n })));
}

/** The smallest range around a wildcard. */
export function wildcardHull(term: AddressWildcard): AddressRange {
  const fixed = highestAddress(term.family) & ~term.wildcard;
  const lo = term.value & fixed;
  return { family: term.family, lo, hi: lo | (term.wildcard & highestAddress(term.family)) };
}

/** What of a family no term holds, exactly.
 *  @returns undefined when a wildcard is too wide to expand: the caller must then call the rule inexact */
export function complementAddresses(
  terms: readonly AddressTerm[],
  family: Family,
): AddressRange[] | undefined {
  const ranges: AddressRange[] = [];
  for (const term of terms) {
    if (term.family !== family) continue;
    const spelled = isWildcard(term) ? expandWildcard(term) : [term];
    if (spelled === undefined) return undefined;
    ranges.push(...spelled);
  }
  const gaps: AddressRange[] = [];
  let next = 0n;
  for (const range of mergeAddresses(ranges)) {
    if (range.lo > next) gaps.push({ family, lo: next, hi: range.lo - 1n });
    next = range.hi + 1n;
  }
  if (next <= highestAddress(family)) gaps.push({ family, lo: next, hi: highestAddress(family) });
  return gaps;
}
