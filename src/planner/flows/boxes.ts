/** Small operations on boxes: rows of `[lo, hi]` for each dimension in an Int32Array. */

/** Cuts a box to a cube. @returns undefined when they are disjoint */
export function intersectBox(box: Int32Array, data: Int32Array, at: number): Int32Array | undefined {
  const both = new Int32Array(box.length);
  for (let d = 0; d < box.length; d += 2) {
    const lo = Math.max(box[d] as number, data[at + d] as number);
    const hi = Math.min(box[d + 1] as number, data[at + d + 1] as number);
    if (lo > hi) return undefined;
    both[d] = lo;
    both[d + 1] = hi;
  }
  return both;
}

/** Tells whether the cube at `at` holds the whole box. */
export function holdsBox(data: Int32Array, at: number, box: Int32Array): boolean {
  for (let d = 0; d < box.length; d += 2) {
    if ((data[at + d] as number) > (box[d] as number)) return false;
    if ((data[at + d + 1] as number) < (box[d + 1] as number)) return false;
  }
  return true;
}

/** Tells whether box and cube share a packet. */
export function touchesBox(data: Int32Array, at: number, box: Int32Array): boolean {
  for (let d = 0; d < box.length; d += 2) {
    if ((data[at + d] as number) > (box[d + 1] as number)) return false;
    if ((data[at + d + 1] as number) < (box[d] as number)) return false;
  }
  return true;
}

/** One cube of a list as a box of its own. */
export function boxAt(data: Int32Array, dims: number, id: number): Int32Array {
  return data.slice(id * dims * 2, (id + 1) * dims * 2);
}
