import type { Rule } from "./dialect.ts";

/** One word of a compiled pattern. */
type Token =
  | { readonly kind: "literal"; readonly word: string }
  | { readonly kind: "choice"; readonly words: ReadonlySet<string>; readonly key: boolean }
  | {
      readonly kind: "capture";
      readonly type: string;
      readonly test: RegExp | undefined;
      readonly key: boolean;
      readonly prefix: string;
    }
  | {
      readonly kind: "rest";
      readonly key: boolean;
      readonly least: number;
      readonly type: string | undefined;
    };

/** What a capture took. */
export interface Capture {
  readonly type: string;
  readonly text: string;
}

/** A rule with its pattern taken apart. */
export interface CompiledRule extends Rule {
  readonly tokens: readonly Token[];
  readonly literals: number;
  /** Words up to the first value, if they are all literals and keys; what `no …` may be cut down to. */
  readonly head: number;
  readonly captureTypes: readonly string[];
  /** False where no statement of the rule can define or use a name. */
  readonly referential: boolean;
}

/** Names that a statement brings into being and names that it leans on, as `namespace:name`. */
export interface References {
  readonly defines: readonly string[];
  readonly uses: readonly string[];
}

/** References before it is known in which block the line stands. */
export interface UnplacedReferences extends References {
  /** True where some name lives within the block only: such a name is still without its block. */
  readonly local: boolean;
}

/** A line as a rule sees it. */
export interface RuleMatch {
  readonly rule: CompiledRule;
  readonly slot: string;
  readonly captures: readonly Capture[];
  /** What the line refers to, once somebody asked: equal lines share their match, so it is read once for a fleet. */
  references: UnplacedReferences | undefined;
}

/** Takes a rule's pattern apart.
 *  @throws Error where the pattern names an unknown type: a mistake in a dialect's table */
export function compileRule(
  rule: Rule,
  types: ReadonlyMap<string, RegExp | undefined>,
  isName: (type: string) => boolean,
): CompiledRule {
  const tokens = rule.line.split(" ").map((word) => compileToken(word, types, rule.line));
  const firstValue = tokens.findIndex((token) => token.kind !== "literal" && !token.key);
  const captureTypes = tokens.flatMap((token) =>
    token.kind === "capture" || (token.kind === "rest" && token.type !== undefined) ? [token.type ?? ""] : [],
  );
  return {
    ...rule,
    tokens,
    literals: tokens.reduce((sum, token) => sum + weightOf(token), 0),
    head: firstValue < 0 ? tokens.length : firstValue,
    captureTypes,
    referential:
      rule.defines !== undefined ||
      rule.needs !== undefined ||
      rule.textUses !== undefined ||
      rule.negated !== undefined ||
      captureTypes.some(isName),
  };
}

function weightOf(token: Token): number {
  if (token.kind === "literal") return 100;
  if (token.kind === "choice") return 90;
  if (token.kind === "rest") return -1;
  return token.prefix !== "" ? 80 : token.test ? 10 : 1;
}

function compileToken(word: string, types: ReadonlyMap<string, RegExp | undefined>, line: string): Token {
  const match = /^(.*?)([<{])(.+)[>}]$/.exec(word);
  if (!match) return { kind: "literal", word };
  const [, prefix = "", bracket, type = ""] = match;
  const key = bracket === "{";
  if (type === "...") return { kind: "rest", key, least: 0, type: undefined };
  if (type === "text") return { kind: "rest", key, least: 1, type: undefined };
  if (type.endsWith("...") && types.has(type.slice(0, -3)))
    return { kind: "rest", key, least: 1, type: type.slice(0, -3) };
  if (type.includes("|")) return { kind: "choice", words: new Set(type.split("|")), key };
  if (!types.has(type)) throw new Error(`unknown type "${type}" in pattern "${line}"`);
  return { kind: "capture", type, test: types.get(type), key, prefix };
}

const NO_CAPTURES: readonly Capture[] = [];

/** Matches the words of a line; undefined where the pattern does not fit. */
export function matchRule(rule: CompiledRule, words: readonly string[]): RuleMatch | undefined {
  const tokens = rule.tokens;
  if (words.length < tokens.length - 1) return undefined;
  let slot = "";
  let captures: Capture[] | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const word = words[i];
    if (token.kind === "rest") {
      if (words.length - i < token.least) return undefined;
      const text = words.slice(i).join(" ");
      captures = [...(captures ?? []), ...restCaptures(token.type, text, words, i)];
      return {
        rule,
        slot: token.key && text !== "" ? join(slot, text) : slot,
        captures,
        references: undefined,
      };
    }
    if (word === undefined) return undefined;
    if (token.kind === "literal") {
      if (word !== token.word) return undefined;
      slot = join(slot, word);
      continue;
    }
    if (token.kind === "choice") {
      if (!token.words.has(word)) return undefined;
      captures = [...(captures ?? []), { type: "choice", text: word }];
      if (token.key) slot = join(slot, word);
      continue;
    }
    if (token.prefix !== "" && !word.startsWith(token.prefix)) return undefined;
    const text = token.prefix === "" ? word : word.slice(token.prefix.length);
    if (token.test && !token.test.test(text)) return undefined;
    captures = [...(captures ?? []), { type: token.type, text }];
    slot = token.key ? join(slot, word) : token.prefix === "" ? slot : join(slot, token.prefix);
  }
  if (words.length !== tokens.length) return undefined;
  return { rule, slot, captures: captures ?? NO_CAPTURES, references: undefined };
}

/** Matches a negated line that was cut down to the statement's identity: `no ip address`, `undo description`. */
export function matchHead(rule: CompiledRule, words: readonly string[]): RuleMatch | undefined {
  if (rule.head !== words.length || rule.head === rule.tokens.length) return undefined;
  const captures: Capture[] = [];
  for (let i = 0; i < rule.head; i++) {
    const token = rule.tokens[i] as Token;
    const word = words[i] as string;
    if (token.kind === "literal" && word !== token.word) return undefined;
    if (token.kind === "choice" && !token.words.has(word)) return undefined;
    if (
      token.kind === "capture" &&
      (!word.startsWith(token.prefix) || token.test?.test(word.slice(token.prefix.length)) === false)
    )
      return undefined;
    if (token.kind === "capture") captures.push({ type: token.type, text: word.slice(token.prefix.length) });
    if (token.kind === "choice") captures.push({ type: "choice", text: word });
  }
  return { rule, slot: trailingKeys(rule) ? "" : words.join(" "), captures, references: undefined };
}

/** True where keys stand behind values, so that a cut line does not tell which statement is meant. */
function trailingKeys(rule: CompiledRule): boolean {
  return rule.tokens.slice(rule.head).some((token) => token.kind === "literal" || token.key);
}

/** Fills `$1`, `$line` and named places of a command template. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$([a-z]+|\d)/g, (whole, name: string) => values[name] ?? whole);
}

/** Values of a template by the captures of a match. */
export function captureValues(captures: readonly Capture[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [i, capture] of captures.entries()) values[String(i + 1)] = capture.text;
  return values;
}

function restCaptures(
  type: string | undefined,
  text: string,
  words: readonly string[],
  start: number,
): Capture[] {
  return type === undefined
    ? [{ type: "text", text }]
    : words.slice(start).map((word) => ({ type, text: word }));
}

function join(left: string, right: string): string {
  return left === "" ? right : `${left} ${right}`;
}
