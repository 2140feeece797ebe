import { maskBase } from "./canonical.ts";
import { type CompiledDialect, sequenceOf } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { type Intervals, normalizeIntervals, subtractIntervals } from "./intervals.ts";
import { compareNatural } from "./natural.ts";
import { type Header, type ImpliedElement, NO_EFFECTS, type Operation } from "./operation.ts";
import { captureValues, fillTemplate } from "./pattern.ts";
import {
  deepReferences,
  referenceName,
  referencesOf,
  referencesOfAbsence,
  usesOfEntry,
} from "./references.ts";
import type { ClaimTest } from "./scope.ts";
import { isRotatedSecret, sameSecret } from "./secrets.ts";
import { planList } from "./sequence.ts";
import { removalCommand, setCommands } from "./spell.ts";
import { absentSet, type Block, type Entry, livesByItself, type Statement } from "./state.ts";

/** What the difference of two states comes to. */
export interface Difference {
  readonly operations: readonly Operation[];
  /** Lists whose edit is not safe by its form alone: an entry moves, or one end is empty. */
  readonly unproved: readonly string[];
  readonly unmanaged: number;
}

interface Work {
  /** Names that running defines at root. */
  readonly known: ReadonlySet<string>;
  readonly compiled: CompiledDialect;
  readonly claims: ClaimTest;
  readonly rotated: ReadonlySet<string>;
  readonly operations: Operation[];
  readonly unproved: string[];
  unmanaged: number;
}

interface Siblings {
  readonly old: ReadonlyMap<string, Statement>;
  readonly next: ReadonlyMap<string, Statement>;
}

interface Place {
  readonly path: readonly Header[];
  readonly texts: readonly string[];
  readonly slots: string;
  /** Content namespaces that the enclosing block defines. */
  readonly touches: readonly string[];
  readonly headers: ReadonlyMap<string, Statement>;
  /** Names that the enclosing blocks lean on: typed after they exist, before they go. */
  readonly leans: readonly string[];
  readonly claimed: boolean;
}

const EMPTY: ReadonlyMap<string, Statement> = new Map();

/** Finds the operations that lead from one state to another, not yet ordered. */
export function diffStates(
  compiled: CompiledDialect,
  before: Block,
  after: Block,
  claims: ClaimTest,
  rotated: ReadonlySet<string>,
): Difference {
  const known = new Set<string>();
  for (const statement of before.items.values())
    for (const name of referencesOf(compiled.dialect, statement, "").defines) known.add(name);
  const work: Work = { known, compiled, claims, rotated, operations: [], unproved: [], unmanaged: 0 };
  diffBlocks(work, before, after, {
    path: [],
    texts: [],
    slots: "",
    touches: [],
    leans: [],
    headers: new Map(),
    claimed: false,
  });
  return work;
}

function diffBlocks(work: Work, before: Block | undefined, after: Block | undefined, place: Place): void {
  diffEntries(work, before, after, place);
  const old = before?.items ?? EMPTY;
  const next = after?.items ?? EMPTY;
  const siblings: Siblings = { old: withoutCleared(work, old, next, place), next };
  const owned = ownedSlots(old, next);
  const slots = [...new Set([...old.keys(), ...next.keys()])].sort(compareNatural);
  for (const slot of slots) {
    const a = siblings.old.get(slot);
    const b = next.get(slot);
    if (owned.has(slot) || (!a && b && staysHidden(work, b, place))) continue;
    const claim = place.claimed ? "all" : claimOf(work, place, a, b);
    if (claim === "none") {
      if (a) work.unmanaged++;
      continue;
    }
    if (a?.block || b?.block) {
      diffHeader(work, a, b, place, claim === "all", siblings);
      continue;
    }
    if (claim === "some") continue;
    if (a?.set || b?.set) diffSet(work, a, b, siblings, place);
    else diffLine(work, a, b, place, siblings);
  }
}

/** Lines that the device wipes by itself when another line changes do not stand any more. */
function withoutCleared(
  work: Work,
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
  place: Place,
): ReadonlyMap<string, Statement> {
  let result: Map<string, Statement> | undefined;
  for (const slot of new Set([...old.keys(), ...next.keys()])) {
    const statement = old.get(slot) ?? next.get(slot);
    const clears = statement?.match?.rule.clears;
    if (!clears || !statement) continue;
    const [a, b] = [old.get(slot), next.get(slot)];
    if (a && b && sameStatement(a, b, work.rotated)) continue;
    if (!place.claimed && work.claims([...place.texts, statement.text]) !== "all") continue;
    result ??= new Map(old);
    for (const name of old.keys()) if (clears.some((head) => startsSlot(name, head))) result.delete(name);
  }
  return result ?? old;
}

