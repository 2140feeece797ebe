import { type CompiledDialect, type ContextTable, tableOf, UNKNOWN } from "./compile.ts";
import type { CanonicalLine } from "./line-memory.ts";
import type { ConfigNode } from "./types.ts";

/** A node with what the dialect made of it; internal to the engine. */
export interface ParsedNode extends ConfigNode {
  readonly children: readonly ParsedNode[];
  readonly spelled: CanonicalLine;
  /** As it is typed, without indentation. */
  readonly source: string;
}

/** A node that lines can be put below. */
export interface OpenNode extends ParsedNode {
  children: ParsedNode[];
}

/** Most lines have nothing below them: they share one list, and get one of their own with the first line that has. */
export const NO_CHILDREN: ParsedNode[] = [];

/** Levels that are followed; no configuration nests deeper, and hostile input shall not exhaust the stack. */
const DEEPEST = 64;

/** The headers around the line that is read, outermost first. Rows of values in place of an object for each line. */
export class OpenHeaders {
  readonly #compiled: CompiledDialect;
  readonly #nodes: (OpenNode | undefined)[] = [undefined];
  readonly #indents: number[] = [-1];
  readonly #tables: ContextTable[];
  #depth = 0;

  constructor(compiled: CompiledDialect) {
    this.#compiled = compiled;
    this.#tables = [tableOf(compiled, "root")];
  }

  /** What is known of the context of what stands below the innermost header. */
  get table(): ContextTable {
    return this.#tables[this.#depth] as ContextTable;
  }

  /** True where a line stands at root. */
  get isEmpty(): boolean {
    return this.#depth === 0;
  }

  /** Leaves the headers that a line of this indentation does not stand below. */
  leaveTo(indent: number): void {
    while (this.#depth > 0 && (this.#indents[this.#depth] as number) >= indent) this.#depth--;
  }

  /** Puts a line below the innermost header. */
  add(node: ParsedNode): void {
    const header = this.#nodes[this.#depth];
    if (header === undefined) return;
    if (header.children === NO_CHILDREN) header.children = [node];
    else header.children.push(node);
  }

  /** Makes a line the innermost header; what stands below has the context that its rule names. */
  enter(node: OpenNode, indent: number): void {
    if (this.#depth + 1 >= DEEPEST) return;
    this.#depth++;
    this.#nodes[this.#depth] = node;
    this.#indents[this.#depth] = indent;
    this.#tables[this.#depth] = tableOf(this.#compiled, node.spelled.match?.rule.block ?? UNKNOWN);
  }
}
