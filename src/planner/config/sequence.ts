import { alignLists, alignMembers, alignWithout } from "./align.ts";
import type { SequenceSyntax } from "./dialect.ts";
import { type Effect, entryCommand } from "./operation.ts";
import type { Entry } from "./state.ts";

/** One command of a list's edit. */
export interface ListEdit {
  readonly command: string;
  readonly place: "block" | "root";
  readonly effect: Effect;
  readonly removes: boolean;
  readonly entry: Entry | undefined;
  readonly reason: string;
}

/** The edit of a list, and whether it is safe at every step by its form alone.
 *  `proved` rests on this: while new entries come in from the top down with every old entry still standing, the
 *  first entry that a packet meets is its first match in the old list (where it is an old one) or in the new list
 *  (where it is a new one); while old entries go from the bottom up with every new entry standing, the same holds.
 *  So each step decides every packet as the old or as the new list does. An entry that moves breaks the form. */
export interface ListPlan {
  readonly edits: readonly ListEdit[];
  readonly proved: boolean;
}

interface Numbered extends Entry {
  readonly number: number;
}

/** Plans the edit of an ordered list with the fewest commands.
 *  @param name - as the resequence command wants it
 *  @param step - commands that follow a renumbering, and whether the step changes in itself */
export function planList(
  sequence: SequenceSyntax,
  name: string,
  before: readonly Entry[],
  after: readonly Entry[],
  step: StepChange,
): ListPlan {
  if (sequence.unordered) return planMembers(sequence, before, after);
  const keptFrom = alignLists(
    before.map((entry) => entry.text),
    after.map((entry) => entry.text),
  );
  return planKept(sequence, name, before, after, step, keptFrom);
}

/** Members without an order: new ones come in at the end, then those that are gone leave. */
function planMembers(sequence: SequenceSyntax, before: readonly Entry[], after: readonly Entry[]): ListPlan {
  const keptFrom = alignMembers(
    before.map((entry) => entry.text),
    after.map((entry) => entry.text),
  );
  const kept = new Set(keptFrom);
  const added = after.filter((_, j) => keptFrom[j] === -1);
  const edits = appendPlain(sequence, before, added).map((edit) =>
    edit.effect.kind === "insert" && edit.entry
      ? { ...edit, command: entryCommand(sequence, edit.effect.entry.number, edit.entry.source) }
      : edit,
  );
  for (const [i, entry] of before.entries())
    if (!kept.has(i) && entry.number !== undefined)
      edits.push(takeEdit(sequence, { ...entry, number: entry.number }, "the member is gone"));
  return { edits, proved: true };
}

/** How the step of the numbers ends. */
export interface StepChange {
  readonly settle: readonly string[];
  readonly differs: boolean;
}

