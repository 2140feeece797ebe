import type { CompiledDialect } from "../compile.ts";
import type { Equality } from "../dialect.ts";
import { applyEqualities } from "../equalities.ts";
import { isIpv4, maskOfLength } from "../words.ts";

/** A word as it was typed and as it is compared. */
export interface Word {
  /** Without quotes where it needs none, in double quotes where it has blanks. */
  readonly text: string;
  /** As typed. */
  readonly source: string;
}

const PLAIN = /^(?:[^\s"'\\;{}[\]#]|\$\{secret:[^}\s]*\})+$/;

/** Spells a word for comparison: quotes only where the content needs them. */
export function canonicalWord(content: string): string {
  return PLAIN.test(content) ? content : `"${content.replace(/["\\]/g, "\\$&")}"`;
}

/** Takes quotes and escapes off a typed word. */
export function unquote(source: string): string {
  const quote = source[0];
  if (quote !== '"' && quote !== "'") return source.replace(/\\(.)/gs, "$1");
  const inner = source.length > 1 && source.endsWith(quote) ? source.slice(1, -1) : source.slice(1);
  return quote === '"' ? inner.replace(/\\(["\\'])/g, "$1") : inner;
}

/** Makes a word of what was typed. */
export function wordOf(source: string): Word {
  return { text: canonicalWord(unquote(source)), source };
}

/** Rewrites the words of a statement by the equalities of its context and of `*`. */
export function canonicalWords(
  compiled: CompiledDialect,
  context: string,
  words: readonly string[],
): readonly string[] {
  let result = words;
  for (const name of [context, "*"]) {
    for (const entry of compiled.equalities.get(name) ?? []) result = applyOne(entry, result);
  }
  return result;
}

function applyOne(entry: Equality, words: readonly string[]): readonly string[] {
  if (entry.kind !== "hook") return applyEqualities([entry], words);
  if (entry.hook === "slash-mask") return words.flatMap(slashMask);
  if (entry.hook === "host-prefix") return words.map((word) => (isIpv4(word) ? `${word}/32` : word));
  if (entry.hook === "yes-no")
    return words.map((word) => word.replace(/=true$/, "=yes").replace(/=false$/, "=no"));
  return applyEqualities([entry], words);
}

/** `10.0.0.1/24` is `10.0.0.1 255.255.255.0`. */
function slashMask(word: string): string[] {
  const [address = "", length = ""] = word.split("/");
  const isPrefix = isIpv4(address) && /^(?:[12]?\d|3[0-2])$/.test(length);
  return isPrefix ? [address, maskOfLength(Number(length))] : [word];
}
