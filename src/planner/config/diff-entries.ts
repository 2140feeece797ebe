import { canonicalLine } from "./canonical.ts";
import { sequenceOf } from "./compile.ts";
import type { SequenceSyntax } from "./dialect.ts";
import type { Place, Work } from "./diff-work.ts";
import { type Effect, NO_EFFECTS, namedSequence } from "./operation.ts";
import { referencesOf, usesOfEntry } from "./references.ts";
import { planList, type StepChange } from "./sequence.ts";
import type { Block, Entry, Statement } from "./state.ts";

/** Finds the edits of an ordered list. */
export function diffEntries(
  work: Work,
  before: Block | undefined,
  after: Block | undefined,
  place: Place,
): void {
  const context = (after ?? before)?.context ?? "";
  const sequence = sequenceOf(work.compiled, context);
  if (!sequence || !place.claimed) return;
  const old: readonly Entry[] = before?.entries ?? [];
  const next: readonly Entry[] = after?.entries ?? [];
  const header = place.headers.get(place.path.at(-1)?.slot ?? "");
  const name = header?.match?.captures[0]?.text ?? "";
  const named = namedSequence(sequence, name);
  const plan = planList(named, name, old, next, stepChange(sequence, before, after));
  if (!plan.proved && plan.edits.length > 1 && before) work.unproved.push(...place.touches);
  const { dialect } = work.compiled;
  // A list without a header of its own comes with its first entry and goes with its last one.
  const names =
    header?.match?.rule.life === "entries" && (old.length === 0 || next.length === 0)
      ? referencesOf(dialect, header, "").defines
      : [];
  for (const [rank, edit] of plan.edits.entries()) {
    const uses = edit.entry ? usesOfEntry(dialect, edit.entry.text) : [];
    work.operations.push({
      ...NO_EFFECTS,
      path: place.path,
      slot: "",
      text: edit.entry?.text ?? edit.command,
      command: edit.command,
      place: sequence.typedAt ?? edit.place,
      effect: withStep(work, sequence, context, edit.command, edit.effect),
      defines: rank === 0 && old.length === 0 ? names : [],
      undefines: rank === plan.edits.length - 1 && next.length === 0 ? names : [],
      gains: edit.removes ? [] : uses,
      drops: edit.removes ? uses : [],
      touches: place.touches,
      headers: place.headers,
      leans: place.leans,
      removes: edit.removes,
      chain: { list: place.slots, rank, ...(sequence.routes && { fixed: true as const }) },
      stray: edit.stray,
      reason: edit.reason,
    });
  }
}

/** How the step of the numbers ends: what is typed last after a renumbering, and whether it differs at all. */
function stepChange(
  sequence: SequenceSyntax,
  before: Block | undefined,
  after: Block | undefined,
): StepChange {
  const slot = sequence.stepSlot;
  if (slot === undefined) return { settle: sequence.settle ?? [], differs: false };
  const wanted = after?.items.get(slot)?.source;
  return {
    settle: wanted === undefined ? (sequence.settle ?? []) : [wanted],
    differs: before?.items.get(slot)?.text !== after?.items.get(slot)?.text,
  };
}

/** Where the step is a line of the list, a renumbering leaves that line behind. */
function withStep(
  work: Work,
  sequence: SequenceSyntax,
  context: string,
  command: string,
  effect: Effect,
): Effect {
  if (effect.kind !== "renumber" || sequence.stepSlot === undefined) return effect;
  const slot = sequence.stepSlot;
  if (effect.step === sequence.step) return { ...effect, stepLine: { slot, statement: undefined } };
  const line = canonicalLine(work.compiled, context, command);
  const statement: Statement = {
    slot,
    text: line.key,
    source: command,
    negated: false,
    line: 0,
    match: line.match,
    secret: undefined,
    set: undefined,
    block: undefined,
  };
  return { ...effect, stepLine: { slot, statement } };
}
