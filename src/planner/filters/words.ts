/** Reads the words of a line one after the other. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string | readonly string[]) {
    this.#words = typeof text === "string" ? text.split(/\s+/).filter((word) => word !== "") : text;
  }
  peek(ahead = 0): string {
    return this.#words[this.#at + ahead] ?? "";
  }
  next(): string {
    return this.#words[this.#at++] ?? "";
  }
  take(word: string): boolean {
    if (this.peek() !== word) return false;
    this.#at += 1;
    return true;
  }
  get done(): boolean {
    return this.#at >= this.#words.length;
  }
  /** The words that are left, joined. */
  rest(): string {
    const rest = this.#words.slice(this.#at).join(" ");
    this.#at = this.#words.length;
    return rest;
  }
}

/** A line that cannot be read; the rule then may match any packet. */
export class UnreadError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "UnreadError";
  }
}

/** Reads a whole number within bounds. @throws UnreadError */
export function readNumber(text: string, max: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > max)
    throw new UnreadError(`no number up to ${max}: ${text}`);
  return Number(text);
}