/** Slots that go with the line that owns them. */
function ownedSlots(
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
): ReadonlySet<string> {
  const owned = new Set<string>();
  for (const [slot, statement] of old) {
    const template = statement.match?.rule.owns;
    if (template === undefined || next.has(slot)) continue;
    const head = fillTemplate(template, captureValues(statement.match?.captures ?? []));
    for (const name of old.keys())
      if (name !== slot && name.startsWith(head) && !next.has(name)) owned.add(name);
  }
  return owned;
}

function startsSlot(slot: string, head: string): boolean {
  return slot === head || slot.startsWith(`${head} `);
}

/** A line that the device never shows is typed only where a name that it uses is new, or its secret is rotated. */
function staysHidden(work: Work, statement: Statement, place: Place): boolean {
  if (!statement.match?.rule.hidden) return false;
  if (isRotatedSecret(statement.secret, work.rotated)) return false;
  const { uses } = referencesOf(work.compiled.dialect, statement, place.slots);
  return uses.every((name) => work.known.has(name));
}

function claimOf(
  work: Work,
  place: Place,
  a: Statement | undefined,
  b: Statement | undefined,
): "all" | "some" | "none" {
  const first = work.claims([...place.texts, b?.text ?? a?.text ?? ""]);
  if (first === "all" || !a || !b || a.text === b.text) return first;
  const second = work.claims([...place.texts, a.text]);
  return second === "none" ? first : second;
}

/** Tells whether two statements say the same. */
export function sameStatement(a: Statement, b: Statement, rotated: ReadonlySet<string>): boolean {
  return a.text === b.text && sameSecret(a.secret, b.secret, rotated);
}

function diffLine(
  work: Work,
  a: Statement | undefined,
  b: Statement | undefined,
  place: Place,
  siblings?: Siblings,
): void {
  const { dialect } = work.compiled;
  if (a && b && sameStatement(a, b, work.rotated)) return;
  const base = {
    ...NO_EFFECTS,
    path: place.path,
    slot: (b ?? a)?.slot ?? "",
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
  };
  const old = a ? referencesOf(dialect, a, place.slots) : undefined;
  const next = b ? referencesOf(dialect, b, place.slots) : undefined;
  const removal: Operation | undefined = a && {
    ...base,
    text: a.text,
    command: removalCommand(dialect, a),
    effect: { kind: "drop", also: ownedBy(a, siblings) },
    defines: referencesOfAbsence(a, place.slots),
    undefines: old?.defines ?? [],
    drops: [...(old?.uses ?? []), ...usesOfOwned(dialect, a, siblings, place)],
    releases: exclusiveOf(a, place.slots),
    removes: !a.negated,
    reason: `running line ${a.line} is not in intended`,
  };
  if (!b) {
    if (removal) work.operations.push(removal);
    return;
  }
  const put: Operation = {
    ...base,
    text: b.text,
    command: b.source,
    effect: { kind: "put", statement: b, clears: b.match?.rule.clears ?? [] },
    defines: without(next?.defines, old?.defines),
    gains: without(next?.uses, old?.uses),
    takes: without(exclusiveOf(b, place.slots), a ? exclusiveOf(a, place.slots) : []),
    reason: a
      ? `intended line ${b.line} replaces running line ${a.line}`
      : `intended line ${b.line} is missing in running`,
  };
  if (a && removal && b.match?.rule.overwrite === false && !a.negated && !b.negated) {
    const link = `refill:${place.slots}/${b.slot}`;
    work.operations.push(
      {
        ...removal,
        releases: [...removal.releases, link],
        reason: "the device refuses to overwrite: the old line goes first",
      },
      {
        ...put,
        defines: next?.defines ?? [],
        gains: next?.uses ?? [],
        takes: [...exclusiveOf(b, place.slots), link],
      },
    );
    return;
  }
  work.operations.push({
    ...put,
    defines: [
      ...put.defines,
      ...without(a && referencesOfAbsence(a, place.slots), referencesOfAbsence(b, place.slots)),
    ],
    undefines: [
      ...without(old?.defines, next?.defines),
      ...without(referencesOfAbsence(b, place.slots), a && referencesOfAbsence(a, place.slots)),
    ],
    drops: without(old?.uses, next?.uses),
    releases: a ? without(exclusiveOf(a, place.slots), exclusiveOf(b, place.slots)) : [],
  });
}

/** Slots that go when a line goes. */
function ownedBy(statement: Statement, siblings: Siblings | undefined): string[] {
  const template = statement.match?.rule.owns;
  if (template === undefined || !siblings) return [];
  const head = fillTemplate(template, captureValues(statement.match?.captures ?? []));
  return [...siblings.old.keys()].filter((name) => name !== statement.slot && name.startsWith(head));
}

