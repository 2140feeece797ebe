import { compareText } from "../../model/finding.ts";
import { alignLists, alignMembers } from "./align.ts";
import { compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { sameStatement } from "./diff-work.ts";
import { orderedGroups } from "./forms/ordered.ts";
import { compareNatural } from "./natural.ts";
import { alignRanges } from "./ranges.ts";
import { stateOf } from "./read-state.ts";
import { type ClaimTest, claimTest } from "./scope.ts";
import { redactLine } from "./secrets.ts";
import type { Block, Statement } from "./state.ts";
import type { ConfigItem, ConfigTree, Scope } from "./types.ts";

interface Work {
  readonly dialect: Dialect;
  readonly claims: ClaimTest;
  readonly items: ConfigItem[];
}

const EMPTY: ReadonlyMap<string, Statement> = new Map();

/** Compares two configurations item by item under canonical equality.
 *  @returns what changed from `before` to `after`, sorted by path; texts hold no secret */
export function compareTrees(
  dialect: Dialect,
  before: ConfigTree,
  after: ConfigTree,
  scope: Scope,
): ConfigItem[] {
  return compareStates(dialect, stateOf(dialect, before), stateOf(dialect, after), scope);
}

/** Compares two states item by item. */
export function compareStates(dialect: Dialect, before: Block, after: Block, scope: Scope): ConfigItem[] {
  const aligned = alignRanges(compileDialect(dialect), before, after);
  const work: Work = { dialect, claims: claimTest(scope), items: [] };
  compareBlocks(work, aligned.before, aligned.after, []);
  return work.items.sort(byPath);
}

function byPath(a: ConfigItem, b: ConfigItem): number {
  for (let i = 0; i < Math.min(a.path.length, b.path.length); i++) {
    const order = compareNatural(a.path[i] ?? "", b.path[i] ?? "");
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length || compareText(a.kind, b.kind);
}

function compareBlocks(
  work: Work,
  before: Block | undefined,
  after: Block | undefined,
  path: readonly string[],
): void {
  const old = before?.items ?? EMPTY;
  const next = after?.items ?? EMPTY;
  for (const [slot, a] of old) compareSlot(work, slot, a, next.get(slot), path);
  for (const [slot, b] of next) if (!old.has(slot)) compareSlot(work, slot, undefined, b, path);
  compareEntries(work, before, after, path);
  compareOrder(work, before, after, path);
}

function compareSlot(
  work: Work,
  slot: string,
  a: Statement | undefined,
  b: Statement | undefined,
  path: readonly string[],
): void {
  if (a === b || (a?.block !== undefined && a.block === b?.block && a.text === b.text)) return;
  if ((!a || !b) && (a ?? b)?.match?.rule.hidden) return;
  const here = [...path, (b ?? a)?.block ? ((b ?? a)?.text ?? slot) : slot];
  if (!a || !b || !sameStatement(a, b, NO_ROTATION))
    report(work, here, spell(work, a), spell(work, b), b ?? a);
  if (a?.block || b?.block) compareBlocks(work, a?.block, b?.block, here);
}

/** Blocks whose order counts: a list of them that stands in another order is one item. */
function compareOrder(
  work: Work,
  before: Block | undefined,
  after: Block | undefined,
  path: readonly string[],
): void {
  const syntax = work.dialect.ordered?.[before?.context ?? ""];
  if (!syntax || !before || !after) return;
  const old = orderedGroups(before, syntax);
  for (const [group, next] of orderedGroups(after, syntax)) {
    const now = new Set(next);
    const was = (old.get(group) ?? []).filter((slot) => now.has(slot));
    const stood = new Set(was);
    const is = next.filter((slot) => stood.has(slot));
    if (was.every((slot, i) => slot === is[i])) continue;
    work.items.push({
      path: [...path, `order of ${group || syntax.head || "entries"}`.trim()],
      kind: "changed",
      before: was.join(", "),
      after: is.join(", "),
      managed: work.claims(path) === "all",
    });
  }
}

const NO_ROTATION: ReadonlySet<string> = new Set();

function spell(work: Work, statement: Statement | undefined): string | undefined {
  return statement && redactLine(work.dialect, statement.set ? statement.text : statement.source);
}

function report(
  work: Work,
  path: readonly string[],
  before: string | undefined,
  after: string | undefined,
  statement: Statement | undefined,
): void {
  const claimPath = [...path.slice(0, -1), statement?.text ?? path.at(-1) ?? ""];
  work.items.push({
    path,
    kind: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    before,
    after,
    managed: work.claims(claimPath) === "all",
  });
}

function compareEntries(
  work: Work,
  before: Block | undefined,
  after: Block | undefined,
  path: readonly string[],
): void {
  const old = before?.entries ?? [];
  const next = after?.entries ?? [];
  if (old.length === 0 && next.length === 0) return;
  const textOf = (entry: { text: string; note: string | undefined }) =>
    entry.note === undefined ? entry.text : `${entry.text}\u0000${entry.note}`;
  const syntax = work.dialect.sequences[(after ?? before)?.context ?? ""];
  const align = syntax?.unordered ? alignMembers : alignLists;
  const kept = align(old.map(textOf), next.map(textOf));
  const stay = new Set(kept);
  const managed = work.claims(path) === "all";
  for (const [i, entry] of old.entries()) {
    if (!stay.has(i))
      work.items.push({
        path: [...path, entry.text],
        kind: "removed",
        before: entry.source,
        after: undefined,
        managed,
      });
  }
  for (const [j, entry] of next.entries()) {
    if (kept[j] === -1)
      work.items.push({
        path: [...path, entry.text],
        kind: "added",
        before: undefined,
        after: entry.source,
        managed,
      });
  }
}
