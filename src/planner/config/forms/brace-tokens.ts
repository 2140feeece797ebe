/** A piece of a Junos text. */
export interface BraceToken {
  readonly kind: "word" | "{" | "}" | ";" | "[" | "]" | "comment";
  readonly source: string;
  /** Rows (from 0) that it begins and ends in. */
  readonly row: number;
  readonly endRow: number;
}

/** The tokens of a text, and rows where a quote or a comment begins that is never closed. */
export interface BraceTokens {
  readonly tokens: readonly BraceToken[];
  readonly unterminated: readonly number[];
}

const SIGNS = "{};[]";
// A reference to a secret is one word, its braces included.
const WORD = /(?:\$\{secret:[^}\s]*\}|[^\s{};[\]"])+/y;

/** Cuts a text of braces and quotes into tokens, in linear time. */
export function braceTokens(lines: readonly string[]): BraceTokens {
  const text = lines.join("\n");
  const tokens: BraceToken[] = [];
  const unterminated: number[] = [];
  const vain = new Set<string>();
  let at = 0;
  let row = 0;
  const push = (kind: BraceToken["kind"], end: number) => {
    const source = text.slice(at, end);
    let endRow = row;
    for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) endRow++;
    tokens.push({ kind, source, row, endRow });
    row = endRow;
    at = end;
  };
  const lineEnd = () => {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
  };
  const closed = (end: number, name: string): number => {
    if (end >= 0) return end;
    vain.add(name);
    unterminated.push(row);
    return lineEnd();
  };
  while (at < text.length) {
    const sign = text[at] as string;
    if (sign === "\n") row++;
    if (sign === "\n" || /\s/.test(sign)) {
      at++;
      continue;
    }
    if (sign === "#") {
      push("comment", lineEnd());
    } else if (text.startsWith("/*", at)) {
      const found = vain.has("*/") ? -1 : text.indexOf("*/", at + 2);
      push("comment", closed(found < 0 ? -1 : found + 2, "*/"));
    } else if (sign === '"') {
      push("word", closed(vain.has('"') ? -1 : quoteEnd(text, at), '"'));
    } else if (SIGNS.includes(sign)) {
      push(sign as BraceToken["kind"], at + 1);
    } else {
      WORD.lastIndex = at;
      push("word", at + (WORD.exec(text)?.[0].length ?? 1));
    }
  }
  return { tokens, unterminated };
}

/** Index behind the quote that closes a string; -1 where none does. */
function quoteEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const sign = text[i];
    if (sign === "\\") i++;
    else if (sign === '"') return i + 1;
  }
  return -1;
}
