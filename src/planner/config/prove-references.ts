import type { Dialect } from "./dialect.ts";
import type { Operation } from "./operation.ts";
import { entryReferences, referencesOf } from "./references.ts";
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
  static of(dialect: Dialect, state: Block, watched: ReadonlySet<string>): ReferenceCounts {
    const counts = new ReferenceCounts(new Map(), new Map());
    if (watched.size > 0) counts.#countBlock(dialect, state, "", watched);
    return counts;
  }

  /** A copy to play steps on. */
  copy(): ReferenceCounts {
    return new ReferenceCounts(new Map(this.#defined), new Map(this.#used));
  }

  #countBlock(dialect: Dialect, block: Block, scope: string, watched: ReadonlySet<string>): void {
    for (const statement of block.items.values()) {
      const rule = statement.match?.rule;
      if (rule?.referential) {
        const { defines, uses } = referencesOf(dialect, statement, scope);
        for (const name of defines) if (watched.has(name)) bump(this.#defined, name, 1);
        for (const name of uses) if (watched.has(name)) bump(this.#used, name, 1);
      }
      if (statement.set && rule?.set && rule.defines?.includes(rule.set.of)) {
        for (const [low, high] of statement.set) {
          for (let value = low; value <= high; value++) {
            const name = `${rule.set.of}:${value}`;
            if (watched.has(name)) bump(this.#defined, name, 1);
          }
        }
      }
      if (statement.block) this.#countBlock(dialect, statement.block, `${scope}/${statement.slot}`, watched);
    }
    for (const name of entryReferences(dialect, block)) if (watched.has(name)) bump(this.#used, name, 1);
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

function bump(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
