import { canonicalLine } from "./canonical.ts";
import type { CompiledDialect } from "./compile.ts";
import type { Block, Statement } from "./state.ts";

/** Cuts blocks over ranges (`line vty 0 15`) at the borders that either state knows, so that equal pieces are
 *  compared with each other. States without such blocks come back as they are. */
export function alignRanges(
  compiled: CompiledDialect,
  before: Block,
  after: Block,
): { before: Block; after: Block } {
  const cuts = new Map<string, Set<number>>();
  for (const state of [before, after]) {
    for (const statement of state.items.values()) {
      const range = rangeOf(statement);
      if (!range) continue;
      const list = cuts.get(range.head) ?? new Set();
      cuts.set(range.head, list.add(range.low).add(range.high + 1));
    }
  }
  if (cuts.size === 0) return { before, after };
  return { before: cutBlocks(compiled, before, cuts), after: cutBlocks(compiled, after, cuts) };
}

interface Range {
  readonly head: string;
  readonly low: number;
  readonly high: number;
}

function rangeOf(statement: Statement): Range | undefined {
  if (!statement.match?.rule.range || !statement.block) return undefined;
  const words = statement.slot.split(" ");
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const [low, high = low] = numbers;
  if (low === undefined || high === undefined || high < low) return undefined;
  return { head: words.filter((word) => !/^\d+$/.test(word)).join(" "), low, high };
}

function cutBlocks(
  compiled: CompiledDialect,
  state: Block,
  cuts: ReadonlyMap<string, ReadonlySet<number>>,
): Block {
  const isCut = (statement: Statement) => {
    const range = rangeOf(statement);
    if (!range) return false;
    const [low, high] = pieces(range, cuts.get(range.head) ?? new Set()).next().value ?? [];
    return statement.slot !== `${range.head} ${low} ${high}`;
  };
  if (![...state.items.values()].some(isCut)) return state;
  const items = new Map<string, Statement>();
  for (const [slot, statement] of state.items) {
    const range = rangeOf(statement);
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
