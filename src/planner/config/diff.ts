import { LiveState, wipeBlocks } from "./apply.ts";
import { type CompiledDialect, tableOf } from "./compile.ts";
import { diffEntries } from "./diff-entries.ts";
import { dropBlock, goneFamilies, isWholeList, resetOf } from "./diff-gone.ts";
import { diffLine } from "./diff-line.ts";
import { diffSet, goesWithSet, impliedElement } from "./diff-set.ts";
import {
  claimOf,
  headerLeans,
  type Place,
  type Siblings,
  sameBlock,
  sameStatement,
  startsSlot,
  takesOf,
  unsureHead,
  type Work,
} from "./diff-work.ts";
import { finishBlock } from "./forms/finish.ts";
import { headerOf, type ImpliedElement, NO_EFFECTS, type Operation } from "./operation.ts";
import { goneOwners, ownedSlots, revokedHeads, withoutRevoked } from "./owners.ts";
import { referencesOf } from "./references.ts";
import { CLAIM_ALL, type ClaimTest } from "./scope.ts";
import { isRotatedSecret } from "./secrets.ts";
import { type Block, isEmptyBlock, livesByItself, type Statement } from "./state.ts";

/** What the difference of two states comes to. */
export interface Difference {
  readonly operations: readonly Operation[];
  /** Lists whose edit is not safe by its form alone: an entry moves, or one end is empty. */
  readonly unproved: readonly string[];
  readonly unmanaged: number;
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
  let known: ReadonlySet<string> | undefined;
  const knows = (name: string) => {
    known ??= definedNames(compiled, before);
    return known.has(name);
  };
  const work: Work = { knows, compiled, claims, rotated, operations: [], unproved: [], unmanaged: 0 };
  diffBlocks(work, withoutWiped(compiled, before, after), after, {
    path: [],
    texts: [],
    slots: "",
    touches: [],
    leans: [],
    headers: new Map(),
    shift: 0,
    claimed: claims === CLAIM_ALL,
  });
  return work;
}

/** Names that stand at root. */
function definedNames({ dialect }: CompiledDialect, state: Block): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of state.items.values())
    for (const name of referencesOf(dialect, statement, "").defines) names.add(name);
  return names;
}

/** The state before without the lines of other blocks that a new line wipes by itself. */
function withoutWiped(compiled: CompiledDialect, before: Block, after: Block): Block {
  if (!tableOf(compiled, after.context).wipes) return before;
  let live: LiveState | undefined;
  for (const [slot, statement] of after.items) {
    const wipes = statement.match?.rule.wipes;
    if (!wipes || before.items.has(slot)) continue;
    live ??= new LiveState(before);
    wipeBlocks(live, wipes);
  }
  return live?.root ?? before;
}

function diffBlocks(work: Work, before: Block | undefined, after: Block | undefined, place: Place): void {
  const first = work.operations.length;
  diffEntries(work, before, after, place);
  const old = before?.items ?? EMPTY;
  const next = after?.items ?? EMPTY;
  const table = tableOf(work.compiled, (after ?? before)?.context ?? "");
  const oldTable = before === undefined ? table : tableOf(work.compiled, before.context);
  const owners = oldTable.owns ? goneOwners(old, next) : NO_OWNERS;
  const heads = new Set(owners.values());
  const revoked = revokedHeads(next, heads);
  const cleared = [...(table.clears || oldTable.clears ? clearedHeads(old, next) : []), ...revoked];
  const kept = cleared.length === revoked.size ? old : withoutCleared(work, old, next, place);
  const left = revoked.size === 0 ? kept : withoutRevoked(kept, next, revoked);
  const siblings: Siblings = {
    families: oldTable.families ? goneFamilies(work, left, next, place) : NO_FAMILIES,
    old: left,
    next,
    cleared,
    owners,
    wiped: left === old ? [] : [...old.values()].filter((statement) => !left.has(statement.slot)),
  };
  const owned = owners.size === 0 ? NOTHING_OWNED : ownedSlots(old, next, owners, heads);
  const skips = (slot: string) => slot === table.sequence?.stepSlot || owned.has(slot);
  // The order of what comes of the lines is settled later.
  for (const [slot, b] of next) {
    const a = left.get(slot);
    if (place.claimed && a !== undefined && isShared(a, b) && work.rotated.size === 0) continue;
    if (!skips(slot)) diffSlot(work, a, b, place, siblings);
  }
  for (const slot of old.keys())
    if (!next.has(slot) && !skips(slot)) diffSlot(work, left.get(slot), undefined, place, siblings);
  if (table.activates) activateBlock(work, first, next, place);
  if (work.compiled.dialect.layout !== "indent") finishBlock(work, first, before, after, place);
}

