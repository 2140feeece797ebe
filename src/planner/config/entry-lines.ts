import type { SequenceSyntax } from "./dialect.ts";
import { isNumber, wordsOf } from "./words.ts";

/** Tells whether a line of a list block is one of its numbered entries. */
export function isEntry(sequence: SequenceSyntax, body: string): boolean {
  if (sequence.word === undefined && sequence.note === undefined && !body.includes("  "))
    return isPlainEntry(sequence.entries, body);
  const words = body.includes("  ") ? wordsOf(body) : body.split(" ", 3);
  let at = 0;
  if (sequence.word !== undefined) {
    if (words[0] === sequence.word) at = isNumber(words[1]) ? 2 : 1;
    else if (sequence.note !== undefined) return false;
  } else if (isNumber(words[0])) at = 1;
  const first = words[at] ?? "";
  return (
    sequence.entries.includes(first) || (sequence.note !== undefined && at === 2 && first === sequence.note)
  );
}

/** `10 permit …` or `permit …`: lists are long, so no word is cut out of the line. */
function isPlainEntry(entries: readonly string[], body: string): boolean {
  let at = 0;
  while (at < body.length && isDigit(body.charCodeAt(at))) at++;
  if (at > 0) {
    if (body.charCodeAt(at) !== BLANK) return false;
    at++;
  }
  for (const word of entries) {
    if (!body.startsWith(word, at)) continue;
    const end = at + word.length;
    if (end === body.length || body.charCodeAt(end) === BLANK) return true;
  }
  return false;
}

const BLANK = 32;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