function planKept(
  sequence: SequenceSyntax,
  name: string,
  before: readonly Entry[],
  after: readonly Entry[],
  step: StepChange,
  keptFrom: readonly number[],
): ListPlan {
  const keptOld = new Set(keptFrom.filter((index) => index >= 0));
  const removedAt = before.flatMap((_, i) => (keptOld.has(i) ? [] : [i]));
  const added = after.flatMap((_, j) => (keptFrom[j] === -1 ? [j] : []));
  if (added.length === 0 && removedAt.length === 0) {
    const edits = noteEdits(sequence, before, after, keptFrom);
    if (step.differs) edits.push(...step.settle.map((command) => settleEdit(sequence, command)));
    return { edits, proved: true };
  }
  const edits: ListEdit[] = [];
  const onlyAppends = removedAt.length === 0 && added.every((j) => j >= before.length);
  if (
    onlyAppends &&
    !step.differs &&
    (before.some((entry) => entry.number === undefined) ||
      after.slice(before.length).every((entry) => entry.number === undefined))
  ) {
    return {
      edits: appendPlain(sequence, before, after.slice(before.length)),
      proved: before.length > 0 || after.length < 2,
    };
  }
  let numbered = before.every((entry) => entry.number !== undefined)
    ? (before as readonly Numbered[])
    : undefined;
  let numbers = numbered ? chooseNumbers(sequence, numbered, after, keptFrom) : undefined;
  let renumbered = false;
  if (!numbers && numbered) {
    const other = otherKept(sequence, numbered, after, keptFrom);
    if (other) return planKept(sequence, name, before, after, step, other);
  }
  if (!numbers) {
    const wide = wideStep(sequence, before, keptFrom);
    const stuck = stuckAtZero(sequence, keptFrom);
    if (stuck !== undefined) {
      // The first entry would be numbered 0 again, and nothing goes before it: it moves, and the others stay.
      return planKept(sequence, name, before, after, step, alignWithout(before, after, 0));
    }
    const crowded = crowdedPlace(keptFrom, wide);
    if (crowded !== undefined) {
      // The device has no step wide enough: what stands below the place goes to the end, after the new entries.
      const cut = keptFrom.map((kept, j) => (j > crowded ? -1 : kept));
      return planKept(sequence, name, before, after, step, cut);
    }
    renumbered = true;
    for (const command of sequence.resequence) {
      edits.push({
        command: command.replace("$name", () => name).replaceAll("$step", String(wide)),
        place: sequence.resequenceIn,
        effect: { kind: "renumber", first: sequence.renumbersFrom ?? wide, step: wide },
        removes: false,
        entry: undefined,
        reason: numbered
          ? "no number is free where an entry is to stand"
          : "the numbers of the entries are not known",
      });
    }
    const first = sequence.renumbersFrom ?? wide;
    numbered = before.map((entry, i) => ({ ...entry, number: first + wide * i }));
    numbers = chooseNumbers(sequence, numbered, after, keptFrom, true);
  }
  const old = numbered as readonly Numbered[];
  const chosen = numbers ?? new Map<number, number>();
  const goneTexts = new Map<string, number[]>();
  for (const i of removedAt)
    goneTexts.set(old[i]?.text ?? "", [...(goneTexts.get(old[i]?.text ?? "") ?? []), i]);
  const movedFrom = new Map<number, number>();
  for (const j of added) {
    const source = goneTexts.get(after[j]?.text ?? "")?.shift();
    if (source !== undefined) movedFrom.set(j, source);
  }
  const insert = (j: number, why: string) =>
    edits.push(...insertEdits(sequence, after[j] as Entry, chosen.get(j), why));
  const take = (i: number, why: string) => edits.push(takeEdit(sequence, old[i] as Numbered, why));
  for (const j of added)
    if (!movedFrom.has(j)) insert(j, "new entries come in from the top down, the old ones still stand");
  for (const [j, i] of movedFrom) {
    take(i, "an entry moves: the device holds a rule only once, so it leaves its old place first");
    insert(j, "an entry moves to its new place");
  }
  const moved = new Set(movedFrom.values());
  for (const i of [...removedAt].reverse()) {
    if (!moved.has(i)) take(i, "old entries go from the bottom up, the new ones stand");
  }
  edits.push(...noteEdits(sequence, old, after, keptFrom));
  if (renumbered || step.differs)
    for (const command of step.settle) edits.push(settleEdit(sequence, command));
  return { edits, proved: moved.size === 0 && before.length > 0 && after.length > 0 };
}

function settleEdit(sequence: SequenceSyntax, command: string): ListEdit {
  const step = Number(/\d+/.exec(command)?.[0] ?? sequence.step);
  return {
    command,
    place: "block",
    effect: { kind: "renumber", first: sequence.renumbersFrom ?? step, step },
    removes: false,
    entry: undefined,
    reason: "the step goes back to what it was",
  };
}

function insertEdits(
  sequence: SequenceSyntax,
  entry: Entry,
  number: number | undefined,
  why: string,
): ListEdit[] {
  const edits: ListEdit[] = [
    {
      command: entryCommand(sequence, number, entry.source),
      place: "block",
      effect: { kind: "insert", entry: { ...entry, number, note: undefined } },
      removes: false,
      entry,
      reason: why,
    },
  ];
  if (entry.note !== undefined && number !== undefined) edits.push(noteEdit(sequence, number, entry));
  return edits;
}

