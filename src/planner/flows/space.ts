import type { Block } from "./expand.ts";
import { serviceMax } from "./expand.ts";
import { highestAddress } from "./ranges.ts";
import type { AddressRange, Family } from "./types.ts";

/** Every address axis value is a rank: the number of the elementary interval that it lies in, IPv4 first, then IPv6.
 *  So both families cost the same, and the hot loops see small integers only. */
export interface AddressAxis {
  /** First address of each IPv4 interval, ascending, starting with 0. */
  readonly starts4: Float64Array;
  /** First address of each IPv6 interval, ascending, starting with 0. */
  readonly starts6: readonly bigint[];
  readonly ranks4: ReadonlyMap<number, number>;
  /** By the mixed address. */
  readonly ranks6: ReadonlyMap<bigint, number>;
  /** Ranks of IPv6 range objects met before: looking a 128-bit number up costs ten times as much. */
  readonly known6: WeakMap<AddressRange, readonly [number, number]>;
  /** Number of intervals of both families. */
  readonly size: number;
}

/** Where cubes live: the address axis, and which axes are in use.
 *  Axes: 0 src, 1 dst, 2 protocol, 3 source port, 4 destination port, 5 state, 6 flags, 7 ingress, 8 egress,
 *  then one axis of 0 and 1 for each inexact condition. A cube is `dims` pairs of `[lo, hi]`. */
export interface Space {
  readonly axis: AddressAxis;
  /** For each stored dimension the axis that it is. */
  readonly active: readonly number[];
  readonly dims: number;
  /** Highest value of each stored dimension. */
  readonly max: readonly number[];
  /** The inexact conditions that have an axis, in the order of their axes. */
  readonly conditions: readonly string[];
}

/** Axes before the conditions. */
export const baseAxes = 9;

/** V8 hashes a big number by its low 64 bits alone, which are zero at the start of every IPv6 subnet: as keys of a map they
 *  would all fall into one bucket. This spreads them, and no two addresses become one. */
function mixed(address: bigint): bigint {
  return address ^ (address >> 64n);
}

/** Builds the axis on which all given ranges have whole ranks. */
export function addressAxis(ranges: Iterable<AddressRange>): AddressAxis {
  const seen4 = new Set<number>([0]);
  const seen6 = new Map<bigint, bigint>([[0n, 0n]]);
  const objects = new Set<AddressRange>();
  for (const range of ranges) {
    if (range.family === 4) {
      seen4.add(Number(range.lo));
      seen4.add(Number(range.hi) + 1);
    } else if (!objects.has(range)) {
      objects.add(range);
      for (const start of [range.lo, range.hi + 1n]) seen6.set(mixed(start), start);
    }
  }
  seen4.delete(2 ** 32);
  seen6.delete(mixed(highestAddress(6) + 1n));
  return axisOf(
    Float64Array.from(seen4).sort(),
    [...seen6.values()].sort((a, b) => (a < b ? -1 : 1)),
  );
}

function axisOf(starts4: Float64Array, starts6: readonly bigint[]): AddressAxis {
  const ranks4 = new Map<number, number>();
  for (let rank = 0; rank < starts4.length; rank += 1) ranks4.set(starts4[rank] ?? 0, rank);
  const ranks6 = new Map<bigint, number>();
  for (const [index, start] of starts6.entries()) ranks6.set(mixed(start), starts4.length + index);
  return { starts4, starts6, ranks4, ranks6, known6: new WeakMap(), size: starts4.length + starts6.length };
}

const highest = { 4: highestAddress(4), 6: highestAddress(6) } as const;

/** Rank of the interval that starts at `lo`.
 *  @throws Error when the axis was built without it: a bug of the caller */
export function rankOfLow(axis: AddressAxis, family: Family, lo: bigint): number {
  const rank = family === 4 ? axis.ranks4.get(Number(lo)) : axis.ranks6.get(mixed(lo));
  if (rank === undefined) throw new Error(`address ${lo} is not a boundary of the axis`);
  return rank;
}

/** Rank of the interval that ends at `hi`. @throws Error when the axis was built without it */
export function rankOfHigh(axis: AddressAxis, family: Family, hi: bigint): number {
  if (family === 4 && hi < highest[4]) {
    const next = axis.ranks4.get(Number(hi) + 1);
    if (next !== undefined) return next - 1;
  }
  if (hi === highest[family]) return (family === 4 ? axis.starts4.length : axis.size) - 1;
  return rankOfLow(axis, family, hi + 1n) - 1;
}

/** The addresses from one rank to another of the same family. */
export function addressesOf(axis: AddressAxis, lo: number, hi: number): AddressRange {
  const split = axis.starts4.length;
  if (lo < split) {
    const next = hi + 1 < split ? BigInt(axis.starts4[hi + 1] ?? 0) : 1n << 32n;
    return { family: 4, lo: BigInt(axis.starts4[lo] ?? 0), hi: next - 1n };
  }
  const next = axis.starts6[hi + 1 - split] ?? 1n << 128n;
  return { family: 6, lo: axis.starts6[lo - split] ?? 0n, hi: next - 1n };
}

