import type { Dialect, Equality, SequenceSyntax } from "./dialect.ts";
import { type ContextLines, LineMemory } from "./line-memory.ts";
import { type CompiledRule, compileRule, matchHead, matchRule, type RuleMatch } from "./pattern.ts";

/** A dialect made ready for use: rules by context and first word. */
export interface CompiledDialect {
  readonly dialect: Dialect;
  readonly contexts: ReadonlyMap<string, RuleIndex>;
  readonly equalities: ReadonlyMap<string, readonly Equality[]>;
  /** What is known of each context that was met. */
  readonly tables: Map<string, ContextTable>;
  readonly noise: RegExp | undefined;
  /** True where noise only ever stands at the left edge, so that indented lines are not asked. */
  readonly isNoiseAtEdge: boolean;
  /** Tells whether a text of several lines (a banner) may begin with a line, indented or not. */
  readonly opensText: (body: string) => boolean;
  /** Matches every line that may hold a secret. */
  readonly secretHint: RegExp;
  /** Matches every header of a group that filters name. */
  readonly groupHint: RegExp;
  /** Matches every line that may bind a filter: asked first, since hardly a line does. */
  readonly filterHint: RegExp;
  /** Lines met before, in their canonical spelling: the switches of a fleet say the same again and again. */
  readonly memory: LineMemory;
}

/** All that a dialect says of the lines of one context: looked up once for a block, not for each of its lines. */
export interface ContextTable {
  readonly name: string;
  readonly rules: RuleIndex | undefined;
  /** Rules of `*`, which come last. */
  readonly general: RuleIndex | undefined;
  readonly equalities: readonly Equality[];
  readonly sequence: SequenceSyntax | undefined;
  readonly lines: ContextLines;
  /** Rules of one word with free text behind it. */
  readonly freeText: ReadonlyMap<string, CompiledRule>;
  /** What some rule of the context, or of `*`, has: what none has is not looked for in a block. */
  readonly clears: boolean;
  readonly owns: boolean;
  readonly families: boolean;
  readonly wipes: boolean;
  readonly activates: boolean;
}

interface RuleIndex {
  readonly all: readonly CompiledRule[];
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
  const opens = opensText(dialect);
  const result: CompiledDialect = {
    dialect,
    contexts,
    equalities: groupEqualities(dialect.equalities),
    tables: new Map(),
    isNoiseAtEdge: dialect.noise.every(({ pattern }) => standsAtEdge(pattern)),
    opensText: (body) => opens.test(body),
    noise: dialect.noise.length
      ? new RegExp(dialect.noise.map((entry) => `(?:${entry.pattern.source})`).join("|"), "i")
      : undefined,
    // Rather one line too many than one too few: a hint that misses would let a secret through.
    secretHint: anyOf(dialect.secrets.map((form) => form.pattern)),
    groupHint: anyOf((dialect.filters?.groups ?? []).map((group) => group.header)),
    filterHint: anyOf((dialect.filterBindings ?? []).map((binding) => binding.line)),
    memory: new LineMemory(),
  };
  compiled.set(dialect, result);
  return result;
}

/** Tells whether a pattern wants something other than a blank at the very beginning of a line; no where it is not plain. */
function standsAtEdge({ source }: RegExp): boolean {
  const isChoice = source.replace(/\([^()]*\)/g, "").includes("|");
  return !isChoice && AT_EDGE.test(source);
}

const AT_EDGE = /^\^(?:\\S|\w|[#!<]|\\[{[]|\[(?:[^\]^\\ ]|\\[wd])+\])(?![*?]|\{0)/;

/** Matches every line that may begin a text of several lines, its indentation taken away. */
function opensText({ raw }: Dialect): RegExp {
  return anyOf(raw.map(({ start }) => new RegExp(start.source.replace(/^\^\\s[+*]/, "^"), start.flags)));
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
  return { all: sorted, byWord, any };
}

/** The rules of a context that read free text behind a word that no other rule begins with. */
function freeTextRules(
  byWord: ReadonlyMap<string, readonly CompiledRule[]>,
  negation: string,
): ReadonlyMap<string, CompiledRule> {
  const found = new Map<string, CompiledRule>();
  for (const [word, [rule, ...others]] of byWord) {
    if (rule === undefined || others.length > 0 || word === negation || word === "interface") continue;
    const [first, rest, more] = rule.tokens;
    const isText = rest?.kind === "rest" && rest.least === 1 && !rest.key && rest.type === undefined;
    if (first?.kind === "literal" && isText && more === undefined) found.set(word, rule);
  }
  return found;
}

function groupEqualities(entries: readonly Equality[]): ReadonlyMap<string, readonly Equality[]> {
  const groups = new Map<string, Equality[]>();
  for (const entry of entries) {
    for (const context of entry.contexts) groups.set(context, [...(groups.get(context) ?? []), entry]);
  }
  return groups;
}

/** The context of what stands below a header that no rule knows. */
export const UNKNOWN = "unknown";

/** What a dialect says of a context; contexts that it does not know have the rules of `*` only. */
export function tableOf(compiled: CompiledDialect, context: string): ContextTable {
  const known = compiled.tables.get(context);
  if (known !== undefined) return known;
  const { contexts, equalities, dialect } = compiled;
  const isKnown =
    contexts.has(context) || equalities.has(context) || Object.hasOwn(dialect.sequences, context);
  // A hostile text shall not make a table for each of its names.
  if (!isKnown && context !== UNKNOWN) return tableOf(compiled, UNKNOWN);
  const rules = contexts.get(context);
  const general = context === "*" ? undefined : contexts.get("*");
  const all = [...(rules?.all ?? []), ...(general?.all ?? [])];
  // Where blocks are not indented, lines of one block may be read by the rules of several contexts.
  const has = (trait: "clears" | "owns" | "wipes" | "family" | "activates") =>
    dialect.layout !== "indent" || all.some((rule) => rule[trait] !== undefined);
  const table: ContextTable = {
    name: context,
    rules,
    general,
    equalities: equalities.get(context) ?? [],
    sequence: Object.hasOwn(dialect.sequences, context) ? dialect.sequences[context] : undefined,
    lines: compiled.memory.open(),
    freeText: rules === undefined ? new Map() : freeTextRules(rules.byWord, dialect.negation),
    clears: has("clears"),
    owns: has("owns"),
    families: has("family"),
    wipes: has("wipes"),
    activates: has("activates"),
  };
  compiled.tables.set(context, table);
  return table;
}

/** Finds the rule for a line's words in a context; rules of `*` come last. */
export function findRule(
  { rules, general }: ContextTable,
  words: readonly string[],
  negated: boolean,
): RuleMatch | undefined {
  return findIn(rules, words, negated) ?? findIn(general, words, negated);
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
export function sequenceOf(compiled: CompiledDialect, context: string): SequenceSyntax | undefined {
  return tableOf(compiled, context).sequence;
}
