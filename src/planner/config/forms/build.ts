import { type CompiledDialect, findRule, tableOf } from "../compile.ts";
import type { CompiledRule } from "../pattern.ts";
import { maskSecrets } from "../secrets.ts";
import type { Block, Statement } from "../state.ts";
import { canonicalWords, type Word } from "./words.ts";

/** A block that is being read. */
export interface OpenBlock extends Block {
  readonly items: Map<string, Statement>;
  readonly entries: undefined;
}

/** An empty block. */
export function emptyBlock(context: string): OpenBlock {
  return { context, items: new Map(), entries: undefined };
}

/** Where a statement was read and how it was typed. */
export interface Origin {
  readonly source: string;
  readonly line: number;
  /** Slot of a line that no rule knows; default: the whole line. */
  readonly slot?: string;
}

/** Enters the block of a header, known or new.
 *  @param words - canonical words of the header
 *  @param context - of a block that no rule knows */
export function enterBlock(
  compiled: CompiledDialect,
  parent: OpenBlock,
  words: readonly string[],
  origin: Origin,
  context = "unknown",
): { block: OpenBlock; slot: string } {
  const found = findRule(tableOf(compiled, parent.context), words, false);
  const match = found?.rule.block === undefined ? undefined : found;
  const slot = match?.slot ?? words.join(" ");
  const known = parent.items.get(slot);
  if (known?.block) return { block: known.block as OpenBlock, slot };
  const block = emptyBlock(match?.rule.block ?? context);
  const text = words.join(" ");
  parent.items.set(slot, {
    slot,
    text,
    ...origin,
    negated: false,
    match,
    secret: undefined,
    set: undefined,
    block,
  });
  return { block, slot };
}

/** Puts a line into a block; a line of the same slot is overwritten.
 *  @returns its slot, and whether a rule knows it */
export function putLine(
  compiled: CompiledDialect,
  parent: OpenBlock,
  words: readonly string[],
  origin: Origin,
): { slot: string; understood: boolean } {
  const canonical = canonicalWords(compiled, parent.context, words);
  const match = findRule(tableOf(compiled, parent.context), canonical, false);
  const spelled = canonical.join(" ");
  const masked = maskSecrets(compiled.dialect, spelled);
  const slot = match?.slot ?? origin.slot ?? masked.text;
  parent.items.set(slot, {
    slot,
    text: match?.rule.compare === "slot" ? slot : masked.text,
    source: origin.source,
    line: origin.line,
    negated: false,
    match,
    secret: masked.secret,
    set: undefined,
    block: undefined,
  });
  return { slot, understood: match !== undefined };
}

/** Tells whether the values of a rule are a list of names: `import <policy...>`. */
export function isNameList(rule: CompiledRule | undefined): boolean {
  const last = rule?.tokens.at(-1);
  return last?.kind === "rest" && last.type !== undefined && !last.key;
}

/** Joins words as they were typed. */
export function sourceOf(words: readonly Word[]): string {
  return words.map((word) => word.source).join(" ");
}

/** Tells whether the slot of a statement is all of it. */
export function isAllKey(statement: Statement): boolean {
  const tokens = statement.match?.rule.tokens;
  return !tokens || tokens.every((token) => token.kind === "literal" || token.key);
}
