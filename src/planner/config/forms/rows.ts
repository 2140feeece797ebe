/** A row of words, with the rows that a quote in it runs over. */
export interface WordRow {
  /** Rows (from 0) that it begins and ends in. */
  readonly row: number;
  readonly endRow: number;
  /** Words as typed, quotes included. */
  readonly words: readonly string[];
  /** True where a quote is never closed. */
  readonly open: boolean;
}

/** Cuts a text into rows of words; a quoted word may run over several rows. Linear in the length of the text. */
export function readRows(lines: readonly string[]): WordRow[] {
  const rows: WordRow[] = [];
  let isVain = false;
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trimStart();
    if (line.startsWith("#")) {
      rows.push({ row: i, endRow: i, words: [line], open: false });
      continue;
    }
    let end = i;
    let opens = isOpen(line, false);
    if (opens && !isVain) {
      end = closingRow(lines, i);
      isVain = end < 0;
      if (end >= 0) opens = false;
    }
    if (end < 0) end = i;
    const text = end === i ? line : [line, ...lines.slice(i + 1, end + 1)].join("\n");
    rows.push({ row: i, endRow: end, words: splitWords(text), open: opens });
    i = end;
  }
  return rows;
}

/** Tells whether a quote is open at the end of a line. */
function isOpen(line: string, open: boolean): boolean {
  let inside = open;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i];
    if (sign === "\\") i++;
    else if (sign === '"') inside = !inside;
  }
  return inside;
}

/** The row in which a quote that is open at the end of `start` is closed; -1 where none does. */
function closingRow(lines: readonly string[], start: number): number {
  for (let i = start + 1; i < lines.length; i++) if (!isOpen(lines[i] as string, true)) return i;
  return -1;
}

/** Splits a text at blanks that stand outside of quotes and square brackets. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  let inside = false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if (sign === "\\") {
      word += sign + (text[i + 1] ?? "");
      i++;
    } else if (!inside && depth === 0 && (sign === " " || sign === "\t" || sign === "\n")) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      if (sign === '"') inside = !inside;
      else if (!inside && sign === "[") depth++;
      else if (!inside && sign === "]" && depth > 0) depth--;
      word += sign;
    }
  }
  if (word !== "") words.push(word);
  return words;
}
