import type { Dialect } from "./dialect.ts";
import type { Operation } from "./operation.ts";
import { entryReferences, referencesOf } from "./references.ts";
import type { Block } from "./state.ts";

/** Counts definitions and uses, so that each step is judged by what it touches only. */
export class ReferenceCounts {
  readonly #defined = new Map<string, number>();
  readonly #used = new Map<string, number>();

  /** Counts all of a state. */
  constructor(dialect: Dialect, state: Block) {
    this.#countBlock(dialect, state, "");
  }

  #countBlock(dialect: Dialect, block: Block, scope: string): void {
    for (const statement of block.items.values()) {
      const { defines, uses } = referencesOf(dialect, statement, scope);
      for (const name of defines) bump(this.#defined, name, 1);
      for (const name of uses) bump(this.#used, name, 1);
      const rule = statement.match?.rule;
      if (statement.set && rule?.set && rule.defines?.includes(rule.set.of)) {
        for (const [low, high] of statement.set) {
          for (let value = low; value <= high; value++) bump(this.#defined, `${rule.set.of}:${value}`, 1);
        }
      }
      if (statement.block) this.#countBlock(dialect, statement.block, `${scope}/${statement.slot}`);
    }
    for (const name of entryReferences(dialect, block)) bump(this.#used, name, 1);
  }

  /** Plays a step (`direction` 1) or takes it back (-1). */
  play(operation: Operation, direction: 1 | -1): void {
    for (const name of operation.defines) bump(this.#defined, name, direction);
    for (const name of operation.undefines) bump(this.#defined, name, -direction);
    for (const name of operation.gains) bump(this.#used, name, direction);
    for (const name of operation.drops) bump(this.#used, name, -direction);
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
