import { factsOf } from "./block-facts.ts";
import { type CompiledDialect, compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { contains, type Intervals } from "./intervals.ts";
import type { Operation } from "./operation.ts";
import { placeName, referencesOf, scopeOfName, unplacedReferences, usesOfEntry } from "./references.ts";
import type { Block, Statement } from "./state.ts";

/** How often each watched name is defined and used. */
export class ReferenceCounts {
  readonly #defined: Map<string, number>;
  readonly #used: Map<string, number>;

  private constructor(defined: Map<string, number>, used: Map<string, number>) {
    this.#defined = defined;
    this.#used = used;
  }

  /** Counts names in a state; only those that some step touches are worth it. */
  static of(dialect: Dialect, state: Block, watched: WatchedNames): ReferenceCounts {
    const counts = new ReferenceCounts(new Map(), new Map());
    if (watched.names.size > 0) counts.#countBlock(compileDialect(dialect), state, watched.root, watched, 1);
    return counts;
  }

  /** The counts of another state: what both hold is not counted again.
   *  @param before - the state that these are the counts of */
  changedTo(dialect: Dialect, before: Block, after: Block, watched: WatchedNames): ReferenceCounts {
    const counts = this.copy();
    if (watched.names.size === 0) return counts;
    const compiled = compileDialect(dialect);
    const { root } = watched;
    for (const [slot, statement] of before.items)
      if (after.items.get(slot) !== statement) counts.#countLine(compiled, statement, root, watched, -1);
    for (const [slot, statement] of after.items)
      if (before.items.get(slot) !== statement) counts.#countLine(compiled, statement, root, watched, 1);
    counts.#countEntries(compiled, before, watched, -1);
    counts.#countEntries(compiled, after, watched, 1);
    return counts;
  }

  /** A copy to play steps on. */
  copy(): ReferenceCounts {
    return new ReferenceCounts(new Map(this.#defined), new Map(this.#used));
  }

  /** @param scope - path of the block; undefined where no step touches a name that lives within one
   *  @param by - 1 for what is there, -1 for what is not any more */
  #countBlock(
    compiled: CompiledDialect,
    block: Block,
    scope: string | undefined,
    watched: WatchedNames,
    by: number,
  ): void {
    for (const statement of factsOf(compiled, block).naming)
      this.#countLine(compiled, statement, scope, watched, by);
    this.#countEntries(compiled, block, watched, by);
  }

  #countLine(
    compiled: CompiledDialect,
    statement: Statement,
    scope: string | undefined,
    watched: WatchedNames,
    by: number,
  ): void {
    const { match, set, block } = statement;
    const rule = match?.rule;
    if (rule?.referential) {
      const { defines, uses, local } = unplacedReferences(compiled.dialect, statement);
      // Most blocks are left alone by a change: names that live within them need not be spelled then.
      const place = local && scope !== undefined && watched.scopes.has(scope) ? scope : undefined;
      countNames(this.#defined, defines, place, watched, by);
      countNames(this.#used, uses, place, watched, by);
    }
    if (set && rule?.set && rule.defines?.includes(rule.set.of))
      countElements(this.#defined, rule.set.of, set, watched, by);
    const inner = scope === undefined ? undefined : `${scope}/${statement.slot}`;
    if (block) this.#countBlock(compiled, block, inner, watched, by);
  }

  #countEntries(compiled: CompiledDialect, block: Block, { names }: WatchedNames, by: number): void {
    if (block.entries === undefined) return;
    for (const name of factsOf(compiled, block).entryUses) if (names.has(name)) bump(this.#used, name, by);
  }

  /** Plays a step. */
  play(operation: Operation): void {
    for (const name of operation.defines) bump(this.#defined, name, 1);
    for (const name of operation.undefines) bump(this.#defined, name, -1);
    for (const name of operation.gains) bump(this.#used, name, 1);
    for (const name of operation.drops) bump(this.#used, name, -1);
  }

  /** Names that a step leaves used but not defined. */
  danglingAfter(operation: Operation): string[] {
    return [...operation.gains, ...operation.undefines].filter((name) => this.isDangling(name));
  }

  isUsed(name: string): boolean {
    return (this.#used.get(name) ?? 0) > 0;
  }

  isDangling(name: string): boolean {
    return (this.#used.get(name) ?? 0) > 0 && (this.#defined.get(name) ?? 0) <= 0;
  }
}

/** Names that the steps of a change touch, and the blocks that those of them live in that are local. */
export interface WatchedNames {
  readonly names: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  /** The path of the outermost block; undefined where no name lives within a block, so that no path is asked for. */
  readonly root: string | undefined;
}

/** Collects the names that steps touch. */
export function watchedNames(operations: readonly Operation[]): WatchedNames {
  const names = new Set<string>();
  const scopes = new Set<string>();
  for (const { gains, drops, defines, undefines, touches, stray } of operations) {
    for (const list of [gains, drops, defines, undefines, stray === undefined ? [] : touches]) {
      for (const name of list) {
        names.add(name);
        const scope = scopeOfName(name);
        if (scope !== undefined) scopes.add(scope);
      }
    }
  }
  return { names, scopes, root: scopes.size === 0 ? undefined : "" };
}

/** The first line of a state that uses a name, with the blocks around it; undefined where none does. */
export function firstUse(
  compiled: CompiledDialect,
  state: Block,
  name: string,
  scope = "",
): readonly string[] | undefined {
  const { dialect } = compiled;
  const facts = factsOf(compiled, state);
  for (const statement of facts.naming) {
    if (referencesOf(dialect, statement, scope).uses.includes(name)) return [statement.text];
    const { block } = statement;
    const below = block && firstUse(compiled, block, name, `${scope}/${statement.slot}`);
    if (below) return [statement.text, ...below];
  }
  if (!facts.entryUses.includes(name)) return undefined;
  const entry = state.entries?.find(({ text }) => usesOfEntry(dialect, text).includes(name));
  return entry && [entry.text];
}

function countNames(
  counts: Map<string, number>,
  names: readonly string[],
  place: string | undefined,
  watched: WatchedNames,
  by: number,
): void {
  for (const name of names) {
    const full = place === undefined ? name : placeName(name, place);
    if (watched.names.has(full)) bump(counts, full, by);
  }
}

/** A list may hold thousands of elements; the names that the steps touch are few. */
function countElements(
  counts: Map<string, number>,
  namespace: string,
  set: Intervals,
  { names }: WatchedNames,
  by: number,
): void {
  for (const name of names) {
    if (!name.startsWith(namespace) || name[namespace.length] !== ":") continue;
    const element = name.slice(namespace.length + 1);
    const value = Number(element);
    if (String(value) === element && contains(set, value)) bump(counts, name, by);
  }
}

function bump(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