/** Types the line again that what changed in a block takes effect with, behind all that changed. */
function activateBlock(work: Work, first: number, next: ReadonlyMap<string, Statement>, place: Place): void {
  const { operations } = work;
  const line = [...next.values()].find(({ match, negated }) => match?.rule.activates && !negated);
  if (line === undefined || operations.length === first) return;
  const behind = `filled:${place.slots}/${line.slot}`;
  const isLine = (operation: Operation) => operation.slot === line.slot && operation.effect.kind === "put";
  const changes = operations.splice(first);
  const others = changes.filter((operation) => !isLine(operation));
  operations.push(
    ...others.map((operation) => ({ ...operation, releases: [...operation.releases, behind] })),
  );
  operations.push({
    ...NO_EFFECTS,
    path: place.path,
    slot: line.slot,
    text: line.text,
    command: line.source,
    effect: { kind: "put", statement: line, clears: [], wipes: undefined },
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
    takes: [behind],
    reason: `what changed takes effect with intended line ${line.line + place.shift}`,
  });
}

const NOTHING_OWNED: ReadonlySet<string> = new Set();
const NO_OWNERS: ReadonlyMap<string, string> = new Map();
const NO_FAMILIES: Siblings["families"] = new Map();

function diffSlot(
  work: Work,
  a: Statement | undefined,
  b: Statement | undefined,
  place: Place,
  siblings: Siblings,
): void {
  if (!a && b && staysHidden(work, b, place)) return;
  const claim = place.claimed ? "all" : claimOf(work, place, a, b);
  if (claim === "none") {
    if (a) work.unmanaged++;
    return;
  }
  if (a?.block || b?.block) {
    diffHeader(work, a, b, place, claim === "all", siblings);
    return;
  }
  if (claim === "some") return;
  if (a?.set || b?.set) diffSet(work, a, b, siblings, place);
  else diffLine(work, a, b, place, siblings);
}

/** Beginnings of slots that some line of the block wipes when it changes. */
function clearedHeads(old: ReadonlyMap<string, Statement>, next: ReadonlyMap<string, Statement>): string[] {
  const heads: string[] = [];
  for (const map of [old, next]) {
    for (const statement of map.values()) {
      const clears = statement.match?.rule.clears;
      if (clears) heads.push(...clears);
    }
  }
  return heads;
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
    for (const name of old.keys())
      if (name !== slot && clears.some((head) => startsSlot(name, head))) result.delete(name);
  }
  return result ?? old;
}

/** A line that the device never shows is typed only where a name that it uses is new, or its secret is rotated. */
function staysHidden(work: Work, statement: Statement, place: Place): boolean {
  if (!statement.match?.rule.hidden) return false;
  if (isRotatedSecret(statement.secret, work.rotated)) return false;
  const { uses } = referencesOf(work.compiled.dialect, statement, place.slots);
  return uses.every(work.knows);
}

/** Tells whether two statements are one and the same object, or differ in nothing but a wrapper around one block. */
function isShared(a: Statement, b: Statement): boolean {
  return (
    a === b || (a.block !== undefined && a.block === b.block && a.text === b.text && a.secret === b.secret)
  );
}

/** @param shift - of the block's lines in intended */
function below(work: Work, place: Place, statement: Statement, claimed: boolean, shift = 0): Place {
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
    shift: place.shift + shift,
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
    // What its header says is part of a block's content.
    if (claimed && !sameStatement(a, b, work.rotated))
      diffLine(work, a, b, { ...place, touches: below(work, place, b, claimed).touches });
    // Most blocks of a configuration are as they should be: seen at a glance, before anything is made for them.
    if (claimed && sameBlock(a.block, b.block, work.rotated)) return;
    diffBlocks(work, a.block, b.block, below(work, place, a, claimed, b.shift));
    return;
  }
  if (b) {
    const inside = below(work, place, b, claimed, b.shift);
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
  const family = siblings.families.get(a.slot) ?? [a];
  if (family[0] !== a) return;
  const physical = livesByItself(dialect, a);
  if (physical && a.block && isEmptyBlock(a.block)) return;
  const goesWhole = !physical || isWholeList(a, siblings) || resetOf(work, a) !== undefined;
  if (claimed && goesWhole) dropBlock(work, a, family, place, siblings);
  else diffBlocks(work, a.block, undefined, below(work, place, a, claimed));
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
    takes: takesOf(statement, place.slots),
    unsure: unsureHead(work.compiled.dialect, statement, place.slots),
    reason: `intended line ${statement.line + place.shift}: the block is missing in running`,
  });
}
