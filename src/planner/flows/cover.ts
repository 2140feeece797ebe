/** The cube engine: is a box covered by a union of boxes, and if not, which part is free? Exact, with early exit. */

/** Result of a search within a step budget. */
export type Outcome = "none" | "found" | "budget";

/** Buffers of the cube engine, reused from query to query. */
export interface CoverSolver {
  readonly dims: number;
  /** After `found`: a box that no cube touches. */
  readonly free: Int32Array;
  boxes: Int32Array;
  lists: Int32Array;
  /** Offset and length of each waiting box's list. */
  spans: Int32Array;
  /** Splits spent by the last query. */
  steps: number;
  /** What the last filtering of a list left. */
  readonly kept: { count: number; pivot: number };
}

/** List entries in flight before a query counts as too hard: 64 MB. */
const maxListEntries = 16_000_000;

/** Makes the buffers for boxes of `dims` dimensions. */
export function createCoverSolver(dims: number): CoverSolver {
  return {
    dims,
    free: new Int32Array(dims * 2),
    boxes: new Int32Array(dims * 2 * 256),
    lists: new Int32Array(4096),
    spans: new Int32Array(512),
    steps: 0,
    kept: { count: 0, pivot: 0 },
  };
}

/** A question to the cube engine: which parts of a box do none of the listed cubes hold? */
export interface CoverQuery {
  readonly from: Int32Array;
  /** Offset of the box in `from`. */
  readonly at: number;
  readonly data: Int32Array;
  readonly ids: Int32Array;
  readonly idCount: number;
  /** Splits before it gives up. */
  readonly budget: number;
}

/** Visits the free parts of the box, which are disjoint, until `onFree` returns true. Each stands in `solver.free`,
 *  which the next one overwrites.
 *  @returns `none` when all were visited, `found` when `onFree` stopped it, or `budget` */
export function visitUncovered(solver: CoverSolver, query: CoverQuery, onFree: () => boolean): Outcome {
  const stride = solver.dims * 2;
  const { from, at: origin, data, ids, idCount, budget } = query;
  reserveLists(solver, idCount * 2);
  for (let k = 0; k < stride; k += 1) solver.boxes[k] = from[origin + k] as number;
  for (let k = 0; k < idCount; k += 1) solver.lists[k] = ids[k] as number;
  solver.spans[0] = 0;
  solver.spans[1] = idCount;
  solver.steps = 0;
  let waiting = 1;
  while (waiting > 0) {
    waiting -= 1;
    solver.steps += 1;
    const offset = solver.spans[waiting * 2] as number;
    const length = solver.spans[waiting * 2 + 1] as number;
    if (solver.steps > budget || offset + length * 2 > maxListEntries) return "budget";
    const at = waiting * stride;
    reserveLists(solver, offset + length * 2);
    keepTouching(solver, at, data, offset, length);
    if (solver.kept.count === 0) {
      for (let k = 0; k < stride; k += 1) solver.free[k] = solver.boxes[at + k] as number;
      if (onFree()) return "found";
    } else if (solver.kept.pivot >= 0) {
      waiting = splitAround(solver, waiting, data, offset + length);
    }
  }
  return "none";
}

/** Looks for one part of the box that none of the cubes holds.
 *  @returns `none` when covered, `found` with `solver.free`, or `budget` */
export function findUncovered(solver: CoverSolver, query: CoverQuery): Outcome {
  return visitUncovered(solver, query, stopAtOnce);
}

function stopAtOnce(): boolean {
  return true;
}

/** Copies behind the list those cubes that touch the box, and picks the one that takes most of it.
 *  `pivot` is -1 when one cube holds the whole box. The pivot itself is left out of the copy. */
function keepTouching(
  solver: CoverSolver,
  at: number,
  data: Int32Array,
  offset: number,
  length: number,
): void {
  const { boxes, lists, kept } = solver;
  const stride = solver.dims * 2;
  let best = -1;
  let bestShare = -1;
  let count = 0;
  let write = offset + length;
  for (let k = 0; k < length; k += 1) {
    const id = lists[offset + k] as number;
    const cube = id * stride;
    let share = 1;
    let d = 0;
    for (; d < stride; d += 2) {
      const boxLo = boxes[at + d] as number;
      const boxHi = boxes[at + d + 1] as number;
      const lo = data[cube + d] as number;
      const hi = data[cube + d + 1] as number;
      if (hi < boxLo || lo > boxHi) break;
      if (lo > boxLo || hi < boxHi) {
        const width = Math.min(hi, boxHi) - Math.max(lo, boxLo) + 1;
        share *= width / (boxHi - boxLo + 1);
      }
    }
    if (d < stride) continue;
    if (share === 1) {
      kept.count = 1;
      kept.pivot = -1;
      return;
    }
    count += 1;
    if (share > bestShare || (share === bestShare && scatter(id) > scatter(best))) {
      if (best >= 0) lists[write++] = best;
      best = id;
      bestShare = share;
    } else {
      lists[write++] = id;
    }
  }
  kept.count = count;
  kept.pivot = best;
}

/** Breaks ties without an order, so that rows of equal cubes are halved rather than peeled one by one. */
function scatter(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 0;
}

/** Replaces the box at `waiting` by its parts outside the pivot, each with the list at `offset`. */
function splitAround(solver: CoverSolver, waiting: number, data: Int32Array, offset: number): number {
  const stride = solver.dims * 2;
  reserveBoxes(solver, waiting + stride + 1);
  const { boxes, spans } = solver;
  const cube = solver.kept.pivot * stride;
  const length = solver.kept.count - 1;
  let slot = waiting;
  for (let d = 0; d < stride; d += 2) {
    const lo = data[cube + d] as number;
    const hi = data[cube + d + 1] as number;
    for (let side = 0; side < 2; side += 1) {
      const at = slot * stride;
      const boxLo = boxes[at + d] as number;
      const boxHi = boxes[at + d + 1] as number;
      if (side === 0 ? boxLo >= lo : boxHi <= hi) continue;
      const next = at + stride;
      for (let k = 0; k < stride; k += 1) boxes[next + k] = boxes[at + k] as number;
      if (side === 0) {
        boxes[at + d + 1] = lo - 1;
        boxes[next + d] = lo;
      } else {
        boxes[at + d] = hi + 1;
        boxes[next + d + 1] = hi;
      }
      spans[slot * 2] = offset;
      spans[slot * 2 + 1] = length;
      slot += 1;
    }
  }
  return slot;
}

function reserveLists(solver: CoverSolver, size: number): void {
  if (size <= solver.lists.length) return;
  const grown = new Int32Array(Math.max(size, solver.lists.length * 2));
  grown.set(solver.lists);
  solver.lists = grown;
}

function reserveBoxes(solver: CoverSolver, count: number): void {
  const stride = solver.dims * 2;
  if (count * stride > solver.boxes.length) {
    const grown = new Int32Array(Math.max(count * stride, solver.boxes.length * 2));
    grown.set(solver.boxes);
    solver.boxes = grown;
  }
  if (count * 2 <= solver.spans.length) return;
  const grown = new Int32Array(Math.max(count * 2, solver.spans.length * 2));
  grown.set(solver.spans);
  solver.spans = grown;
}