function usesOfOwned(
  dialect: Dialect,
  statement: Statement,
  siblings: Siblings | undefined,
  place: Place,
): string[] {
  return ownedBy(statement, siblings).flatMap((slot) => {
    const owned = siblings?.old.get(slot);
    return owned ? referencesOf(dialect, owned, place.slots).uses : [];
  });
}

function without(list: readonly string[] | undefined, other: readonly string[] | undefined): string[] {
  return (list ?? []).filter((name) => !other?.includes(name));
}

function exclusiveOf(statement: Statement, scope: string): string[] {
  const template = statement.match?.rule.exclusive;
  if (template === undefined || statement.negated) return [];
  const captures = statement.match?.captures ?? [];
  const net = maskBase(captures[0]?.text ?? "", captures[1]?.text ?? "");
  const name = fillTemplate(template, { ...captureValues(captures), net });
  return [name.startsWith("local:") ? `${scope}|${name}` : name];
}

/** A block that exists by a set's element leans on it: `vlan 10` may be entered once VLAN 10 exists. */
function headerLeans(dialect: Dialect, statement: Statement): string[] {
  if (statement.match?.rule.implies === undefined) return [];
  return statement.match.captures
    .filter((c) => Object.hasOwn(dialect.namespaces, c.type))
    .map((c) => referenceName(dialect, c.type, c.text));
}

function headerOf(statement: Statement): Header {
  return { slot: statement.slot, text: statement.text, source: statement.source };
}

function below(work: Work, place: Place, statement: Statement, claimed: boolean): Place {
  const { dialect } = work.compiled;
  const content = referencesOf(dialect, statement, place.slots).defines.filter(
    (name) => dialect.namespaces[name.slice(0, name.indexOf(":"))]?.content,
  );
  return {
    path: [...place.path, headerOf(statement)],
    texts: [...place.texts, statement.text],
    slots: `${place.slots}/${statement.slot}`,
    touches: [...place.touches, ...content],
    leans: [...place.leans, ...headerLeans(dialect, statement)],
    headers: new Map([...place.headers, [statement.slot, statement]]),
    claimed,
  };
}

function diffHeader(
  work: Work,
  a: Statement | undefined,
  b: Statement | undefined,
  place: Place,
  claimed: boolean,
  siblings: Siblings,
): void {
  const { dialect } = work.compiled;
  if (a && b) {
    if (a.negated || b.negated || !a.block || !b.block) {
      diffLine(work, a, b, place);
      return;
    }
    if (claimed && !sameStatement(a, b, work.rotated)) diffLine(work, a, b, place);
    diffBlocks(work, a.block, b.block, below(work, place, a, claimed));
    return;
  }
  if (b) {
    const inside = below(work, place, b, claimed);
    const implied = impliedElement(b, siblings);
    if (!livesByItself(dialect, b) || implied) openBlock(work, b, place, inside, implied);
    diffBlocks(work, undefined, b.block, inside);
    return;
  }
  if (!a) return;
  if (goesWithSet(work, a, siblings, place)) return;
  if (a.negated) {
    diffLine(work, a, undefined, place);
    return;
  }
  const physical = livesByItself(dialect, a);
  const reset = a.match?.rule.life === "interface" ? dialect.resetCommand : undefined;
  if (!claimed || (physical && reset === undefined)) {
    diffBlocks(work, a.block, undefined, below(work, place, a, claimed));
    return;
  }
  const references = deepReferences(dialect, a, place.slots);
  work.operations.push({
    ...NO_EFFECTS,
    path: place.path,
    slot: a.slot,
    text: a.text,
    command:
      physical && reset !== undefined
        ? fillTemplate(reset, captureValues(a.match?.captures ?? []))
        : removalCommand(dialect, a),
    effect: { kind: "drop", also: [] },
    undefines: physical ? [] : references.defines,
    drops: references.uses,
    releases: deepExclusives(a, place.slots),
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
    removes: true,
    reason: `running line ${a.line}: the block is not in intended${physical ? ", the port goes back to default" : ""}`,
  });
}

function deepExclusives(statement: Statement, scope: string): string[] {
  const result = exclusiveOf(statement, scope);
  const inner = `${scope}/${statement.slot}`;
  for (const child of statement.block?.items.values() ?? []) result.push(...deepExclusives(child, inner));
  return result;
}

