import { canonicalLine } from "./canonical.ts";
import type { CompiledDialect } from "./compile.ts";
import type { Block, Statement } from "./state.ts";
import { isNumber } from "./words.ts";

/** Cuts blocks over ranges (`line vty 0 15`) at the borders that either state knows, so that equal pieces are
 *  compared with each other. States without such blocks come back as they are. */
export function alignRanges(
  compiled: CompiledDialect,
  before: Block,
  after: Block,
): { before: Block; after: Block } {
  const old = rangesOf(before);
  const next = rangesOf(after);
  if (old.size === 0 && next.size === 0) return { before, after };
  const cuts = new Map<string, Set<number>>();
  for (const ranges of [old, next]) {
    for (const { head, low, high } of ranges.values()) {
      const list = cuts.get(head) ?? new Set();
      cuts.set(head, list.add(low).add(high + 1));
    }
  }
  return { before: cutBlocks(compiled, before, old, cuts), after: cutBlocks(compiled, after, next, cuts) };
}

interface Range {
  readonly head: string;
  readonly low: number;
  readonly high: number;
}

/** The blocks of a state that stand over a range. */
function rangesOf(state: Block): ReadonlyMap<Statement, Range> {
  const ranges = new Map<Statement, Range>();
  for (const statement of state.items.values()) {
    const range = statement.match?.rule.range && statement.block ? rangeOf(statement.slot) : undefined;
    if (range) ranges.set(statement, range);
  }
  return ranges;
}

function rangeOf(slot: string): Range | undefined {
  const words = slot.split(" ");
  const numbers = words.filter(isNumber).map(Number);
  const [low, high = low] = numbers;
  if (low === undefined || high === undefined || high < low) return undefined;
  return { head: words.filter((word) => !isNumber(word)).join(" "), low, high };
}

type Cuts = ReadonlyMap<string, ReadonlySet<number>>;

function cutBlocks(
  compiled: CompiledDialect,
  state: Block,
  ranges: ReadonlyMap<Statement, Range>,
  cuts: Cuts,
): Block {
  if (![...ranges].some(([statement, range]) => isCut(statement, range, cuts))) return state;
  const items = new Map<string, Statement>();
  for (const [slot, statement] of state.items) {
    const range = ranges.get(statement);
    if (!range) {
      items.set(slot, statement);
      continue;
    }
    for (const [low, high] of pieces(range, cuts.get(range.head) ?? new Set())) {
      const piece = pieceOf(compiled, state, statement, `${range.head} ${low} ${high}`);
      const known = items.get(piece.slot);
      items.set(
        piece.slot,
        known?.block && piece.block ? { ...piece, block: mergeInto(known.block, piece.block) } : piece,
      );
    }
  }
  return { ...state, items };
}

/** Tells whether a block is to be cut, or its header to be spelled with both ends. */
function isCut({ slot }: Statement, { head, low, high }: Range, cuts: Cuts): boolean {
  for (const cut of cuts.get(head) ?? []) if (cut > low && cut <= high) return true;
  return slot !== `${head} ${low} ${high}`;
}

function mergeInto(first: Block, second: Block): Block {
  return { ...second, items: new Map([...first.items, ...second.items]) };
}

function pieceOf(compiled: CompiledDialect, state: Block, statement: Statement, line: string): Statement {
  if (line === statement.slot) return statement;
  const canonical = canonicalLine(compiled, state.context, line);
  return { ...statement, slot: line, text: line, source: line, match: canonical.match ?? statement.match };
}

function* pieces({ low, high }: Range, cuts: ReadonlySet<number>): Generator<[number, number]> {
  const borders = [...cuts].filter((cut) => cut > low && cut <= high).sort((a, b) => a - b);
  let from = low;
  for (const border of borders) {
    yield [from, border - 1];
    from = border;
  }
  yield [from, high];
}
