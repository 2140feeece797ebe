/** Finds the cubes of a list that touch a box, in list order, by and-ing bit sets: for each indexed dimension the sets
 *  of cubes that begin at or before a value, and of those that end at or after it. */
export interface CubeIndex {
  readonly dims: number;
  readonly data: Int32Array;
  readonly count: number;
  readonly words: number;
  /** Makes the planes. */
  readonly build: () => readonly Plane[];
  /** None before they pay. */
  planes: readonly Plane[];
  /** How many more cubes are scanned before the planes pay. */
  patience: number;
  /** The answer of the last query. */
  ids: Int32Array;
}

interface Plane {
  /** Offset in a box of the number to look up: a `hi` for cubes that begin, a `lo` for cubes that end. */
  readonly probe: number;
  /** Bucket of each value. */
  readonly bucketOf: Uint16Array;
  /** One bit set a bucket; supersets where values share a bucket. */
  readonly sets: Int32Array;
}

/** Lists up to this length are scanned: a bit set would cost more than it saves. */
const scanLimit = 96;

/** Source, destination, destination port. */
const indexedDims = [0, 1, 4];

/** Words that the bit sets of all indexes of one question may take together: 32 MB. */
const maxWords = 8_000_000;

/** Indexes cubes by source, destination and destination port, once they are asked often enough.
 *  @param max - highest value of each dimension
 *  @param siblings - indexes that are made for the same question; they share the memory */
export function createCubeIndex(
  dims: number,
  max: readonly number[],
  data: Int32Array,
  count: number,
  siblings: number = 1,
): CubeIndex {
  const words = (count + 31) >>> 5;
  const share = Math.floor(maxWords / siblings / 6 / words);
  const build = (): Plane[] =>
    indexedDims.flatMap((dim) => {
      const top = max[dim] ?? 0;
      return [
        planeOf(data, count, dims, dim * 2, dim * 2 + 1, top, words, share),
        planeOf(data, count, dims, dim * 2 + 1, dim * 2, top, words, share),
      ];
    });
  const patience = count > scanLimit ? buildSteps(max, count) : Number.POSITIVE_INFINITY;
  const ids = new Int32Array(Math.min(count, 1024) + 32);
  return { dims, data, count, words, build, planes: [], patience, ids };
}

/** About what the planes cost, in cubes that could be scanned instead: two passes over the values of each axis, both ways. */
function buildSteps(max: readonly number[], count: number): number {
  return indexedDims.reduce((steps, dim) => steps + ((max[dim] ?? 0) + count) * 2, 0);
}

/** @param key - offset of the bound that is sorted: even for `lo` (ascending), odd for `hi` (descending) */
function planeOf(
  data: Int32Array,
  count: number,
  dims: number,
  key: number,
  probe: number,
  top: number,
  words: number,
  maxBuckets: number,
): Plane {
  const stride = dims * 2;
  const ascending = key % 2 === 0;
  const present = new Uint8Array(top + 1);
  for (let id = 0; id < count; id += 1) present[data[id * stride + key] as number] = 1;
  let distinct = 0;
  for (let value = 0; value <= top; value += 1) distinct += present[value] as number;
  const buckets = Math.max(1, Math.min(distinct, maxBuckets, 1024));
  const share = Math.ceil(distinct / buckets);
  const bucketOf = new Uint16Array(top + 1);
  let seen = 0;
  for (let step = 0; step <= top; step += 1) {
    const value = ascending ? step : top - step;
    seen += present[value] as number;
    bucketOf[value] = Math.ceil(seen / share);
  }
  const sets = new Int32Array((buckets + 1) * words);
  for (let id = 0; id < count; id += 1) {
    const bucket = bucketOf[data[id * stride + key] as number] as number;
    const word = bucket * words + (id >>> 5);
    sets[word] = (sets[word] as number) | (1 << (id & 31));
  }
  for (let word = words; word < sets.length; word += 1) {
    sets[word] = (sets[word] as number) | (sets[word - words] as number);
  }
  return { probe, bucketOf, sets };
}

/** Lists the cubes from number `first` to before `end` that touch the box at offset `at` of `from`.
 *  @returns how many; their numbers stand in `index.ids`, ascending */
export function touching(index: CubeIndex, from: Int32Array, at: number, first: number, end: number): number {
  if (end <= first) return 0;
  if (index.ids.length < end - first + 32)
    index.ids = new Int32Array(Math.max(end - first + 32, index.ids.length * 2));
  if (index.planes.length === 0 && !pays(index, end - first)) return scan(index, from, at, first, end);
  const [p0, p1, p2, p3, p4, p5] = index.planes as [Plane, Plane, Plane, Plane, Plane, Plane];
  const { words, ids } = index;
  const o0 = offsetIn(p0, from, at, words);
  const o1 = offsetIn(p1, from, at, words);
  const o2 = offsetIn(p2, from, at, words);
  const o3 = offsetIn(p3, from, at, words);
  const o4 = offsetIn(p4, from, at, words);
  const o5 = offsetIn(p5, from, at, words);
  const lastWord = (end - 1) >>> 5;
  let found = 0;
  for (let word = first >>> 5; word <= lastWord; word += 1) {
    let bits =
      (p0.sets[o0 + word] as number) &
      (p1.sets[o1 + word] as number) &
      (p2.sets[o2 + word] as number) &
      (p3.sets[o3 + word] as number);
    if (bits === 0) continue;
    bits &= (p4.sets[o4 + word] as number) & (p5.sets[o5 + word] as number);
    while (bits !== 0) {
      const bit = bits & -bits;
      bits ^= bit;
      const id = (word << 5) + 31 - Math.clz32(bit);
      if (id >= first && id < end && touches(index, id, from, at)) ids[found++] = id;
    }
  }
  return found;
}

/** Makes the planes once about as much has been scanned as they cost, so that neither few questions nor many cost more
 *  than twice the least. */
function pays(index: CubeIndex, cubes: number): boolean {
  index.patience -= cubes;
  if (index.patience > 0) return false;
  index.planes = index.build();
  return true;
}

function offsetIn(plane: Plane, from: Int32Array, at: number, words: number): number {
  return (plane.bucketOf[from[at + plane.probe] as number] as number) * words;
}

function scan(index: CubeIndex, from: Int32Array, at: number, first: number, end: number): number {
  let found = 0;
  for (let id = first; id < end; id += 1) if (touches(index, id, from, at)) index.ids[found++] = id;
  return found;
}

function touches(index: CubeIndex, id: number, from: Int32Array, at: number): boolean {
  const stride = index.dims * 2;
  const cube = id * stride;
  for (let d = 0; d < stride; d += 2) {
    if ((index.data[cube + d] as number) > (from[at + d + 1] as number)) return false;
    if ((index.data[cube + d + 1] as number) < (from[at + d] as number)) return false;
  }
  return true;
}
