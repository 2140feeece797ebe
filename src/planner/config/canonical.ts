import { type CompiledDialect, type ContextTable, findRule, tableOf } from "./compile.ts";
import { applyEqualities } from "./equalities.ts";
import { freeTextLine } from "./free-text.ts";
import { expandInterfaces, interfaceHeader } from "./interface-names.ts";
import { type CanonicalLine, ownText } from "./line-memory.ts";
import type { RuleMatch } from "./pattern.ts";
import { wordsOf } from "./words.ts";

/** Brings a line (without indentation) to its canonical spelling in a context. */
export function canonicalLine(compiled: CompiledDialect, context: string, text: string): CanonicalLine {
  return canonicalIn(compiled, tableOf(compiled, context), text);
}

/** The same, for a context that was looked up already. */
export function canonicalIn(compiled: CompiledDialect, table: ContextTable, text: string): CanonicalLine {
  const known = table.lines.get(text);
  if (known !== undefined) return known;
  // A line that holds a secret is not kept longer than its configuration.
  if (compiled.secretHint.test(text)) return spellLine(compiled, table, text, true);
  const free = freeTextLine(compiled, table, text);
  if (free !== undefined) return free;
  // A text of its own: words cut from the line as it came would keep its whole configuration in memory.
  const own = ownText(text);
  const spelled = spellLine(compiled, table, own, false);
  table.lines.set(own, spelled);
  return spelled;
}

function spellLine(
  compiled: CompiledDialect,
  table: ContextTable,
  text: string,
  hinted: boolean,
): CanonicalLine {
  const { dialect } = compiled;
  let words: readonly string[] = wordsOf(text);
  const negated = words[0] === dialect.negation && words.length > 1;
  if (negated) words = words.slice(1);
  if (words[0] === "interface" && words.length > 1) words = interfaceHeader(dialect, words);
  words = applyEqualities(table.equalities, words);
  let match = findRule(table, words, negated);
  if (match?.rule.captureTypes.includes("if")) {
    const expanded = expandInterfaces(dialect, words, match);
    if (expanded) {
      words = expanded;
      match = findRule(table, words, negated) ?? match;
    }
  }
  const spelled =
    text.includes("  ") && endsInText(match) ? keepBlanks(text, words, match, negated) : words.join(" ");
  const key = negated ? `${dialect.negation} ${spelled}` : spelled;
  const asTyped = key === text;
  return {
    negated,
    match,
    key: asTyped ? text : key,
    asTyped,
    secretive: hinted || (!asTyped && compiled.secretHint.test(key)),
    opensText: compiled.opensText(text),
  };
}

function endsInText(match: RuleMatch | undefined): match is RuleMatch {
  const last = match?.rule.tokens.at(-1);
  return last?.kind === "rest" && last.least === 1;
}

/** Free text keeps its blanks: they are part of a description. */
function keepBlanks(text: string, words: readonly string[], match: RuleMatch, negated: boolean): string {
  const fixed = match.rule.tokens.length - 1;
  const skip = new RegExp(`^(?:\\S+ +){${fixed + (negated ? 1 : 0)}}`);
  return [...words.slice(0, fixed), text.replace(skip, "")].join(" ");
}