/** Chooses the stored dimensions: addresses, protocol and ports always, the rest where a block narrows them. */
export function spaceOf(axis: AddressAxis, blocks: Iterable<Block>, conditions: readonly string[]): Space {
  const narrowed = serviceMax.map((_, index) => index < 3);
  for (const block of blocks) {
    for (const row of block.services) {
      for (let index = 3; index < serviceMax.length; index += 1) {
        if (
          (row[index * 2] as number) > 0 ||
          (row[index * 2 + 1] as number) < (serviceMax[index] as number)
        ) {
          narrowed[index] = true;
        }
      }
    }
  }
  const active = [0, 1, ...narrowed.flatMap((is, index) => (is ? [index + 2] : []))];
  active.push(...conditions.map((_, index) => baseAxes + index));
  return { axis, active, dims: active.length, max: active.map((a) => axisMax(axis, a)), conditions };
}

function axisMax(axis: AddressAxis, index: number): number {
  if (index < 2) return axis.size - 1;
  return serviceMax[index - 2] ?? 1;
}

/** The box of all packets of one family. */
export function familyBox(space: Space, family: Family): Int32Array {
  const box = new Int32Array(space.dims * 2);
  const split = space.axis.starts4.length;
  for (let dim = 0; dim < space.dims; dim += 1) {
    box[dim * 2] = dim < 2 && family === 6 ? split : 0;
    box[dim * 2 + 1] = dim < 2 && family === 4 ? split - 1 : (space.max[dim] ?? 0);
  }
  return box;
}

/** Cubes that a block comes to. */
export function cubesIn(block: Block): number {
  return block.src.length * block.dst.length * block.services.length;
}

/** Writes the cubes of a block behind each other.
 *  @param condition - number of the condition's axis that must hold, or -1
 *  @param at - offset in `into` where the first cube goes
 *  @returns the offset behind the last cube */
export function writeBlock(
  space: Space,
  block: Block,
  condition: number,
  into: Int32Array,
  at: number,
): number {
  const src = ranksOf(space.axis, block.src);
  const dst = ranksOf(space.axis, block.dst);
  let next = at;
  for (const row of block.services) {
    for (let s = 0; s < src.length; s += 2) {
      for (let d = 0; d < dst.length; d += 2) {
        into[next] = src[s] as number;
        into[next + 1] = src[s + 1] as number;
        into[next + 2] = dst[d] as number;
        into[next + 3] = dst[d + 1] as number;
        for (let dim = 2; dim < space.dims; dim += 1) {
          const axis = space.active[dim] as number;
          const own = axis >= baseAxes;
          into[next + dim * 2] = own
            ? Number(axis - baseAxes === condition)
            : (row[(axis - 2) * 2] as number);
          into[next + dim * 2 + 1] = own ? 1 : (row[(axis - 2) * 2 + 1] as number);
        }
        next += space.dims * 2;
      }
    }
  }
  return next;
}

function ranksOf(axis: AddressAxis, ranges: readonly AddressRange[]): number[] {
  const ranks: number[] = [];
  for (const { family, lo, hi } of ranges)
    ranks.push(rankOfLow(axis, family, lo), rankOfHigh(axis, family, hi));
  return ranks;
}

/** Adds the boundaries of further ranges to an axis. @returns undefined when it has them all */
export function extendAxis(axis: AddressAxis, ranges: readonly AddressRange[]): AddressAxis | undefined {
  const known = ranges.every(({ family, lo, hi }) => {
    const next = hi + 1n;
    if (family === 4)
      return axis.ranks4.has(Number(lo)) && (next > 0xffffffffn || axis.ranks4.has(Number(next)));
    return axis.ranks6.has(lo) && (next > highestAddress(6) || axis.ranks6.has(next));
  });
  if (known) return undefined;
  const starts4 = new Set(axis.starts4);
  const starts6 = new Set(axis.starts6);
  for (const { family, lo, hi } of ranges) {
    if (family === 4) starts4.add(Number(lo)).add(Number(hi) + 1);
    else starts6.add(lo).add(hi + 1n);
  }
  starts4.delete(2 ** 32);
  starts6.delete(highestAddress(6) + 1n);
  return axisOf(
    Float64Array.from(starts4).sort(),
    [...starts6].sort((a, b) => (a < b ? -1 : 1)),
  );
}

/** Where each rank of an axis went in an extended one, as the start and as the end of a range. */
export function rankMaps(
  from: AddressAxis,
  to: AddressAxis,
): { readonly low: Int32Array; readonly high: Int32Array } {
  const low = new Int32Array(from.size);
  for (const [rank, start] of from.starts4.entries()) low[rank] = to.ranks4.get(start) ?? 0;
  for (const [index, start] of from.starts6.entries())
    low[from.starts4.length + index] = to.ranks6.get(start) ?? 0;
  const high = new Int32Array(from.size);
  for (let rank = 0; rank < from.size; rank += 1) high[rank] = (low[rank + 1] ?? to.size) - 1;
  return { low, high };
}

/** Tells whether a box holds whatever the inexact conditions say. */
export function isUnconditional(space: Space, box: Int32Array): boolean {
  for (let dim = 0; dim < space.dims; dim += 1) {
    if ((space.active[dim] as number) >= baseAxes && box[dim * 2] === box[dim * 2 + 1]) return false;
  }
  return true;
}