function openBlock(
  work: Work,
  statement: Statement,
  place: Place,
  inside: Place,
  implied: ImpliedElement | undefined,
): void {
  const references = referencesOf(work.compiled.dialect, statement, place.slots);
  const empty: Statement = {
    ...statement,
    block: {
      context: statement.block?.context ?? "unknown",
      items: new Map(),
      entries: statement.block?.entries ? [] : undefined,
    },
  };
  work.operations.push({
    ...NO_EFFECTS,
    path: place.path,
    slot: statement.slot,
    text: statement.text,
    command: statement.source,
    effect: { kind: "open", statement: empty, implied },
    enters: headerOf(statement),
    defines: implied ? headerLeans(work.compiled.dialect, statement) : references.defines,
    gains: implied ? [] : references.uses,
    touches: inside.touches,
    headers: place.headers,
    leans: place.leans,
    takes: exclusiveOf(statement, place.slots),
    reason: `intended line ${statement.line}: the block is missing in running`,
  });
}

/** For a block that belongs to a set (`vlan 10` to `vlan batch`): the element that its header brings. */
function impliedElement(statement: Statement, { old, next }: Siblings): ImpliedElement | undefined {
  const slot = statement.match?.rule.implies;
  if (slot === undefined) return undefined;
  const element = Number(statement.match?.captures[0]?.text);
  const set = next.get(slot);
  return set && !contains(old.get(slot)?.set ?? [], element) ? { slot, element, statement: set } : undefined;
}

/** Tells whether a block goes by itself when its element leaves the set. */
function goesWithSet(work: Work, statement: Statement, { next, old }: Siblings, place: Place): boolean {
  const slot = statement.match?.rule.implies;
  if (slot === undefined) return false;
  if (contains(next.get(slot)?.set ?? [], Number(statement.match?.captures[0]?.text))) return false;
  const set = old.get(slot);
  return set !== undefined && (place.claimed || work.claims([...place.texts, set.text]) === "all");
}

function contains(set: Intervals, element: number): boolean {
  return set.some(([low, high]) => low <= element && element <= high);
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

function diffSet(
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
        alsoDrop: blocksOf(siblings, model.slot, lost),
      },
      defines: defines ? namesOf(work, syntax.of, gained) : [],
      undefines: defines ? namesOf(work, syntax.of, lost) : [],
      gains: !a && !step.removes ? references.uses : [],
      drops: !b && step.removes ? references.uses : [],
      takes: step.removes ? [] : exclusiveOf(model, place.slots),
      releases: !b && step.removes ? exclusiveOf(model, place.slots) : [],
      setGains: defines ? [] : gained,
      setDrops: defines ? [] : lost,
      setOf: syntax.of,
      touches: place.touches,
      headers: place.headers,
      leans: place.leans,
      removes: step.removes,
      chain: { list: `${place.slots}/${model.slot}`, rank: step.removes ? 1 : 0 },
      reason: setReason(a, b),
    });
  }
}

function setReason(a: Statement | undefined, b: Statement | undefined): string {
  if (a && b) return `the list of running line ${a.line} becomes that of intended line ${b.line}`;
  return b
    ? `the list of intended line ${b.line} is missing in running`
    : `the list of running line ${a?.line} is not in intended`;
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

function namesOf(work: Work, namespace: string, set: Intervals): string[] {
  const names: string[] = [];
  for (const [low, high] of set) {
    for (let value = low; value <= high; value++)
      names.push(referenceName(work.compiled.dialect, namespace, String(value)));
  }
  return names;
}

function diffEntries(work: Work, before: Block | undefined, after: Block | undefined, place: Place): void {
  const context = (after ?? before)?.context ?? "";
  const sequence = sequenceOf(work.compiled, context);
  if (!sequence || !place.claimed) return;
  const old: readonly Entry[] = before?.entries ?? [];
  const next: readonly Entry[] = after?.entries ?? [];
  const header = place.headers.get(place.path.at(-1)?.slot ?? "");
  const name = header?.match?.captures[0]?.text ?? "";
  const settle = [...(after?.items.values() ?? [])]
    .filter((item) => item.slot === sequence.stepSlot)
    .map((item) => item.source);
  const plan = planList(sequence, name, old, next, settle.length > 0 ? settle : (sequence.settle ?? []));
  if (!plan.proved && plan.edits.length > 1 && before) work.unproved.push(...place.touches);
  const { dialect } = work.compiled;
  for (const [rank, edit] of plan.edits.entries()) {
    const uses = edit.entry ? usesOfEntry(dialect, edit.entry.text) : [];
    work.operations.push({
      ...NO_EFFECTS,
      path: place.path,
      slot: "",
      text: edit.entry?.text ?? edit.command,
      command: edit.command,
      place: edit.place,
      effect: edit.effect,
      gains: edit.removes ? [] : uses,
      drops: edit.removes ? uses : [],
      touches: place.touches,
      headers: place.headers,
      leans: place.leans,
      removes: edit.removes,
      chain: { list: place.slots, rank },
      reason: edit.reason,
    });
  }
}
