import { type CompiledDialect, findRule, tableOf } from "../compile.ts";
import type { RuleMatch } from "../pattern.ts";
import type { BraceToken } from "./brace-tokens.ts";
import { emptyBlock, enterBlock, isNameList, type OpenBlock, putLine, sourceOf } from "./build.ts";
import { canonicalWords, type Word, wordOf } from "./words.ts";

/** A word, or the words of `[ a b ]`. */
type Item = Word | readonly Word[];

/** What was placed last: where, and by which name. */
interface Unit {
  readonly block: OpenBlock;
  readonly slot: string;
}

/** An open brace: the block it stands for, and words that no rule takes for a header. */
interface Frame {
  readonly block: OpenBlock;
  readonly rest: readonly Item[];
  readonly unit: Unit | undefined;
  filled: boolean;
}

/** Marks that stand before a statement, and what they are called in commands. */
const MARKS: Readonly<Record<string, string>> = { "inactive:": "deactivate", "protect:": "protect" };
const VERBS = new Set(["set", "deactivate", "protect"]);
/** Nesting that is followed; what lies deeper is compared as it stands. */
const DEEPEST = 48;
/** Words of a statement that are tried as one header or line. */
const LONGEST = 10;
/** Words of a line that are looked at one by one. */
const WIDEST = 200;

/** The meaning of a Junos text, braces or set lines. */
export interface BraceReading {
  readonly root: OpenBlock;
  /** Rows that no rule knows. */
  readonly unknown: ReadonlySet<number>;
  /** Rows of braces that are never closed, or close nothing. */
  readonly unbalanced: readonly number[];
}

/** Reads the tokens of a Junos text. */
export function readBraces(compiled: CompiledDialect, tokens: readonly BraceToken[]): BraceReading {
  const reader = new BraceReader(compiled);
  let i = 0;
  while (i < tokens.length) {
    const end = setLineEnd(tokens, i, reader.depth);
    if (end === undefined) {
      reader.take(tokens[i] as BraceToken);
      i++;
      continue;
    }
    reader.setLine(tokens.slice(i, end).filter((token) => token.kind !== "comment"));
    i = end;
  }
  reader.finish();
  prune(reader.root);
  return { root: reader.root, unknown: reader.unknown, unbalanced: reader.unbalanced };
}

/** Index behind a line like `set system host-name a`; undefined where the token begins none. */
function setLineEnd(tokens: readonly BraceToken[], start: number, depth: number): number | undefined {
  const first = tokens[start] as BraceToken;
  const before = tokens[start - 1];
  if (depth > 0 || first.kind !== "word" || (before && before.endRow === first.row)) return undefined;
  if (!VERBS.has(first.source) && first.source !== "delete" && first.source !== "activate") return undefined;
  let end = start + 1;
  let row = first.endRow;
  while (end < tokens.length && (tokens[end] as BraceToken).row === row) {
    const token = tokens[end] as BraceToken;
    if (token.kind === "{" || token.kind === ";" || token.kind === "}") return undefined;
    row = token.endRow;
    end++;
  }
  return end;
}

class BraceReader {
  readonly root = emptyBlock("root");
  readonly unknown = new Set<number>();
  readonly unbalanced: number[] = [];
  readonly #compiled: CompiledDialect;
  readonly #frames: Frame[];
  readonly #rows: number[] = [];
  #items: Item[] = [];
  #list: Word[] | undefined;
  #marks: string[] = [];
  #row = 0;

  constructor(compiled: CompiledDialect) {
    this.#compiled = compiled;
    this.#frames = [{ block: this.root, rest: [], unit: undefined, filled: true }];
  }

  get depth(): number {
    return this.#frames.length - 1 + this.#items.length;
  }

