import type { Dialect, SetSyntax } from "./dialect.ts";
import { type Place, releasesOf, type Siblings, takesOf, type Work } from "./diff-work.ts";
import { contains, type Intervals, normalizeIntervals, subtractIntervals } from "./intervals.ts";
import { type ImpliedElement, NO_EFFECTS } from "./operation.ts";
import { deepReferences, referenceName, referencesOf } from "./references.ts";
import { setCommands } from "./spell.ts";
import { absentSet, type Statement } from "./state.ts";

export function diffSet(
  work: Work,
  a: Statement | undefined,
  b: Statement | undefined,
  siblings: Siblings,
  place: Place,
): void {
  const model = b ?? a;
  const match = model?.match;
  const syntax = match?.rule.set;
  if (!model || !match || !syntax) return;
  const { dialect } = work.compiled;
  const absent = absentSet(syntax);
  const before = a?.set ?? absent;
  const defines = match.rule.defines?.includes(syntax.of) ?? false;
  const references = referencesOf(dialect, model, place.slots);
  const target = subtractIntervals(b?.set ?? absent, openedElements(model.slot, before, siblings));
  let set = before;
  for (const step of setCommands(syntax, match, before, target)) {
    const gained = subtractIntervals(step.set, set);
    const lost = subtractIntervals(set, step.set);
    const gone = blocksOf(siblings, model.slot, lost);
    set = step.set;
    work.operations.push({
      ...NO_EFFECTS,
      path: place.path,
      slot: model.slot,
      text: model.slot,
      command: step.command,
      effect: {
        kind: "set",
        statement: model,
        added: gained,
        removed: lost,
        alsoDrop: gone,
      },
      defines: [...(a ? [] : references.defines), ...(defines ? namesOf(work, syntax.of, gained) : [])],
      undefines: [...(b ? [] : references.defines), ...(defines ? namesOf(work, syntax.of, lost) : [])],
      gains: !a && !step.removes ? references.uses : [],
      drops: [...(!b && step.removes ? references.uses : []), ...usesOfBlocks(dialect, siblings, gone)],
      takes: [...(a ? [] : takesOf(model, place.slots)), ...apartNames(syntax, place, gained)],
      releases: [...(b ? [] : releasesOf(model, place.slots)), ...apartNames(syntax, place, lost)],
      setGains: defines ? [] : gained,
      setDrops: defines ? [] : lost,
      setOf: syntax.of,
      touches: place.touches,
      headers: place.headers,
      leans: [...place.leans, ...references.uses],
      removes: step.removes,
      chain: { list: `${place.slots}/${model.slot}`, rank: step.removes ? 1 : 0 },
      reason: setReason(a?.line, b && b.line + place.shift),
    });
  }
}

function usesOfBlocks(dialect: Dialect, { old }: Siblings, slots: readonly string[]): string[] {
  return slots.flatMap((slot) => {
    const statement = old.get(slot);
    return statement ? deepReferences(dialect, statement, "").uses : [];
  });
}

function setReason(running: number | undefined, intended: number | undefined): string {
  if (running !== undefined && intended !== undefined)
    return `the list of running line ${running} becomes that of intended line ${intended}`;
  return intended !== undefined
    ? `the list of intended line ${intended} is missing in running`
    : `the list of running line ${running} is not in intended`;
}

function blocksOf({ old, next }: Siblings, slot: string, lost: Intervals): string[] {
  if (lost.length === 0) return [];
  const result: string[] = [];
  for (const [name, statement] of old) {
    if (statement.match?.rule.implies !== slot || next.has(name)) continue;
    const element = Number(statement.match.captures[0]?.text);
    if (contains(lost, element)) result.push(name);
  }
  return result;
}

/** An element that goes from one list to another of the same block leaves the one before it enters the other. */
function apartNames(syntax: SetSyntax, place: Place, set: Intervals): string[] {
  if (syntax.apart === undefined) return [];
  return set.flatMap(([low, high]) =>
    Array.from({ length: high - low + 1 }, (_, i) => `${place.slots}|${syntax.apart} ${low + i}`),
  );
}

function namesOf(work: Work, namespace: string, set: Intervals): string[] {
  const names: string[] = [];
  for (const [low, high] of set) {
    for (let value = low; value <= high; value++)
      names.push(referenceName(work.compiled.dialect, namespace, String(value)));
  }
  return names;
}

/** Elements that come with the header of a new block, so that the list need not name them. */
function openedElements(slot: string, before: Intervals, { old, next }: Siblings): Intervals {
  const result: [number, number][] = [];
  for (const [name, statement] of next) {
    if (statement.match?.rule.implies !== slot || old.has(name)) continue;
    const element = Number(statement.match.captures[0]?.text);
    if (!contains(before, element)) result.push([element, element]);
  }
  return normalizeIntervals(result);
}

/** For a block that belongs to a set (`vlan 10` to `vlan batch`): the element that its header brings. */
export function impliedElement(statement: Statement, { old, next }: Siblings): ImpliedElement | undefined {
  const slot = statement.match?.rule.implies;
  if (slot === undefined) return undefined;
  const element = Number(statement.match?.captures[0]?.text);
  const set = next.get(slot);
  return set && !contains(old.get(slot)?.set ?? [], element) ? { slot, element, statement: set } : undefined;
}

/** Tells whether a block goes by itself when its element leaves the set. */
export function goesWithSet(
  work: Work,
  statement: Statement,
  { next, old }: Siblings,
  place: Place,
): boolean {
  const slot = statement.match?.rule.implies;
  if (slot === undefined) return false;
  if (contains(next.get(slot)?.set ?? [], Number(statement.match?.captures[0]?.text))) return false;
  const set = old.get(slot);
  return set !== undefined && (place.claimed || work.claims([...place.texts, set.text]) === "all");
}
