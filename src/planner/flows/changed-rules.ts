import type { AddressTerm, FilterList, FilterRule, Match, Range, TcpFlagMatch } from "./types.ts";

/** Finds the rules of two versions that are not in a common row of equal rules, in either version.
 *  A packet that none of them matches meets the same rule first in both versions.
 *  @returns a list that permits what a changed rule matches; undefined when the default action changed, so that every
 *  packet may be concerned */
export function changedRules(old: FilterList, next: FilterList): FilterList | undefined {
  if (old.defaultAction !== next.defaultAction) return undefined;
  const sign = signer();
  const before = old.rules.map((rule) => sign(rule, "old"));
  const after = next.rules.map((rule) => sign(rule, "new"));
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

/** Gives rules numbers; equal numbers mean equal rules. The same object is the same rule. An inexact rule without words
 *  for its condition otherwise equals no rule of the other version: its condition may have changed. */
function signer(): (rule: FilterRule, version: "old" | "new") => number {
  const byRule = new Map<FilterRule, number>();
  const byText = new Map<string, number>();
  return (rule, version) => {
    const known = byRule.get(rule);
    if (known !== undefined) return known;
    const asked = rule.exact ? "" : (rule.condition ?? `? ${version} ${rule.id}`);
    const text = [rule.action, JSON.stringify(asked), ...rule.matches.map(spellMatch)].join("\n");
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    byRule.set(rule, number);
    return number;
  };
}

/** Canonical enough: the same conditions in the same order give the same text, other conditions another. */
function spellMatch(match: Match): string {
  const parts: string[] = [];
  for (const name of Object.keys(match).sort() as (keyof Match)[]) {
    const value = match[name];
    if (value === undefined) continue;
    const items = typeof value === "number" ? [value] : value;
    parts.push(`${name}=${items.map(spellItem).join(",")}`);
  }
  return parts.join(" ");
}

function spellItem(item: number | string | AddressTerm | Range | TcpFlagMatch): string {
  if (typeof item !== "object") return `${item}`;
  if ("mask" in item) return `${item.value}/${item.mask}`;
  if ("wildcard" in item) return `${item.family}w${item.value}/${item.wildcard}`;
  return "family" in item ? `${item.family}:${item.lo}-${item.hi}` : `${item.lo}-${item.hi}`;
}

/** A long common subsequence: equal ends first, then rules that occur once on both sides, in rising order. */
function commonRow(
  before: readonly number[],
  after: readonly number[],
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
  before: readonly number[],
  after: readonly number[],
  start: number,
  oldEnd: number,
  newEnd: number,
): (readonly [number, number])[] {
  const places = new Map<number, { old: number[]; next: number[] }>();
  const note = (text: number, side: "old" | "next", place: number): void => {
    const entry = places.get(text) ?? { old: [], next: [] };
    entry[side].push(place);
    places.set(text, entry);
  };
  for (let place = start; place <= oldEnd; place += 1) note(before[place] as number, "old", place);
  for (let place = start; place <= newEnd; place += 1) note(after[place] as number, "next", place);
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