  take(token: BraceToken): void {
    if (token.kind === "comment") return;
    if (this.#items.length === 0 && this.#list === undefined) this.#row = token.row;
    if (token.kind === "word") this.#word(token.source);
    else if (token.kind === "[") this.#list = [];
    else if (token.kind === "]") this.#closeList();
    else if (token.kind === ";") this.#statement();
    else if (token.kind === "{") this.#open(token.row);
    else this.#close(token.row);
  }

  finish(): void {
    this.#statement();
    this.unbalanced.push(...this.#rows.splice(0));
    while (this.#frames.length > 1) this.#leave();
  }

  #word(source: string): void {
    const mark = Object.hasOwn(MARKS, source) ? MARKS[source] : undefined;
    if (mark !== undefined) this.#marks.push(mark);
    else if (this.#list) this.#list.push(wordOf(source));
    else this.#items.push(wordOf(source));
  }

  #closeList(): void {
    if (this.#list) this.#items.push(this.#list);
    this.#list = undefined;
  }

  #statement(): void {
    this.#closeList();
    const frame = this.#top();
    if (this.#items.length > 0) {
      frame.filled = true;
      const unit = this.#place(frame.block, [...frame.rest, ...this.#items], this.#row);
      for (const mark of this.#marks) if (unit) setMark(unit.block, mark, unit.slot, this.#row + 1);
    }
    this.#items = [];
    this.#marks = [];
  }

  #open(row: number): void {
    this.#closeList();
    const frame = this.#top();
    frame.filled = true;
    const inner = this.#enter(frame, this.#items);
    if (inner.unit)
      for (const mark of this.#marks) setMark(inner.unit.block, mark, inner.unit.slot, this.#row + 1);
    this.#frames.push(inner);
    this.#rows.push(row);
    this.#items = [];
    this.#marks = [];
  }

  #close(row: number): void {
    this.#statement();
    if (this.#frames.length === 1) {
      this.unbalanced.push(row);
      return;
    }
    this.#rows.pop();
    this.#leave();
  }

  /** Leaves a block; one that no rule knows and that is empty is a statement of its own. */
  #leave(): void {
    const frame = this.#frames.pop();
    if (frame && !frame.filled && frame.rest.length > 0) this.#place(frame.block, frame.rest, this.#row);
  }

  #top(): Frame {
    return this.#frames.at(-1) as Frame;
  }