function noteEdit(sequence: SequenceSyntax, number: number, entry: Entry): ListEdit {
  const spelled = entryCommand(
    sequence,
    number,
    `${sequence.note ?? "description"} ${entry.note ?? ""}`.trim(),
  );
  return {
    command: entry.note === undefined ? (sequence.removeNote ?? "").replace("$seq", String(number)) : spelled,
    place: "block",
    effect: { kind: "note", number, note: entry.note },
    removes: entry.note === undefined,
    entry,
    reason: "the note of an entry",
  };
}

function noteEdits(
  sequence: SequenceSyntax,
  before: readonly Entry[],
  after: readonly Entry[],
  keptFrom: readonly number[],
): ListEdit[] {
  const edits: ListEdit[] = [];
  for (const [j, entry] of after.entries()) {
    const old = before[keptFrom[j] ?? -1];
    if (old?.number !== undefined && old.note !== entry.note)
      edits.push(noteEdit(sequence, old.number, entry));
  }
  return edits;
}

function takeEdit(sequence: SequenceSyntax, entry: Numbered, why: string): ListEdit {
  return {
    command: sequence.remove.replace("$seq", String(entry.number)),
    place: "block",
    effect: { kind: "take", number: entry.number, text: entry.text },
    removes: true,
    entry,
    reason: why,
  };
}

/** Entries without numbers go to the end of a list as they are; the device numbers them. */
function appendPlain(
  sequence: SequenceSyntax,
  before: readonly Entry[],
  added: readonly Entry[],
): ListEdit[] {
  const first = sequence.renumbersFrom ?? sequence.step;
  let last = before.at(-1)?.number ?? first + (before.length - 1) * sequence.step;
  return added.flatMap((entry) => {
    last = (Math.floor(last / sequence.step) + 1) * sequence.step;
    const [first, ...rest] = insertEdits(
      sequence,
      { ...entry, number: last },
      last,
      "the entry is missing at the end",
    );
    return first ? [{ ...first, command: entryCommand(sequence, undefined, entry.source) }, ...rest] : [];
  });
}

/** Chooses a free number for each new entry; undefined where some place has none. */
function chooseNumbers(
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
function wideStep(sequence: SequenceSyntax, before: readonly Entry[], keptFrom: readonly number[]): number {
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
function stuckAtZero(sequence: SequenceSyntax, keptFrom: readonly number[]): number | undefined {
  const kept = keptFrom.findIndex((index) => index >= 0);
  return sequence.renumbersFrom === 0 && kept > 0 && keptFrom[kept] === 0 ? kept : undefined;
}

/** Lists up to this length are aligned in other ways before they are renumbered. */
const SHORT = 50;

/** Another way to keep as many entries for which numbers are free, so that nothing is renumbered. */
function otherKept(
  sequence: SequenceSyntax,
  before: readonly Numbered[],
  after: readonly Entry[],
  keptFrom: readonly number[],
): readonly number[] | undefined {
  if (before.length > SHORT) return undefined;
  const count = (kept: readonly number[]) => kept.filter((index) => index >= 0).length;
  for (const moved of keptFrom) {
    if (moved < 0) continue;
    const other = alignWithout(before, after, moved);
    if (count(other) === count(keptFrom) && chooseNumbers(sequence, before, after, other)) return other;
  }
  return undefined;
}

/** The first place where more entries are to come in than a step leaves room for; the end of a list has room always. */
function crowdedPlace(keptFrom: readonly number[], step: number): number | undefined {
  let run = 0;
  for (const [j, kept] of keptFrom.entries()) {
    if (kept >= 0 && run > step - 1) return j - 1;
    run = kept === -1 ? run + 1 : 0;
  }
  return undefined;
}
