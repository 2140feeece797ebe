/** A block of configuration as the device holds it: lines by rule and key, and blocks below. */
export class Section {
  readonly view: string;
  header: string;
  readonly #lines = new Map<string, Map<string, string>>();
  readonly #blocks = new Map<string, Map<string, Section>>();

  constructor(view: string, header: string) {
    this.view = view;
    this.header = header;
  }

  /** Reads the line of a rule; `key` tells instances apart and is empty for single lines. */
  get(rule: string, key = ""): string | undefined {
    return this.#lines.get(rule)?.get(key);
  }

  /** Lists keys and lines of a rule in the order in which they were set. */
  all(rule: string): readonly (readonly [key: string, text: string])[] {
    return [...(this.#lines.get(rule) ?? [])];
  }

  /** Names of the rules of which lines are kept. */
  rules(): readonly string[] {
    return [...this.#lines.keys()];
  }

  /** Sets a line; an existing one keeps its place. */
  put(rule: string, text: string, key = ""): void {
    const slot = this.#lines.get(rule) ?? new Map<string, string>();
    slot.set(key, text);
    this.#lines.set(rule, slot);
  }

  /** Takes a line away; tells whether there was one. */
  drop(rule: string, key = ""): boolean {
    return this.#lines.get(rule)?.delete(key) ?? false;
  }

  /** Takes all lines of a rule away. */
  dropAll(rule: string): void {
    this.#lines.delete(rule);
  }

  /** Finds a block below. */
  block(rule: string, key = ""): Section | undefined {
    return this.#blocks.get(rule)?.get(key);
  }

  /** Lists blocks below, in the order in which they were made. */
  blocks(rule: string): readonly (readonly [key: string, block: Section])[] {
    return [...(this.#blocks.get(rule) ?? [])];
  }

  /** Finds or makes a block below. */
  open(rule: string, key: string, view: string, header: string): Section {
    const found = this.block(rule, key);
    if (found !== undefined) return found;
    const made = new Section(view, header);
    const shelf = this.#blocks.get(rule) ?? new Map<string, Section>();
    shelf.set(key, made);
    this.#blocks.set(rule, shelf);
    return made;
  }

  /** Takes a block away; tells whether there was one. */
  close(rule: string, key = ""): boolean {
    return this.#blocks.get(rule)?.delete(key) ?? false;
  }

  /** Empties the block, lines and blocks below. */
  clear(): void {
    this.#lines.clear();
    this.#blocks.clear();
  }

  /** Tells whether the block holds nothing. */
  isEmpty(): boolean {
    const lines = [...this.#lines.values()].every((slot) => slot.size === 0);
    return lines && [...this.#blocks.values()].every((shelf) => shelf.size === 0);
  }
}
