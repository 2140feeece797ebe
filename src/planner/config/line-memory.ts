import type { CanonicalLine } from "./canonical.ts";

/** Lines of one generation. Twice as many are remembered at most: a few megabytes a dialect. */
const GENERATION = 4_000;

/** Remembers lines in their canonical spelling, by context. What was not met again while a whole generation of new
 *  lines came in is forgotten, so that the lines that all devices share stay. */
export class LineMemory {
  #young = new Map<string, Map<string, CanonicalLine>>();
  #old = new Map<string, Map<string, CanonicalLine>>();
  #count = 0;

  get(context: string, text: string): CanonicalLine | undefined {
    const known = this.#young.get(context)?.get(text);
    if (known !== undefined) return known;
    const old = this.#old.get(context)?.get(text);
    if (old !== undefined) this.set(context, ownText(text), old);
    return old;
  }

  /** @param text - a text of its own: a part of a longer one would keep all of that in memory */
  set(context: string, text: string, line: CanonicalLine): void {
    if (this.#count >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#count = 0;
    }
    let lines = this.#young.get(context);
    if (lines === undefined) {
      lines = new Map();
      this.#young.set(context, lines);
    }
    lines.set(text, line);
    this.#count++;
  }
}

/** Copies a text that may be a part of a longer one. */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