  #enter(frame: Frame, items: readonly Item[]): Frame {
    if (this.#frames.length > DEEPEST) return { ...frame, filled: true };
    const all = [...frame.rest, ...items];
    const words = all.filter((item): item is Word => "text" in item);
    if (words.length !== all.length) return { block: frame.block, rest: all, unit: undefined, filled: false };
    let { block } = frame;
    let unit: Unit | undefined;
    let i = 0;
    while (i < words.length) {
      const k = this.#headerLength(block, words.slice(i, i + LONGEST));
      if (k === 0) break;
      const entered = this.#enterHeader(block, words.slice(i, i + k), this.#row);
      unit = { block, slot: entered.slot };
      block = entered.block;
      i += k;
    }
    const rest = words.slice(i);
    if (rest.length > 0) this.unknown.add(this.#row);
    return { block, rest, unit: rest.length === 0 ? unit : undefined, filled: rest.length === 0 };
  }

  #headerLength(block: OpenBlock, words: readonly Word[]): number {
    for (let k = words.length; k > 0; k--) if (this.#match(block, words.slice(0, k))?.rule.block) return k;
    return 0;
  }

  #match(block: OpenBlock, words: readonly Word[], negated = false): RuleMatch | undefined {
    const texts = words.map((word) => word.text);
    const canonical = canonicalWords(this.#compiled, block.context, texts);
    return findRule(tableOf(this.#compiled, block.context), canonical, negated);
  }

  #enterHeader(block: OpenBlock, words: readonly Word[], row: number) {
    const canonical = canonicalWords(
      this.#compiled,
      block.context,
      words.map((word) => word.text),
    );
    return enterBlock(this.#compiled, block, canonical, { source: sourceOf(words), line: row + 1 });
  }

  /** A line of `set …`, `deactivate …` or `protect …`. */
  setLine(tokens: readonly BraceToken[]): void {
    const [verb, ...rest] = tokens;
    const row = verb?.row ?? 0;
    if (!verb || !VERBS.has(verb.source) || rest.length === 0) {
      this.unknown.add(row);
      return;
    }
    const items: Item[] = [];
    let list: Word[] | undefined;
    for (const token of rest) {
      if (token.kind === "[") list = [];
      else if (token.kind === "]") {
        if (list) items.push(list);
        list = undefined;
      } else if (list) list.push(wordOf(token.source));
      else items.push(wordOf(token.source));
    }
    if (list) items.push(list);
    if (verb.source === "set") this.#place(this.root, items, row);
    else this.#markAt(verb.source, items.flat() as Word[], row);
  }

  #markAt(mark: string, words: readonly Word[], row: number): void {
    let block = this.root;
    let slot = "";
    let parent = block;
    let i = 0;
    for (let depth = 0; i < words.length && depth < DEEPEST; depth++) {
      const k = this.#headerLength(block, words.slice(i, i + LONGEST));
      if (k === 0) break;
      const entered = this.#enterHeader(block, words.slice(i, i + k), row);
      parent = block;
      slot = entered.slot;
      block = entered.block;
      i += k;
    }
    if (i === words.length) {
      setMark(parent, mark, slot, row + 1);
      return;
    }
    const rest = words.slice(i);
    const named = this.#match(block, rest, true)?.slot ?? rest.map((word) => word.text).join(" ");
    setMark(block, mark, named, row + 1);
  }

  /** Puts a statement where its words lead.
   *  @returns the block or line that its last words stand for */
  #place(start: OpenBlock, items: readonly Item[], row: number): Unit | undefined {
    let block = start;
    let unit: Unit | undefined;
    let depth = 0;
    let i = 0;
    while (i < items.length) {
      const to = items.findIndex((item, at) => at >= i && !("text" in item));
      const end = to < 0 ? items.length : to;
      const run = items.slice(i, end) as Word[];
      const list = items[end] as readonly Word[] | undefined;
      const first = list?.[0];
      const listed = first && run.length > 0 ? this.#match(block, [...run, first]) : undefined;
      const k = (listed && !listed.rule.block) || run.length > WIDEST ? 0 : this.#unitLength(block, run);
      if (k > 0 && depth < DEEPEST) {
        const words = run.slice(0, k);
        if (this.#match(block, words)?.rule.block) {
          const entered = this.#enterHeader(block, words, row);
          unit = { block, slot: entered.slot };
          block = entered.block;
          depth++;
        } else unit = this.#line(block, words, row);
        i += k;
        continue;
      }
      if (!listed && (run.length > 0 || list)) this.unknown.add(row);
      for (const element of list ?? [undefined])
        unit = this.#line(block, element ? [...run, element] : run, row) ?? unit;
      i = end + 1;
    }
    return unit;
  }

  /** How many words make up the next header or line; 0 where no rule fits. */
  #unitLength(block: OpenBlock, words: readonly Word[]): number {
    if (words.length > LONGEST && this.#match(block, words)) return words.length;
    for (let k = Math.min(words.length, LONGEST); k > 0; k--)
      if (this.#match(block, words.slice(0, k))) return k;
    return 0;
  }

  #line(block: OpenBlock, words: readonly Word[], row: number): Unit | undefined {
    if (words.length === 0) return undefined;
    const origin = { source: sourceOf(words), line: row + 1 };
    const texts = words.map((word) => word.text);
    const match = this.#match(block, words);
    const known = match && isNameList(match.rule) ? block.items.get(match.slot) : undefined;
    if (!match || !known) return { block, slot: putLine(this.#compiled, block, texts, origin).slot };
    // A further name of a list whose order counts: it stands at the end, once.
    const fixed = match.rule.tokens.length - 1;
    const held = known.text.split(" ").slice(fixed);
    const added = words.slice(fixed).filter((word) => !held.includes(word.text));
    const source = `${known.source.replace(/ \]$/, "").replace("[ ", "")} ${sourceOf(added)}`.trim();
    const spelled = source.split(" ");
    const listed = `${spelled.slice(0, fixed).join(" ")} [ ${spelled.slice(fixed).join(" ")} ]`;
    putLine(this.#compiled, block, [...known.text.split(" "), ...added.map((word) => word.text)], {
      source: added.length === 0 ? known.source : listed,
      line: known.line,
    });
    return { block, slot: known.slot };
  }
}

function setMark(block: OpenBlock, mark: string, slot: string, line: number): void {
  const name = `${mark} ${slot}`;
  block.items.set(name, {
    slot: name,
    text: name,
    source: name,
    negated: false,
    line,
    match: undefined,
    secret: undefined,
    set: undefined,
    block: undefined,
  });
}

/** Leaves out containers without a name that hold nothing: Junos does not keep them. */
function prune(block: OpenBlock): void {
  for (const [slot, statement] of block.items) {
    if (!statement.block) continue;
    prune(statement.block as OpenBlock);
    const rule = statement.match?.rule;
    if (statement.block.items.size === 0 && rule?.life === "optional") block.items.delete(slot);
  }
}
