/** Sorted, disjoint, non-adjacent ranges of whole numbers, both ends included. */
export type Intervals = readonly (readonly [number, number])[];

/** All VLAN ids. */
export const ALL_VLANS: Intervals = [[1, 4094]];

/** Sorts and joins ranges in any order. */
export function normalizeIntervals(ranges: readonly (readonly [number, number])[]): Intervals {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const result: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = result.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

export function unionIntervals(a: Intervals, b: Intervals): Intervals {
  return normalizeIntervals([...a, ...b]);
}

export function subtractIntervals(a: Intervals, b: Intervals): Intervals {
  const result: [number, number][] = [];
  for (const [low, high] of a) {
    let from = low;
    for (const [cutLow, cutHigh] of b) {
      if (cutHigh < from || cutLow > high) continue;
      if (cutLow > from) result.push([from, cutLow - 1]);
      from = cutHigh + 1;
    }
    if (from <= high) result.push([from, high]);
  }
  return result;
}

/** Tells whether an element is in a set. */
export function contains(set: Intervals, element: number): boolean {
  return set.some(([low, high]) => low <= element && element <= high);
}

export function sameIntervals(a: Intervals, b: Intervals): boolean {
  return a.length === b.length && a.every((range, i) => range[0] === b[i]?.[0] && range[1] === b[i]?.[1]);
}

/** Reads `10,20-25` (cisco) or `10 20 to 25` (huawei); undefined where the text is no list of numbers. */
export function parseIntervals(text: string, style: "cisco" | "huawei"): Intervals | undefined {
  if (text.trim() === "") return [];
  const items =
    style === "cisco"
      ? text.replaceAll(" ", "").split(",")
      : text
          .trim()
          .replace(/\s+to\s+/g, "-")
          .split(/\s+/);
  const ranges: [number, number][] = [];
  for (const item of items) {
    const match = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(item);
    if (!match) return undefined;
    const low = Number(match[1]);
    const high = match[2] === undefined ? low : Number(match[2]);
    if (high < low) return undefined;
    ranges.push([low, high]);
  }
  return normalizeIntervals(ranges);
}

/** Spells each range as the vendor prints it: `20-25`, `20 to 25`; two neighbours stay two numbers. */
export function formatRanges(set: Intervals, style: "cisco" | "huawei"): string[] {
  const items: string[] = [];
  for (const [low, high] of set) {
    if (low === high) items.push(String(low));
    else if (high === low + 1 && style === "cisco") items.push(String(low), String(high));
    else items.push(style === "cisco" ? `${low}-${high}` : `${low} to ${high}`);
  }
  return items;
}

/** Spells a set as one list. */
export function formatIntervals(set: Intervals, style: "cisco" | "huawei"): string {
  return formatRanges(set, style).join(style === "cisco" ? "," : " ");
}

/** Names the elements one by one. */
export function* elementsOf(set: Intervals): Generator<number> {
  for (const [low, high] of set) for (let value = low; value <= high; value++) yield value;
}
