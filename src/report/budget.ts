/** Puts a text together that never grows beyond a number of characters: what does not fit is counted, not cut. */
export class BudgetedText {
  readonly #limit: number;
  readonly #parts: string[] = [];
  #used = 0;

  /** @param limit - characters (UTF-16 units) */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Characters that are left. */
  get left(): number {
    return this.#limit - this.#used;
  }

  /** Adds lines if they fit. @returns whether they did */
  add(...lines: readonly string[]): boolean {
    const text = `${lines.join("\n")}\n`;
    if (text.length > this.left) return false;
    this.#parts.push(text);
    this.#used += text.length;
    return true;
  }

  /** Adds a section: its head, then entries until `share` characters are used, then how many are left out.
   *  @param more - says of a number of entries that they are left out */
  section(
    head: readonly string[],
    entries: Iterable<string> & { readonly length: number },
    share: number,
    more: (count: number) => string,
  ): void {
    if (entries.length === 0) return;
    const room = Math.min(share, this.left);
    const start = this.#used;
    const reserve = 160;
    if (!this.add(...head)) return;
    let shown = 0;
    for (const entry of entries) {
      if (this.#used - start + entry.length + 1 > room - reserve || !this.add(entry)) break;
      shown += 1;
    }
    if (shown < entries.length) this.add("", more(entries.length - shown));
    this.add("");
  }

  toText(): string {
    return this.#parts.join("");
  }
}
