import { keptCount, otherAlignments } from "./align.ts";
import type { SequenceSyntax } from "./dialect.ts";
import type { Entry } from "./state.ts";

/** An entry whose number is known. */
export interface Numbered extends Entry {
  readonly number: number;
}

/** Chooses a free number for each new entry; undefined where some place has none. */
export function chooseNumbers(
  sequence: SequenceSyntax,
  before: readonly Numbered[],
  after: readonly Entry[],
  keptFrom: readonly number[],
  ignoreIntended = false,
): Map<number, number> | undefined {
  const used = before.map((entry) => entry.number);
  for (let i = 1; i < used.length; i++) if ((used[i] as number) <= (used[i - 1] as number)) return undefined;
  const occupied = new Set(used);
  const chosen = new Map<number, number>();
  let low = lowest(sequence);
  for (let j = 0; j < after.length; ) {
    const kept = keptFrom[j] ?? -1;
    if (kept >= 0) {
      low = before[kept]?.number ?? low;
      j++;
      continue;
    }
    let end = j;
    while (end < after.length && keptFrom[end] === -1) end++;
    const high =
      end < after.length ? (before[keptFrom[end] as number]?.number ?? 0) : Number.POSITIVE_INFINITY;
    const wanted = ignoreIntended ? undefined : intendedNumbers(after.slice(j, end), low, high, occupied);
    const numbers = wanted ?? freeNumbers(sequence, end - j, low, high, occupied, used);
    if (!numbers) return undefined;
    for (let n = j; n < end; n++) chosen.set(n, numbers[n - j] as number);
    j = end;
  }
  return chosen;
}

/** The number below the first one that an entry may have. */
function lowest(sequence: SequenceSyntax): number {
  return sequence.renumbersFrom === 0 ? -1 : 0;
}

/** The numbers that the intended text gives, if all of them fit and are free. */
function intendedNumbers(
  entries: readonly Entry[],
  low: number,
  high: number,
  occupied: ReadonlySet<number>,
): number[] | undefined {
  const numbers: number[] = [];
  let last = low;
  for (const { number } of entries) {
    if (number === undefined || number <= last || number >= high || occupied.has(number)) return undefined;
    numbers.push(number);
    last = number;
  }
  return numbers;
}

function freeNumbers(
  sequence: SequenceSyntax,
  count: number,
  low: number,
  high: number,
  occupied: ReadonlySet<number>,
  used: readonly number[],
): number[] | undefined {
  if (high === Number.POSITIVE_INFINITY) {
    const last = Math.max(low, used.at(-1) ?? lowest(sequence));
    const first = (Math.floor(last / sequence.step) + 1) * sequence.step;
    return Array.from({ length: count }, (_, i) => first + i * sequence.step);
  }
  const spacing = Math.max(1, Math.floor((high - low) / (count + 1)));
  for (const distance of new Set([spacing, 1])) {
    const numbers: number[] = [];
    let next = low + distance;
    for (let guard = 0; numbers.length < count && next < high && guard < 1_000_000; guard++) {
      if (occupied.has(next)) {
        next++;
        continue;
      }
      numbers.push(next);
      next += distance;
    }
    if (numbers.length === count) return numbers;
  }
  return undefined;
}

/** A step wide enough that every gap takes what is to come in. */
export function wideStep(
  sequence: SequenceSyntax,
  before: readonly Entry[],
  keptFrom: readonly number[],
): number {
  let widest = 0;
  let run = 0;
  for (const kept of keptFrom) {
    run = kept === -1 ? run + 1 : 0;
    widest = Math.max(widest, run);
  }
  if (before.length === 0) return sequence.step;
  let step = sequence.step * 2;
  while (step <= widest) step *= 10;
  return Math.min(step, sequence.maxStep ?? step);
}

/** Where renumbering starts at 0: the place of the first entry that stays, if new ones are to stand above it. */
export function stuckAtZero(sequence: SequenceSyntax, keptFrom: readonly number[]): number | undefined {
  const kept = keptFrom.findIndex((index) => index >= 0);
  return sequence.renumbersFrom === 0 && kept > 0 && keptFrom[kept] === 0 ? kept : undefined;
}

/** Where nothing renumbers: the fewest entries move that are in the way of new ones, else all below the first of them. */
export function movedKept(
  sequence: SequenceSyntax,
  before: readonly Numbered[],
  after: readonly Entry[],
  keptFrom: readonly number[],
): readonly number[] {
  let best: readonly number[] | undefined;
  for (const other of before.length > SHORT ? [] : otherAlignments(before, after, keptFrom)) {
    if (keptCount(other) > (best ? keptCount(best) : -1) && chooseNumbers(sequence, before, after, other))
      best = other;
  }
  for (let cut = after.length - 1; cut >= 0 && !best; cut--) {
    const other = keptFrom.map((kept, j) => (j > cut ? -1 : kept));
    if (chooseNumbers(sequence, before, after, other)) best = other;
  }
  return best ?? after.map(() => -1);
}

/** Lists up to this length are aligned in other ways before they are renumbered. */
const SHORT = 50;

/** Another way to keep as many entries for which numbers are free, so that nothing is renumbered. */
export function otherKept(
  sequence: SequenceSyntax,
  before: readonly Numbered[],
  after: readonly Entry[],
  keptFrom: readonly number[],
): readonly number[] | undefined {
  if (before.length > SHORT) return undefined;
  const most = keptCount(keptFrom);
  for (const other of otherAlignments(before, after, keptFrom))
    if (keptCount(other) === most && chooseNumbers(sequence, before, after, other)) return other;
  return undefined;
}

/** The first place where more entries are to come in than a step leaves room for; the end of a list has room always. */
export function crowdedPlace(keptFrom: readonly number[], step: number): number | undefined {
  let run = 0;
  for (const [j, kept] of keptFrom.entries()) {
    if (kept >= 0 && run > step - 1) return j - 1;
    run = kept === -1 ? run + 1 : 0;
  }
  return undefined;
}
