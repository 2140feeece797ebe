import { type CompiledDialect, tableOf } from "./compile.ts";
import type { SequenceSyntax } from "./dialect.ts";
import { applyEqualities } from "./equalities.ts";
import type { OpenBlock } from "./open-block.ts";
import type { Entry } from "./state.ts";
import { isNumber, wordsOf } from "./words.ts";

/** Adds a line to an ordered list: an entry, or the note of one. */
export function addEntry(
  compiled: CompiledDialect,
  sequence: SequenceSyntax,
  block: OpenBlock,
  body: string,
  line: number,
): void {
  let words: readonly string[] = wordsOf(body);
  if (sequence.word !== undefined && words[0] === sequence.word) words = words.slice(1);
  const number = isNumber(words[0]) ? Number(words[0]) : undefined;
  if (number !== undefined) words = words.slice(1);
  const entries = block.entries as Entry[];
  if (number !== undefined && words[0] === sequence.note) {
    const at = block.numbered?.get(number);
    const entry = at === undefined ? undefined : entries[at];
    if (entry && at !== undefined) entries[at] = { ...entry, note: words.slice(1).join(" ") };
    return;
  }
  const canonical = applyEqualities(tableOf(compiled, block.context).equalities, words);
  const source = words.join(" ");
  if (number !== undefined) block.numbered?.set(number, entries.length);
  entries.push({
    number,
    // One text for both where they are the same: long lists are held twice otherwise.
    text: canonical === words ? source : canonical.join(" "),
    source,
    line,
    note: undefined,
  });
}
