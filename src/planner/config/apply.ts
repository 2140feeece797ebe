import type { Rule } from "./dialect.ts";
import {
  formatIntervals,
  type Intervals,
  sameIntervals,
  subtractIntervals,
  unionIntervals,
} from "./intervals.ts";
import type { Operation } from "./operation.ts";
import { absentSet, type Block, type Entry, type Statement } from "./state.ts";

/** A state that operations change in place. */
export class LiveBlock implements Block {
  readonly context: string;
  readonly items: Map<string, Statement>;
  readonly entries: Entry[] | undefined;

  /** @param block - what it is a copy of */
  constructor({ context, items, entries }: Block) {
    this.context = context;
    this.items = new Map();
    // A pair for each item is what the constructor of a Map would make.
    items.forEach((statement, slot) => {
      this.items.set(slot, statement);
    });
    this.entries = entries && [...entries];
  }
}

/** A state to play operations on. Blocks are shared with the state it began as until they change,
 *  so that what is the same is seen to be the same. */
export class LiveState {
  readonly root: LiveBlock;
  readonly #own = new Set<Block>();

  constructor(block: Block) {
    this.root = this.own(block);
  }

  /** The state once all operations are played: nothing may be played on it any more. */
  settled(): Block {
    const { context, items, entries } = this.root;
    return { context, items, entries, facts: undefined };
  }

  /** A copy of a block that may be changed. */
  own(block: Block): LiveBlock {
    if (this.#own.has(block)) return block as LiveBlock;
    const copy = new LiveBlock(block);
    this.#own.add(copy);
    return copy;
  }

  /** The changeable block under a header; undefined where there is none. */
  below(parent: LiveBlock, slot: string): LiveBlock | undefined {
    const statement = parent.items.get(slot);
    if (!statement?.block) return undefined;
    const own = this.own(statement.block);
    if (own !== statement.block) parent.items.set(slot, { ...statement, block: own });
    return own;
  }
}

/** Plays one operation on a state. */
export function applyOperation(state: LiveState, operation: Operation): void {
  const block = findBlock(state, operation);
  if (!block) return;
  const { effect } = operation;
  switch (effect.kind) {
    case "put": {
      const inner = block.items.get(operation.slot)?.block;
      const statement = effect.statement;
      clearSlots(block, effect.clears);
      if (effect.wipes) wipeBlocks(state, effect.wipes);
      block.items.set(operation.slot, inner ? { ...statement, block: inner } : statement);
      return;
    }
    case "open":
      block.items.set(operation.slot, {
        ...effect.statement,
        block: effect.statement.block && state.own(effect.statement.block),
      });
      if (effect.implied) {
        const { slot, element, statement } = effect.implied;
        changeSet(block, slot, statement, [[element, element]], []);
      }
      return;
    case "drop":
      clearSlots(block, block.items.get(operation.slot)?.match?.rule.clears ?? []);
      block.items.delete(operation.slot);
      for (const slot of effect.also) block.items.delete(slot);
      return;
    case "set":
      for (const slot of effect.alsoDrop) block.items.delete(slot);
      changeSet(block, operation.slot, effect.statement, effect.added, effect.removed);
      return;
    case "move":
      moveItem(block.items, operation.slot, effect.before);
      return;
    default:
      applyToEntries(block, effect);
      // A list without a header of its own goes with its last entry.
      if (operation.undefines.length > 0) state.root.items.delete(operation.path[0]?.slot ?? "");
  }
}

/** Puts an item before another one, or at the end. */
function moveItem(items: Map<string, Statement>, slot: string, before: string | undefined): void {
  const moved = items.get(slot);
  if (!moved || before === slot) return;
  items.delete(slot);
  if (before === undefined || !items.has(before)) {
    items.set(slot, moved);
    return;
  }
  const rest = [...items];
  const at = rest.findIndex(([name]) => name === before);
  for (const [name] of rest.slice(at)) items.delete(name);
  items.set(slot, moved);
  for (const [name, statement] of rest.slice(at)) items.set(name, statement);
}

/** Takes away what the device wipes by itself. */
function clearSlots(block: LiveBlock, heads: readonly string[]): void {
  if (heads.length === 0) return;
  for (const slot of [...block.items.keys()]) {
    if (heads.some((head) => slot === head || slot.startsWith(`${head} `))) block.items.delete(slot);
  }
}

/** Takes lines out of other blocks, as the device does by itself. */
export function wipeBlocks(state: LiveState, { block: header, slots }: NonNullable<Rule["wipes"]>): void {
  for (const slot of [...state.root.items.keys()]) {
    const block = header.test(slot) ? state.below(state.root, slot) : undefined;
    if (block) clearSlots(block, slots);
  }
}

function findBlock(state: LiveState, operation: Operation): LiveBlock | undefined {
  let block = state.root;
  for (const header of operation.path) {
    let inner = state.below(block, header.slot);
    if (!inner) {
      const model = operation.headers.get(header.slot);
      if (!model?.block) return undefined;
      inner = state.own({
        context: model.block.context,
        items: new Map(),
        entries: model.block.entries ? [] : undefined,
      });
      block.items.set(header.slot, { ...model, block: inner });
    }
    block = inner;
  }
  return block;
}

function changeSet(
  block: LiveBlock,
  slot: string,
  model: Statement,
  added: Intervals,
  removed: Intervals,
): void {
  const syntax = model.match?.rule.set;
  if (!syntax) return;
  const absent = absentSet(syntax);
  const set = subtractIntervals(unionIntervals(block.items.get(slot)?.set ?? absent, added), removed);
  if (sameIntervals(set, absent)) block.items.delete(slot);
  else
    block.items.set(slot, { ...model, set, text: `${slot} ${formatIntervals(set, syntax.style) || "none"}` });
}

function applyToEntries(block: LiveBlock, effect: Operation["effect"]): void {
  const { entries } = block;
  if (!entries) return;
  if (effect.kind === "insert") {
    const number = effect.entry.number ?? Number.POSITIVE_INFINITY;
    const at = findNumber(entries, number);
    entries.splice(at, entries[at]?.number === number ? 1 : 0, effect.entry);
  } else if (effect.kind === "take") {
    const { number, text } = effect;
    const at =
      number === undefined
        ? entries.findLastIndex((entry) => entry.text === text)
        : findNumber(entries, number);
    if (at >= 0 && entries[at]?.number === number) entries.splice(at, 1);
  } else if (effect.kind === "note") {
    const at = findNumber(entries, effect.number);
    const entry = entries[at];
    if (entry?.number === effect.number) entries[at] = { ...entry, note: effect.note };
  } else if (effect.kind === "renumber") {
    for (const [i, entry] of entries.entries())
      entries[i] = { ...entry, number: effect.first + effect.step * i };
    const line = effect.stepLine;
    if (line?.statement) block.items.set(line.slot, line.statement);
    else if (line) block.items.delete(line.slot);
  }
}

/** Index of the first entry whose number is not below the given one; entries without a number count as they stand. */
function findNumber(entries: readonly Entry[], number: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.number ?? -1) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
