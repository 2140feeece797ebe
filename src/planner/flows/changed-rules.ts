import type { FilterList, FilterRule } from "./types.ts";

/** Finds the rules of two versions that are not in a common row of equal rules, in either version.
 *  A packet that none of them matches meets the same rule first in both versions.
 *  @returns a list that permits what a changed rule matches; undefined when the default action changed, so that every
 *  packet may be concerned */
export function changedRules(old: FilterList, next: FilterList): FilterList | undefined {
  if (old.defaultAction !== next.defaultAction) return undefined;
  const before = old.rules.map((rule) => signature(rule, "old"));
  const after = next.rules.map((rule) => signature(rule, "new"));
  const common = new Set(old.rules.filter((rule) => !rule.exact && rule.condition === undefined));
  for (const [place, rule] of next.rules.entries()) {
    const same = common.has(rule) ? old.rules.indexOf(rule) : -1;
    if (same >= 0) after[place] = before[same] as string;
  }
  const kept = commonRow(before, after);
  const gone = old.rules.filter((_, index) => !kept.before.has(index));
  const added = next.rules.filter((_, index) => !kept.after.has(index));
  const rules = [...gone, ...added].map(
    (rule, index): FilterRule => ({
      id: `changed ${index}`,
      action: "permit",
      matches: rule.matches,
      exact: true,
    }),
  );
  return { rules, defaultAction: "deny" };
}

/** Equal signatures mean equal rules. An inexact rule without words for its condition equals no rule of the other
 *  version, unless it is the same object: its condition may have changed. */
function signature(rule: FilterRule, version: "old" | "new"): string {
  const asked = rule.exact ? "" : (rule.condition ?? `? ${version} ${rule.id}`);
  const matches = JSON.stringify(rule.matches, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
  return `${rule.action} ${asked} ${matches}`;
}

/** A long common subsequence: equal ends first, then rules that occur once on both sides, in rising order. */
function commonRow(
  before: readonly string[],
  after: readonly string[],
): { before: ReadonlySet<number>; after: ReadonlySet<number> } {
  const left = new Set<number>();
  const right = new Set<number>();
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    left.add(start);
    right.add(start);
    start += 1;
  }
  let oldEnd = before.length - 1;
  let newEnd = after.length - 1;
  while (oldEnd >= start && newEnd >= start && before[oldEnd] === after[newEnd]) {
    left.add(oldEnd);
    right.add(newEnd);
    oldEnd -= 1;
    newEnd -= 1;
  }
  for (const [oldPlace, newPlace] of risingPairs(before, after, start, oldEnd, newEnd)) {
    left.add(oldPlace);
    right.add(newPlace);
  }
  return { before: left, after: right };
}

function risingPairs(
  before: readonly string[],
  after: readonly string[],
  start: number,
  oldEnd: number,
  newEnd: number,
): (readonly [number, number])[] {
  const places = new Map<string, { old: number[]; next: number[] }>();
  const note = (text: string, side: "old" | "next", place: number): void => {
    const entry = places.get(text) ?? { old: [], next: [] };
    entry[side].push(place);
    places.set(text, entry);
  };
  for (let place = start; place <= oldEnd; place += 1) note(before[place] ?? "", "old", place);
  for (let place = start; place <= newEnd; place += 1) note(after[place] ?? "", "next", place);
  const pairs: [number, number][] = [];
  for (const { old, next } of places.values()) {
    const [oldPlace] = old;
    const [newPlace] = next;
    if (old.length !== 1 || next.length !== 1 || oldPlace === undefined || newPlace === undefined) continue;
    pairs.push([oldPlace, newPlace]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  return longestRising(pairs);
}

/** The longest part of the pairs whose second numbers rise (patience sorting). */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as readonly [number, number])[1] < pair[1]) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = index;
  }
  const row: (readonly [number, number])[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] as number) {
    row.push(pairs[index] as readonly [number, number]);
  }
  return row.reverse();
}
