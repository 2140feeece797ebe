import type { Dialect, Equality, SequenceSyntax } from "./dialect.ts";
import { LineMemory } from "./line-memory.ts";
import { type CompiledRule, compileRule, matchHead, matchRule, type RuleMatch } from "./pattern.ts";

/** A dialect made ready for use: rules by context and first word. */
export interface CompiledDialect {
  readonly dialect: Dialect;
  readonly contexts: ReadonlyMap<string, RuleIndex>;
  readonly equalities: ReadonlyMap<string, readonly Equality[]>;
  readonly noise: RegExp | undefined;
  /** Matches every line that may hold a secret. */
  readonly secretHint: RegExp;
  /** Matches every line that may bind a filter: asked first, since hardly a line does. */
  readonly filterHint: RegExp;
  /** Lines met before, in their canonical spelling: the switches of a fleet say the same again and again. */
  readonly spelled: LineMemory;
}

interface RuleIndex {
  readonly byWord: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly any: readonly CompiledRule[];
}

const compiled = new WeakMap<Dialect, CompiledDialect>();

/** Compiles a dialect once; a dialect is frozen, so the result is a pure function of it. */
export function compileDialect(dialect: Dialect): CompiledDialect {
  const known = compiled.get(dialect);
  if (known) return known;
  const types = new Map<string, RegExp | undefined>(Object.entries(dialect.types));
  for (const name of Object.keys(dialect.namespaces)) if (!types.has(name)) types.set(name, undefined);
  const isName = (type: string) => Object.hasOwn(dialect.namespaces, type);
  const contexts = new Map<string, RuleIndex>();
  for (const [name, rules] of Object.entries(dialect.contexts)) {
    contexts.set(name, indexRules(rules.map((rule) => compileRule(rule, types, isName))));
  }
  const result: CompiledDialect = {
    dialect,
    contexts,
    equalities: groupEqualities(dialect.equalities),
    noise: dialect.noise.length
      ? new RegExp(dialect.noise.map((entry) => `(?:${entry.pattern.source})`).join("|"), "i")
      : undefined,
    // Rather one line too many than one too few: a hint that misses would let a secret through.
    secretHint: anyOf(dialect.secrets.map((form) => form.pattern)),
    filterHint: anyOf((dialect.filterBindings ?? []).map((binding) => binding.line)),
    spelled: new LineMemory(),
  };
  compiled.set(dialect, result);
  return result;
}

/** One pattern that matches where any of these does; nothing where there are none. */
function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(
    patterns.map(({ source }) => `(?:${source})`).join("|") || "(?!)",
    patterns.some(({ ignoreCase }) => ignoreCase) ? "i" : "",
  );
}

function indexRules(rules: readonly CompiledRule[]): RuleIndex {
  const sorted = [...rules].sort((a, b) => b.literals - a.literals);
  const byWord = new Map<string, CompiledRule[]>();
  const any: CompiledRule[] = [];
  for (const rule of sorted) {
    const first = rule.tokens[0];
    const words = first?.kind === "literal" ? [first.word] : first?.kind === "choice" ? [...first.words] : [];
    if (words.length === 0) any.push(rule);
    for (const word of words) byWord.set(word, [...(byWord.get(word) ?? []), rule]);
  }
  return { byWord, any };
}

function groupEqualities(entries: readonly Equality[]): ReadonlyMap<string, readonly Equality[]> {
  const groups = new Map<string, Equality[]>();
  for (const entry of entries) {
    for (const context of entry.contexts) groups.set(context, [...(groups.get(context) ?? []), entry]);
  }
  return groups;
}

/** Finds the rule for a line's words in a context; rules of `*` come last. */
export function findRule(
  compiledDialect: CompiledDialect,
  context: string,
  words: readonly string[],
  negated: boolean,
): RuleMatch | undefined {
  const { contexts } = compiledDialect;
  return (
    findIn(contexts.get(context), words, negated) ??
    (context === "*" ? undefined : findIn(contexts.get("*"), words, negated))
  );
}

function findIn(
  index: RuleIndex | undefined,
  words: readonly string[],
  negated: boolean,
): RuleMatch | undefined {
  if (!index) return undefined;
  const first = index.byWord.get(words[0] ?? "");
  return findAmong(first, words, negated) ?? findAmong(index.any, words, negated);
}

function findAmong(
  rules: readonly CompiledRule[] | undefined,
  words: readonly string[],
  negated: boolean,
): RuleMatch | undefined {
  if (!rules) return undefined;
  for (const rule of rules) {
    const match = matchRule(rule, words);
    if (match) return match;
  }
  if (!negated) return undefined;
  for (const rule of rules) {
    const match = matchHead(rule, words);
    if (match && match.slot !== "") return match;
  }
  return undefined;
}

/** The list syntax of a context, if its statements are an ordered list. */
export function sequenceOf(compiledDialect: CompiledDialect, context: string): SequenceSyntax | undefined {
  return Object.hasOwn(compiledDialect.dialect.sequences, context)
    ? compiledDialect.dialect.sequences[context]
    : undefined;
}
