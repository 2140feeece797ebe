import type { CompiledDialect } from "./compile.ts";

/** The lines of a configuration as they were typed or printed, noise left out. */
export interface CleanText {
  readonly lines: readonly string[];
  /** Line number in the source of each line, from 1. */
  readonly numbers: readonly number[];
  readonly removed: number;
}

/** Splits a text into lines, taking away what terminals and pagers left in it and the noise the dialect names. */
export function cleanLines(compiled: CompiledDialect, text: string): CleanText {
  const lines: string[] = [];
  const numbers: number[] = [];
  const cursor = new LineCursor(compiled, text);
  while (cursor.next()) {
    lines.push(cursor.line);
    numbers.push(cursor.number);
  }
  return { lines, numbers, removed: cursor.removed };
}

/** A place in a text to come back to. */
export interface Mark {
  readonly end: number;
  readonly number: number;
  readonly removed: number;
  readonly count: number;
}

/** Walks through a text line by line, so that no list of its lines is held. */
export class LineCursor {
  readonly #text: string;
  readonly #noise: RegExp | undefined;
  readonly #isNoiseAtEdge: boolean;
  /** Remains of a terminal: looked for once, not line by line. */
  readonly #isDirty: boolean;
  /** The line without what stands at its end. */
  line = "";
  /** Blanks and tabs that the line begins with. */
  indent = 0;
  /** Line number in the source, from 1. */
  number = 0;
  /** Where the line begins in the text, and where the next one does. */
  start = 0;
  end = 0;
  /** Lines so far, and those that were noise. */
  count = 0;
  removed = 0;

  constructor(compiled: CompiledDialect, text: string) {
    const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    // Devices end their lines with CR LF, files with LF: sections that say the same shall be seen to be the same.
    this.#text = plain.includes("\r\n") ? plain.replaceAll("\r\n", "\n") : plain;
    this.#noise = compiled.noise;
    this.#isNoiseAtEdge = compiled.isNoiseAtEdge;
    this.#isDirty = plain.includes("\0") || /-- ?\(?more/i.test(plain);
  }

  /** Goes to the next line that says something; false at the end of the text. */
  next(): boolean {
    const text = this.#text;
    while (this.end < text.length) {
      this.start = this.end;
      this.number++;
      const found = text.indexOf("\n", this.start);
      const end = found < 0 ? text.length : found;
      this.end = end + 1;
      if (this.#take(text, end)) {
        this.count++;
        return true;
      }
      this.removed++;
    }
    return false;
  }

  #take(text: string, end: number): boolean {
    const line = this.#isDirty
      ? withoutRemains(text.slice(this.start, end))
      : text.slice(this.start, trimmedEnd(text, this.start, end));
    if (line === undefined) return false;
    const indent = indentOf(line);
    if ((indent === 0 || !this.#isNoiseAtEdge) && this.#noise?.test(line)) return false;
    this.line = line;
    this.indent = indent;
    return true;
  }

  /** The text from one place to another. */
  textBetween(start: number, end: number): string {
    return this.#text.slice(start, end);
  }

  /** Tells whether a part of another text stands at the beginning of this line, and its last line ends there. */
  goesOnWith(part: string): boolean {
    if (this.#isDirty || !this.#text.startsWith(part, this.start)) return false;
    return part.endsWith("\n") || this.start + part.length === this.#text.length;
  }

  /** Goes to the end of a part of so many lines that begins with this line. */
  skip(part: string, lines: number): void {
    this.end = this.start + part.length;
    this.number += lines - 1;
    this.count += lines - 1;
  }

  mark(): Mark {
    return { end: this.end, number: this.number, removed: this.removed, count: this.count };
  }

  /** Goes back, so that `next` gives the line behind the mark. */
  reset({ end, number, removed, count }: Mark): void {
    this.end = end;
    this.number = number;
    this.removed = removed;
    this.count = count;
  }
}

const PAGER = /^\s*(?:--+ ?\(?more\)? ?--+|<--- more --->)\s*$/i;
// A pager's prompt that was wiped stands in front of the next line: the cursor goes back (by backspaces, an escape sequence or a
// carriage return), perhaps blanks are written and it goes back again. Behind the last step back begins the line, indented or not.
const WIPED =
  /^.*(?:--+ ?more ?--+|<--- more --->)[ \t]*(?:(?:\x08|\x1b\[\d*[DK]|\r) *)*(?:\x08|\x1b\[\d*[DK]|\r)/i;

/** @returns nothing for a line that is a pager's prompt */
function withoutRemains(raw: string): string | undefined {
  let line = raw;
  if (line.includes("ore")) {
    if (PAGER.test(line)) return undefined;
    line = line.replace(WIPED, "");
  }
  const clean = line.includes("\0") ? line.replaceAll("\0", "") : line;
  return clean.slice(0, trimmedEnd(clean, 0, clean.length));
}

/** Where blanks, tabs and carriage returns at the end of a line begin, in linear time. */
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start) {
    const code = text.charCodeAt(last - 1);
    if (code !== 32 && code !== 9 && code !== 13) break;
    last--;
  }
  return last;
}

/** Counts the blanks that a line begins with; a tab counts as one. */
function indentOf(line: string): number {
  let indent = 0;
  while (indent < line.length) {
    const code = line.charCodeAt(indent);
    if (code !== 32 && code !== 9) break;
    indent++;
  }
  return indent;
}
