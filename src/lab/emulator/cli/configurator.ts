import { applyUse, understand } from "./apply.ts";
import { isMatch, type Mismatch } from "./grammar.ts";
import type { Outcome } from "./outcome.ts";
import type { Section } from "./section.ts";
import type { View } from "./view.ts";

/** What is the same for every configuration session of a platform. */
export interface ConfigDialect<S> {
  readonly views: ReadonlyMap<string, View<S>>;
  /** `no` or `undo`. */
  readonly negation: string;
  /** Letters of it that are enough. */
  readonly shortest: number;
}

/** Blocks that are being edited together: one, or those of a range. */
export interface Mode {
  readonly view: string;
  readonly sections: readonly Section[];
}

/** The answer to a configuration line: an outcome, or why it was not understood. */
export type ConfigAnswer = { readonly outcome: Outcome } | { readonly mismatch: Mismatch };

/** Walks through views and carries lines out, for one person or one file at a time. */
export class Configurator<S> {
  readonly #dialect: ConfigDialect<S>;
  readonly #state: S;
  #modes: Mode[];

  constructor(dialect: ConfigDialect<S>, state: S, root: Section) {
    this.#dialect = dialect;
    this.#state = state;
    this.#modes = [{ view: root.view, sections: [root] }];
  }

  /** The view where the next line is tried first. */
  mode(): Mode {
    return this.#modes.at(-1) ?? { view: "", sections: [] };
  }

  /** How many views deep; the root counts 1. */
  depth(): number {
    return this.#modes.length;
  }

  /** Goes back to the parent view; false where there is none. */
  leave(): boolean {
    if (this.#modes.length === 1) return false;
    this.#modes = this.#modes.slice(0, -1);
    return true;
  }

  /** Goes back until so many views are left. */
  backTo(depth: number): void {
    this.#modes = this.#modes.slice(0, Math.max(1, depth));
  }

  /** Carries a line out in the current view, or in the nearest view above that understands it. */
  apply(line: string): ConfigAnswer {
    let farthest: Mismatch | undefined;
    for (let depth = this.#modes.length; depth > 0; depth -= 1) {
      const mode = this.#modes[depth - 1];
      const view = this.#dialect.views.get(mode?.view ?? "");
      if (mode === undefined || view === undefined) continue;
      const result = understand(line, view, this.#dialect.negation, this.#dialect.shortest);
      if (!isMatch(result)) {
        if (farthest === undefined || result.depth > farthest.depth) farthest = result;
        continue;
      }
      const before = this.#modes;
      this.backTo(depth);
      const opened: Section[] = [];
      const outcomes: Outcome[] = [];
      for (const section of mode.sections) {
        const applied = applyUse(this.#state, section, result, this.#dialect.negation);
        opened.push(...applied.opened);
        outcomes.push(applied.outcome);
        if (applied.outcome.refused === true) break;
      }
      const [first] = opened;
      if (first !== undefined) this.#modes = [...this.#modes, { view: first.view, sections: opened }];
      else if (outcomes.some((outcome) => outcome.refused)) this.#modes = before;
      if (outcomes.some((outcome) => outcome.leave)) this.leave();
      return { outcome: joined(outcomes) };
    }
    return { mismatch: farthest ?? { kind: "unknown", at: 0, depth: 0, parameter: false, surplus: false } };
  }
}

function joined(outcomes: readonly Outcome[]): Outcome {
  const [only] = outcomes;
  if (outcomes.length === 1 && only !== undefined) return only;
  const output = outcomes.map((outcome) => outcome.output ?? "").join("");
  const last = outcomes.at(-1);
  return { ...last, output };
}
