import { type CompiledDialect, tableOf } from "./compile.ts";
import type { SequenceSyntax } from "./dialect.ts";
import { applyEqualities } from "./equalities.ts";
import type { OpenBlock } from "./open-block.ts";
import type { Entry } from "./state.ts";
import { isNumber, wordsOf } from "./words.ts";

/** Adds a line to an ordered list: an entry, or the note of one.
 *  @param typed - the entry as its text spells it, where that differs from `body` */
export function addEntry(
  compiled: CompiledDialect,
  sequence: SequenceSyntax,
  block: OpenBlock,
  body: string,
  line: number,
  typed?: string,
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
  const source = typed ?? words.join(" ");
  if (number !== undefined) block.numbered?.set(number, entries.length);
  entries.push({
    number,
    // One text for both where they are the same: long lists are held twice otherwise.
    text: canonical === words && typed === undefined ? source : canonical.join(" "),
    source,
    line,
    note: undefined,
  });
}

/** Adds an entry that is a line of its own, with the name of its list: its number decides where it stands, not its line.
 *  @param header - the words that it shares with its list */
export function addNamedEntry(
  compiled: CompiledDialect,
  sequence: SequenceSyntax,
  block: OpenBlock,
  body: string,
  node: { readonly text: string; readonly line: number },
  header: string,
): void {
  const words = wordsOf(node.text).slice(wordsOf(header).length);
  const named = words[0] === sequence.word ? words.slice(1) : words;
  const typed = (isNumber(named[0]) ? named.slice(1) : named).join(" ");
  addEntry(compiled, sequence, block, body, node.line, typed);
  sortLast(block.entries as Entry[]);
}

/** Brings the last entry to its place; an entry of the same number is overwritten. */
function sortLast(entries: Entry[]): void {
  const last = entries.at(-1);
  if (last?.number === undefined) return;
  let at = entries.length - 1;
  while (at > 0 && (entries[at - 1]?.number ?? -1) >= last.number) at--;
  if (at === entries.length - 1) return;
  entries.pop();
  entries.splice(at, entries[at]?.number === last.number ? 1 : 0, last);
}
