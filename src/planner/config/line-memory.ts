import type { RuleMatch } from "./pattern.ts";

/** A line in its canonical spelling, with what the dialect makes of it. */
export interface CanonicalLine {
  readonly negated: boolean;
  readonly match: RuleMatch | undefined;
  /** Canonical spelling, negation included. */
  readonly key: string;
  /** True where the line is typed as it is compared. */
  readonly asTyped: boolean;
  /** True where the line may hold a secret, so that it is looked for. */
  readonly secretive: boolean;
  /** True where a text of several lines may begin here, so that its end is looked for. */
  readonly opensText: boolean;
}

/** Lines of one generation. Twice as many are remembered at most: a few megabytes a dialect. */
const GENERATION = 4_000;

/** Remembers lines in their canonical spelling, by context. What was not met again while a whole generation of new
 *  lines came in is forgotten, so that the lines that all devices share stay. */
export class LineMemory {
  readonly #contexts: ContextLines[] = [];
  #count = 0;

  /** Begins to remember the lines of one more context. */
  open(): ContextLines {
    const lines = new ContextLines(this);
    this.#contexts.push(lines);
    return lines;
  }

  /** Counts a new line; with a full generation of them, what was not met since the last one is forgotten. */
  count(): void {
    if (this.#count >= GENERATION) {
      for (const lines of this.#contexts) lines.turn();
      this.#count = 0;
    }
    this.#count++;
  }
}

/** The lines of one context. */
export class ContextLines {
  readonly #memory: LineMemory;
  #young = new Map<string, CanonicalLine>();
  #old = new Map<string, CanonicalLine>();

  constructor(memory: LineMemory) {
    this.#memory = memory;
  }

  get(text: string): CanonicalLine | undefined {
    const known = this.#young.get(text);
    if (known !== undefined || this.#old.size === 0) return known;
    const old = this.#old.get(text);
    if (old !== undefined) this.set(old.asTyped ? old.key : ownText(text), old);
    return old;
  }

  /** @param text - a text of its own: a part of a longer one would keep all of that in memory */
  set(text: string, line: CanonicalLine): void {
    this.#memory.count();
    this.#young.set(text, line);
  }

  /** Begins a new generation. */
  turn(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** Copies a text that may be a part of a longer one. */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
