import type { SequenceSyntax } from "./dialect.ts";
import { type Effect, entryCommand } from "./operation.ts";
import type { Numbered } from "./sequence-numbers.ts";
import type { Entry } from "./state.ts";

/** One command of a list's edit. */
export interface ListEdit {
  readonly command: string;
  readonly place: "block" | "root";
  readonly effect: Effect;
  readonly removes: boolean;
  readonly entry: Entry | undefined;
  readonly reason: string;
  /** What the list does to routes after this step that neither end does. */
  readonly stray?: string;
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

/** Why an entry takes the number of another. */
export const IN_PLACE = "the entry takes the place of the one that has its number";

/** An entry that comes under a number, in use or not; without one the device gives it. */
export function putEdit(
  sequence: SequenceSyntax,
  entry: Entry,
  number: number | undefined,
  why: string,
): ListEdit {
  return {
    command: entryCommand(sequence, number, entry.source),
    place: "block",
    effect: { kind: "insert", entry: { ...entry, number, note: undefined } },
    removes: false,
    entry,
    reason: why,
  };
}

/** A new entry, and its note. */
export function insertEdits(
  sequence: SequenceSyntax,
  entry: Entry,
  number: number | undefined,
  why: string,
): ListEdit[] {
  const edits = [putEdit(sequence, entry, number, why)];
  if (entry.note !== undefined && number !== undefined) edits.push(noteEdit(sequence, number, entry));
  return edits;
}

/** The note of an entry that stands. */
export function noteEdit(sequence: SequenceSyntax, number: number, entry: Entry): ListEdit {
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

/** An entry that goes by its words: the device does not show its number.
 *  @param command - the syntax of `removeByText` */
export function takeByText(command: string, entry: Entry, why: string): ListEdit {
  return {
    command: command.replace("$entry", () => entry.source),
    place: "block",
    effect: { kind: "take", number: entry.number, text: entry.text },
    removes: true,
    entry,
    reason: why,
  };
}

/** An entry that goes. */
export function takeEdit(sequence: SequenceSyntax, entry: Numbered, why: string): ListEdit {
  return {
    command: sequence.remove.replace("$seq", String(entry.number)),
    place: "block",
    effect: { kind: "take", number: entry.number, text: entry.text },
    removes: true,
    entry,
    reason: why,
  };
}
