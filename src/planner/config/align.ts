/** Pairs equal texts of two lists so that the pairs keep their order, as many as possible where texts are unique.
 *  Linear for the equal ends, n·log n between (longest increasing run over equal texts, k-th with k-th).
 *  @returns for each index of `after`, the index of `before` that it keeps, or -1 */
export function alignLists(before: readonly string[], after: readonly string[]): number[] {
  const kept = new Array<number>(after.length).fill(-1);
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    kept[start] = start;
    start++;
  }
  let endBefore = before.length;
  let endAfter = after.length;
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
    kept[endAfter] = endBefore;
  }
  alignMiddle(before, after, start, endBefore, endAfter, kept);
  return kept;
}

function alignMiddle(
  before: readonly string[],
  after: readonly string[],
  start: number,
  endBefore: number,
  endAfter: number,
  kept: number[],
): void {
  const places = new Map<string, number[]>();
  for (let i = start; i < endBefore; i++) {
    const text = before[i] as string;
    const list = places.get(text);
    if (list) list.push(i);
    else places.set(text, [i]);
  }
  const taken = new Map<string, number>();
  const pairs: { after: number; before: number }[] = [];
  for (let j = start; j < endAfter; j++) {
    const text = after[j] as string;
    const nth = taken.get(text) ?? 0;
    const place = places.get(text)?.[nth];
    if (place === undefined) continue;
    taken.set(text, nth + 1);
    pairs.push({ after: j, before: place });
  }
  for (const i of longestIncreasing(pairs.map((pair) => pair.before))) {
    const pair = pairs[i];
    if (pair) kept[pair.after] = pair.before;
  }
}

/** Indices of a longest strictly increasing run. */
function longestIncreasing(values: readonly number[]): number[] {
  const tails: number[] = [];
  const previous = new Array<number>(values.length).fill(-1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[i] = tails[low - 1] as number;
    tails[low] = i;
  }
  const result: number[] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i] as number) result.push(i);
  return result.reverse();
}

/** Aligns members whose order says nothing: each of `after` is kept from the first one in `before` of its text. */
export function alignMembers(before: readonly string[], after: readonly string[]): number[] {
  const places = new Map<string, number[]>();
  for (const [i, text] of before.entries()) {
    const known = places.get(text);
    if (known) known.push(i);
    else places.set(text, [i]);
  }
  return after.map((text) => places.get(text)?.shift() ?? -1);
}

/** How many elements an alignment keeps. */
export function keptCount(keptFrom: readonly number[]): number {
  return keptFrom.filter((index) => index >= 0).length;
}

/** Other alignments of two lists: in each, one of the elements that stay by `keptFrom` may not. */
export function* otherAlignments(
  before: readonly { readonly text: string }[],
  after: readonly { readonly text: string }[],
  keptFrom: readonly number[],
): Generator<readonly number[]> {
  for (const moved of keptFrom) if (moved >= 0) yield alignWithout(before, after, moved);
}

/** Aligns two lists where the old element at `moved` may not stay.
 *  @returns for each new element the index of the old one that stays as it, or -1 */
export function alignWithout(
  before: readonly { readonly text: string }[],
  after: readonly { readonly text: string }[],
  moved: number,
): readonly number[] {
  const kept = alignLists(
    before.toSpliced(moved, 1).map((entry) => entry.text),
    after.map((entry) => entry.text),
  );
  return kept.map((index) => (index >= moved ? index + 1 : index));
}
