import { dump, type Held, Refused, type Shelf } from "./device.ts";

/** What a modelled device knows of its vendor's manual. */
export interface DeviceTable {
  /** `no` or `undo`. */
  readonly undo: string;
  /** `exit` or `quit`. */
  readonly leave: string;
  /** Lines of the top that open a block. */
  readonly headers: readonly RegExp[];
  /** Lines that open a block inside another: the outer one's name, the line. */
  readonly inner: readonly (readonly [RegExp, RegExp])[];
  /** Blocks that are there by themselves; an empty one says nothing. */
  readonly byItself: RegExp;
  /** Lines of which one stands: how they begin, the name they stand under, what follows the negation. */
  readonly single: readonly (readonly [RegExp, string, RegExp])[];
  /** On by default: the negated line is what is held. */
  readonly on: readonly RegExp[];
  /** Lines that say what would hold anyway. */
  readonly defaults: ReadonlySet<string>;
  /** Negated lines that take all with them whose name begins so. */
  readonly families: readonly (readonly [RegExp, string])[];
}

/** A small device that takes lines as typed and holds what the manual says they leave. Each platform adds what a table
 *  cannot tell; nothing here comes from the engine. */
export abstract class TableDevice {
  readonly root: Shelf = new Map();
  /** Strict: what would do nothing, or what a device refuses, is an error. Off while a text is loaded. */
  protected strict = false;
  protected path: Held[] = [];
  protected names: string[] = [];
  readonly #table: DeviceTable;
  #text: { readonly end: string; readonly lines: string[] } | undefined;
  /** While a text is loaded: the next line stands deeper, so this one opens a block, known or not. */
  #opens = false;
  readonly #indents: number[] = [];

  protected constructor(table: DeviceTable) {
    this.#table = table;
  }

  /** One spelling for lines that a device takes in several. */
  protected abstract plain(line: string): string;
  /** The name that a header stands under. */
  protected abstract headerName(line: string): string;
  /** The names of the blocks that one header opens; undefined where it opens one. */
  protected abstract several(line: string): readonly string[] | undefined;
  /** Takes an entry of a list, or its negation; false where the line is none. */
  protected abstract entry(line: string, held: Held): boolean;
  /** Takes a line that a table cannot tell of, or its negation. */
  protected abstract special(line: string, negated: boolean): boolean;
  /** Throws where the device would refuse. */
  protected abstract refuse(line: string, name: string): void;
  /** Throws where the device would not let a block go; most let every block go. */
  protected refuseRemoval(_header: string): void {}
  /** The mark that ends a text of several lines; undefined where the line begins none. */
  protected abstract textEnd(line: string): string | undefined;

  show(): string {
    return dump(this.root);
  }

