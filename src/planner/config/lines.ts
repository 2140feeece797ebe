import type { CompiledDialect } from "./compile.ts";

/** The lines of a configuration as they were typed or printed, noise left out. */
export interface CleanText {
  readonly lines: readonly string[];
  /** Line number in the source of each line, from 1. */
  readonly numbers: readonly number[];
  readonly removed: number;
}

const PAGER = /^\s*(?:--+ ?\(?more\)? ?--+|<--- more --->)\s*$/i;
// A pager's prompt that was wiped by backspaces or by an escape sequence stands in front of the next line.
const WIPED = /^.*(?:--+ ?more ?--+|<--- more --->)[^\S\n]*(?:\x08+ *\x08*|\x1b\[\d*[DK]|\r)+ */i;

/** Splits a text into lines, taking away what terminals and pagers left in it and the noise the dialect names. */
export function cleanLines(compiled: CompiledDialect, text: string): CleanText {
  const lines: string[] = [];
  const numbers: number[] = [];
  let removed = 0;
  const source = (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split("\n");
  if (source.at(-1) === "") source.pop();
  // Few texts hold remains of a terminal: looked for once, not line by line.
  const isDirty = text.includes("\0") || /-- ?\(?more/i.test(text);
  for (let i = 0; i < source.length; i++) {
    const raw = source[i] as string;
    const line = isDirty ? withoutRemains(raw) : trimEnd(raw);
    if (line === undefined || compiled.noise?.test(line)) {
      removed++;
      continue;
    }
    lines.push(line);
    numbers.push(i + 1);
  }
  return { lines, numbers, removed };
}

/** @returns nothing for a line that is a pager's prompt */
function withoutRemains(raw: string): string | undefined {
  let line = raw;
  if (line.includes("ore")) {
    if (PAGER.test(line)) return undefined;
    line = line.replace(WIPED, "");
  }
  return trimEnd(line.includes("\0") ? line.replaceAll("\0", "") : line);
}

/** Cuts blanks, tabs and carriage returns off the end, in linear time. */
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0) {
    const code = line.charCodeAt(end - 1);
    if (code !== 32 && code !== 9 && code !== 13) break;
    end--;
  }
  return end === line.length ? line : line.slice(0, end);
}

/** Counts the blanks that a line begins with; a tab counts as one. */
export function indentOf(line: string): number {
  let indent = 0;
  while (indent < line.length) {
    const code = line.charCodeAt(indent);
    if (code !== 32 && code !== 9) break;
    indent++;
  }
  return indent;
}
