import type { Dialect } from "./dialect.ts";
import { contains, type Intervals } from "./intervals.ts";
import type { Operation } from "./operation.ts";
import { entryReferences, placeName, scopeOfName, unplacedReferences } from "./references.ts";
import type { Block } from "./state.ts";

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
    if (watched.names.size > 0) counts.#countBlock(dialect, state, "", watched);
    return counts;
  }

  /** A copy to play steps on. */
  copy(): ReferenceCounts {
    return new ReferenceCounts(new Map(this.#defined), new Map(this.#used));
  }

  #countBlock(dialect: Dialect, block: Block, scope: string, watched: WatchedNames): void {
    const isStage = watched.scopes.has(scope);
    for (const statement of block.items.values()) {
      const rule = statement.match?.rule;
      if (rule?.referential) {
        const { defines, uses, local } = unplacedReferences(dialect, statement);
        // Most blocks are left alone by a change: names that live within them need not be spelled then.
        const place = local && isStage ? scope : undefined;
        countNames(this.#defined, defines, place, watched);
        countNames(this.#used, uses, place, watched);
      }
      if (statement.set && rule?.set && rule.defines?.includes(rule.set.of)) {
        countElements(this.#defined, rule.set.of, statement.set, watched);
      }
      if (statement.block) this.#countBlock(dialect, statement.block, `${scope}/${statement.slot}`, watched);
    }
    for (const name of entryReferences(dialect, block))
      if (watched.names.has(name)) bump(this.#used, name, 1);
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

  isDangling(name: string): boolean {
    return (this.#used.get(name) ?? 0) > 0 && (this.#defined.get(name) ?? 0) <= 0;
  }
}

/** Names that the steps of a change touch, and the blocks that those of them live in that are local. */
export interface WatchedNames {
  readonly names: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
}

/** Collects the names that steps touch. */
export function watchedNames(operations: readonly Operation[]): WatchedNames {
  const names = new Set<string>();
  const scopes = new Set<string>();
  for (const { gains, drops, defines, undefines } of operations) {
    for (const list of [gains, drops, defines, undefines]) {
      for (const name of list) {
        names.add(name);
        const scope = scopeOfName(name);
        if (scope !== undefined) scopes.add(scope);
      }
    }
  }
  return { names, scopes };
}

function countNames(
  counts: Map<string, number>,
  names: readonly string[],
  place: string | undefined,
  watched: WatchedNames,
): void {
  for (const name of names) {
    const full = place === undefined ? name : placeName(name, place);
    if (watched.names.has(full)) bump(counts, full, 1);
  }
}

/** A list may hold thousands of elements; the names that the steps touch are few. */
function countElements(
  counts: Map<string, number>,
  namespace: string,
  set: Intervals,
  { names }: WatchedNames,
): void {
  for (const name of names) {
    if (!name.startsWith(namespace) || name[namespace.length] !== ":") continue;
    const element = name.slice(namespace.length + 1);
    const value = Number(element);
    if (String(value) === element && contains(set, value)) bump(counts, name, 1);
  }
}

function bump(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