  /** Holds a configuration as it is printed. */
  protected fill(text: string): this {
    const all = text.split("\n");
    for (const [i, raw] of all.entries()) {
      this.#opens = this.#text === undefined && indentOf(all[i + 1] ?? "") > indentOf(raw);
      const body = raw.trim();
      if (this.#text) this.type(raw);
      else if (body !== "" && !/^(?:[!#]|return$|end$)/.test(body)) {
        const depth = this.#depthOf(raw);
        while (depth < this.path.length) this.leave();
        this.type(body);
      }
    }
    this.path = [];
    this.names = [];
    this.#opens = false;
    this.strict = true;
    return this;
  }

  /** How many blocks enclose a printed line, by the indents of their headers. */
  #depthOf(raw: string): number {
    const indent = indentOf(raw);
    while (this.#indents.length > 0 && (this.#indents.at(-1) ?? 0) >= indent) this.#indents.pop();
    const depth = this.#indents.length;
    if (this.#opens) this.#indents.push(indent);
    return depth;
  }

  protected leave(): void {
    this.path.pop();
    this.names.pop();
  }

  /** The block that is open. */
  protected shelf(): Shelf {
    return this.path.at(-1)?.below ?? this.root;
  }

  /** Takes one line as typed.
   *  @throws Refused */
  type(raw: string): void {
    if (this.#text) {
      this.#moreText(raw);
      return;
    }
    const { undo, leave } = this.#table;
    const line = this.plain(raw.trim().replace(/\s+/g, " "));
    if (line === leave) {
      if (this.path.length === 0) throw new Refused(`${leave} at the top`);
      this.leave();
      return;
    }
    const end = this.textEnd(line);
    if (end !== undefined) {
      this.#text = { end, lines: [line] };
      return;
    }
    const held = this.path.at(-1);
    if (held?.entries && this.entry(line, held)) return;
    const negated = line.startsWith(`${undo} `);
    const body = negated ? line.slice(undo.length + 1) : line;
    if (!negated && this.#isHeader(line)) {
      this.#enter(line);
      return;
    }
    if (this.special(body, negated)) return;
    if (negated) this.#remove(body);
    else this.#put(line);
  }

  #moreText(raw: string): void {
    const text = this.#text as { end: string; lines: string[] };
    text.lines.push(raw);
    if (!raw.includes(text.end)) return;
    this.#text = undefined;
    const [head = "", ...rest] = text.lines;
    this.hold(this.root, head.split(" ").slice(0, 2).join(" "), [head, ...rest].join("\n"));
  }

  #isHeader(line: string): boolean {
    if (this.#opens || this.shelf().get(this.headerName(line))?.below) return true;
    const top = this.names.at(-1);
    const known = this.#table.headers.some((header) => header.test(line));
    if (top === undefined) return known;
    if (this.#table.inner.some(([outer, inner]) => outer.test(top) && inner.test(line))) return true;
    if (!known || !/^(?:interface|vlan \d|acl|ip access-list|line vty|user-interface) ?/.test(line))
      return false;
    // A command of the top typed in a block leaves the block.
    this.path = [];
    this.names = [];
    return true;
  }

  #enter(line: string): void {
    const names = this.several(line);
    if (names) {
      const all = names.map((name) => this.open(name, name));
      const below = manyShelves(all.map((held) => held.below as Shelf));
      this.path.push({ line: "", below, entries: undefined });
      this.names.push(line);
      return;
    }
    const name = this.headerName(line);
    if (this.strict) this.refuse(line, name);
    this.path.push(this.open(name, line));
    this.names.push(name);
  }

  /** Opens a block of the open one, bringing it into being. */
  protected open(name: string, line: string): Held {
    const shelf = this.shelf();
    const found = shelf.get(name);
    const shown = this.#table.byItself.test(name) ? `(${name})` : line;
    if (found) {
      found.line = shown;
      return found;
    }
    const listed = /^(?:acl |object-group |ip(?:v6)? (?:access-list|prefix-list) )/.test(name);
    const held = { line: shown, below: new Map(), entries: listed ? new Map<number, string>() : undefined };
    shelf.set(name, held);
    return held;
  }

  protected hold(shelf: Shelf, name: string, line: string): void {
    shelf.set(name, { line, below: undefined, entries: undefined });
  }

  protected nameOf(line: string): string {
    for (const [pattern, name] of this.#table.single) {
      const match = pattern.exec(line);
      if (match) return fill(name, match);
    }
    return line;
  }

  #put(line: string): void {
    const shelf = this.shelf();
    const name = this.nameOf(line);
    if (this.#table.defaults.has(line)) {
      shelf.delete(name);
      return;
    }
    if (this.#table.on.some((pattern) => pattern.test(line))) {
      if (!shelf.delete(line) && this.strict) throw new Refused(`already on: ${line}`);
      return;
    }
    if (this.strict) this.refuse(line, name);
    this.hold(shelf, name, line);
  }

  #remove(line: string): void {
    const shelf = this.shelf();
    if (this.#table.on.some((pattern) => pattern.test(line))) {
      this.hold(shelf, line, `${this.#table.undo} ${line}`);
      return;
    }
    if (this.#removeFamily(line, shelf)) return;
    const header = this.headerName(line);
    if (shelf.get(header)?.below) {
      if (this.strict) this.refuseRemoval(header);
      shelf.delete(header);
      return;
    }
    for (const [, name, pattern] of this.#table.single) {
      const match = pattern.exec(line);
      if (match && shelf.delete(fill(name, match))) return;
    }
    if (shelf.delete(line)) return;
    if (this.strict) throw new Refused(`nothing to take away: ${line}`);
  }

  #removeFamily(line: string, shelf: Shelf): boolean {
    for (const [pattern, beginning] of this.#table.families) {
      const match = pattern.exec(line);
      if (!match) continue;
      const start = fill(beginning, match);
      if (!dropFrom(shelf, start)) throw new Refused(`nothing to take away: ${line}`);
      for (const held of [...shelf.values()]) if (held.below) dropFrom(held.below, start);
      return true;
    }
    return false;
  }
}

function dropFrom(shelf: Shelf, start: string): boolean {
  const gone = [...shelf.keys()].filter((name) => name.startsWith(start));
  for (const name of gone) shelf.delete(name);
  return gone.length > 0;
}

function fill(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "");
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A shelf that stands for several: what is put or taken goes to all. */
function manyShelves(shelves: readonly Shelf[]): Shelf {
  class Many extends Map<string, Held> {
    override get(key: string) {
      return shelves[0]?.get(key);
    }
    override has(key: string) {
      return shelves.some((shelf) => shelf.has(key));
    }
    override set(key: string, held: Held) {
      for (const shelf of shelves) shelf.set(key, held);
      return this;
    }
    override delete(key: string) {
      return shelves.map((shelf) => shelf.delete(key)).some(Boolean);
    }
    override keys() {
      return (shelves[0] ?? new Map<string, Held>()).keys();
    }
    override values() {
      return (shelves[0] ?? new Map<string, Held>()).values();
    }
  }
  return new Many();
}
