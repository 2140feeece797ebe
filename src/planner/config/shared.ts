import { type CleanText, indentOf } from "./lines.ts";
import type { ParsedNode } from "./parse.ts";
import type { Block, Entry, Statement } from "./state.ts";

/** A line at the left edge with what is indented below it, as a text was read. */
interface Section {
  readonly node: ParsedNode;
  /** Index of its first line, and of the first line behind it. */
  readonly start: number;
  readonly end: number;
}

/** The sections of a text. What a second text repeats line by line is not read again: an intended configuration is
 *  the running one but for a few lines. */
export class KnownSections {
  readonly #clean: CleanText;
  readonly #byLine = new Map<string, Section>();

  /** @param starts - index of the line that each node of `nodes` begins with */
  constructor(clean: CleanText, nodes: readonly ParsedNode[], starts: readonly number[]) {
    this.#clean = clean;
    for (const [i, node] of nodes.entries()) {
      const start = starts[i] as number;
      const first = clean.lines[start] as string;
      if (node.children.length === 0 || indentOf(first) > 0) continue;
      this.#byLine.set(first, { node, start, end: starts[i + 1] ?? clean.lines.length });
    }
  }

  /** Finds the section that another text repeats at a line of its left edge. */
  find(other: CleanText, at: number): { readonly node: ParsedNode; readonly length: number } | undefined {
    const section = this.#byLine.get(other.lines[at] as string);
    if (!section) return undefined;
    const { start, end, node } = section;
    const shift = (other.numbers[at] as number) - node.line;
    for (let i = start + 1; i < end; i++) {
      const there = at + i - start;
      if (other.lines[there] !== this.#clean.lines[i]) return undefined;
      // A noise line that one of the texts holds between these would shift the numbers of what follows.
      if (other.numbers[there] !== (this.#clean.numbers[i] as number) + shift) return undefined;
    }
    const behind = other.lines[at + end - start];
    return behind !== undefined && indentOf(behind) > 0 ? undefined : { node, length: end - start };
  }
}

/** Blocks that two states have in common, by the nodes that they were read from. */
export class SharedBlocks {
  readonly #read = new Map<readonly ParsedNode[], Block>();
  readonly #spoilt = new Set<Block>();
  readonly #taken = new Map<Block, number>();

  /** Notes what a section was read as. */
  offer(node: ParsedNode, block: Block): void {
    if (node.children.length > 0) this.#read.set(node.children, block);
  }

  /** A block that goes on with a second section is not what the first one says. */
  spoil(block: Block): void {
    this.#spoilt.add(block);
  }

  /** Takes over what the same section was read as. */
  take(node: ParsedNode): Block | undefined {
    const block = node.shift === undefined ? undefined : this.#read.get(node.children);
    if (!block || this.#spoilt.has(block)) return undefined;
    this.#taken.set(block, node.shift ?? 0);
    return block;
  }

  /** The lines that a block is shifted by that was taken over; undefined for a block of its own. */
  shiftOf(block: Block): number | undefined {
    return this.#taken.get(block);
  }
}

/** What stands below a node, its lines numbered as in the node's own text. */
export function childrenOf({ children, shift }: ParsedNode): readonly ParsedNode[] {
  return shift ? children.map((child) => shifted(child, shift)) : children;
}

function shifted(node: ParsedNode, shift: number): ParsedNode {
  const children = node.children.map((child) => shifted(child, shift));
  return { ...node, line: node.line + shift, children };
}

/** A copy of a block to go on with, its lines numbered as in the text that it was taken over for. */
export function copyShifted<T extends Block>(block: T, shift: number): T {
  const items = new Map<string, Statement>();
  for (const [slot, statement] of block.items) {
    const inner = statement.block && copyShifted(statement.block, shift);
    items.set(slot, { ...statement, line: statement.line + shift, block: inner });
  }
  const entries = block.entries?.map((entry): Entry => ({ ...entry, line: entry.line + shift }));
  return { ...block, items, entries };
}
