import { alignLists, alignMembers, alignWithout } from "./align.ts";
import type { SequenceSyntax } from "./dialect.ts";
import {
  IN_PLACE,
  insertEdits,
  type ListEdit,
  type ListPlan,
  noteEdit,
  putEdit,
  takeByText,
  takeEdit,
} from "./list-edits.ts";
import { entryCommand } from "./operation.ts";
import { planRoutes } from "./route-lists.ts";
import {
  chooseNumbers,
  crowdedPlace,
  movedKept,
  type Numbered,
  otherKept,
  stuckAtZero,
  wideStep,
} from "./sequence-numbers.ts";
import type { Entry } from "./state.ts";

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
  const plan = planKept(sequence, name, before, after, step, keptFrom);
  if (sequence.routes === undefined || before.length === 0 || after.length === 0) return plan;
  return planRoutes(sequence, before, after, plan, keptFrom, (kept) =>
    planKept(sequence, name, before, after, step, kept),
  );
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
  const byText = step.differs ? undefined : planByText(sequence, before, after, keptFrom, removedAt);
  if (byText) return byText;
  let numbered = knownNumbers(sequence, before);
  let numbers = numbered ? chooseNumbers(sequence, numbered, after, keptFrom) : undefined;
  let renumbered = false;
  if (!numbers && numbered) {
    const other = otherKept(sequence, numbered, after, keptFrom);
    if (other) return planKept(sequence, name, before, after, step, other);
  }
  if (!numbers && numbered && sequence.resequence.length === 0)
    return planKept(sequence, name, numbered, after, step, movedKept(sequence, numbered, after, keptFrom));
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
  // One command in place of the lowest new entry's coming and the lowest old one's going, which come one after another.
  const swap = sequence.overwrites
    ? sharedPlace(added, removedAt, movedFrom, keptFrom, old, chosen)
    : undefined;
  for (const j of added)
    if (!movedFrom.has(j) && j !== swap?.comes)
      insert(j, "new entries come in from the top down, the old ones still stand");
  for (const [j, i] of movedFrom) {
    take(i, "an entry moves: the device holds a rule only once, so it leaves its old place first");
    insert(j, "an entry moves to its new place");
  }
  if (swap) edits.push(putEdit(sequence, after[swap.comes] as Entry, old[swap.goes]?.number ?? 0, IN_PLACE));
  const moved = new Set(movedFrom.values());
  for (const i of [...removedAt].reverse()) {
    if (!moved.has(i) && i !== swap?.goes) take(i, "old entries go from the bottom up, the new ones stand");
  }
  edits.push(...noteEdits(sequence, old, after, keptFrom));
  if (renumbered || step.differs)
    for (const command of step.settle) edits.push(settleEdit(sequence, command));
  return { edits, proved: moved.size === 0 && before.length > 0 && after.length > 0 };
}

/** The edit of a list whose numbers are not shown, where new entries only come at the end: old ones go by their words.
 *  A search for each makes that slow for many, and renumbering costs one command. */
function planByText(
  sequence: SequenceSyntax,
  before: readonly Entry[],
  after: readonly Entry[],
  keptFrom: readonly number[],
  removedAt: readonly number[],
): ListPlan | undefined {
  const { removeByText } = sequence;
  if (removeByText === undefined || before.every((entry) => entry.number !== undefined)) return undefined;
  const kept = before.length - removedAt.length;
  if (removedAt.length > FEW || keptFrom.findLastIndex((index) => index >= 0) >= kept) return undefined;
  const added = after.slice(kept);
  const counts = new Map<string, number>();
  for (const { text } of [...before, ...added]) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (removedAt.some((i) => counts.get(before[i]?.text ?? "") !== 1)) return undefined;
  const gone = [...removedAt]
    .reverse()
    .map((i) => takeByText(removeByText, before[i] as Entry, "the entry is gone; its number is not shown"));
  return { edits: [...appendPlain(sequence, before, added), ...gone], proved: after.length > 0 };
}

/** Entries that are taken away by their words. */
const FEW = 1000;

/** The numbers of a list; where the device does not show them and cannot renumber, those that it gives by itself. */
function knownNumbers(sequence: SequenceSyntax, before: readonly Entry[]): readonly Numbered[] | undefined {
  if (before.every((entry) => entry.number !== undefined)) return before as readonly Numbered[];
  if (sequence.resequence.length > 0) return undefined;
  return before.map((entry, i) => ({ ...entry, number: sequence.step * (i + 1) }));
}

/** The lowest new entry and the lowest old one that goes, where one may stand in the other's place: no entry that stays
 *  is between them, and no new one would come below. */
function sharedPlace(
  added: readonly number[],
  removedAt: readonly number[],
  movedFrom: ReadonlyMap<number, number>,
  keptFrom: readonly number[],
  old: readonly Numbered[],
  chosen: ReadonlyMap<number, number>,
): { readonly comes: number; readonly goes: number } | undefined {
  const gone = new Set(movedFrom.values());
  const comes = added.findLast((j) => !movedFrom.has(j));
  const goes = removedAt.findLast((i) => !gone.has(i));
  if (comes === undefined || goes === undefined || movedFrom.size > 0) return undefined;
  const above = keptFrom.slice(0, comes).findLast((kept) => kept >= 0) ?? -1;
  const below = keptFrom.slice(comes).find((kept) => kept >= 0) ?? old.length;
  const number = old[goes]?.number ?? 0;
  if (goes <= above || goes >= below) return undefined;
  return added.every((j) => j === comes || (chosen.get(j) ?? 0) < number) ? { comes, goes } : undefined;
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
