import type { Finding } from "../../../model/finding.ts";
import type { CleanText } from "../lines.ts";
import type { ConfigNode, ConfigTree } from "../types.ts";

/** What a reader found out about the rows of a text. */
export interface RowNotes {
  /** Rows (from 0) that no rule knows. */
  readonly unknown: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

/** Rows that belong together (a quote that runs over several), and what they do to the nesting. */
export interface Chunk {
  readonly row: number;
  readonly endRow: number;
  readonly role: ConfigNode["role"];
  readonly key: string;
  /** Blocks closed and opened, in this order. */
  readonly closes: number;
  readonly opens: number;
}

interface OpenNode extends ConfigNode {
  readonly children: OpenNode[];
}

/** Levels that are followed; what lies deeper stands at the deepest. */
const DEEPEST = 64;

/** Makes a tree of the chunks of a text. */
export function treeOf(
  platform: string,
  clean: CleanText,
  chunks: readonly Chunk[],
  notes: RowNotes,
): ConfigTree {
  const root: OpenNode[] = [];
  const stack: OpenNode[][] = [root];
  let deeper = 0;
  const unknown: { line: number; text: string }[] = [];
  for (const chunk of chunks) {
    const text = clean.lines.slice(chunk.row, chunk.endRow + 1).join("\n");
    const understood = !notes.unknown.has(chunk.row);
    const line = clean.numbers[chunk.row] ?? chunk.row + 1;
    if (!understood) unknown.push({ line, text: text.trim() });
    const node: OpenNode = { key: chunk.key, text, line, children: [], understood, role: chunk.role };
    (stack.at(-1) as OpenNode[]).push(node);
    for (let i = 0; i < chunk.closes; i++) {
      if (deeper > 0) deeper--;
      else if (stack.length > 1) stack.pop();
    }
    for (let i = 0; i < chunk.opens; i++) {
      if (stack.length < DEEPEST) stack.push(node.children);
      else deeper++;
    }
  }
  return {
    platform,
    nodes: root,
    lines: clean.lines.length + clean.removed,
    understood: clean.lines.length - unknown.length,
    removed: clean.removed,
    unknown,
    findings: notes.findings,
  };
}

/** How many findings of one kind a text gets. */
const MOST = 20;

/** Findings for rows, each with its line in the source. */
export function rowFindings(
  clean: CleanText,
  rows: readonly number[],
  what: {
    readonly code: string;
    readonly severity: Finding["severity"];
    readonly message: string;
    readonly hint: string;
  },
): Finding[] {
  return rows.slice(0, MOST).map((row) => ({
    code: what.code,
    severity: what.severity,
    message: what.message,
    hint: what.hint,
    where: { device: "", line: clean.numbers[row] ?? row + 1, text: (clean.lines[row] ?? "").trim() },
  }));
}

/** The text of a tree. */
export function textOf(tree: ConfigTree): string {
  const lines: string[] = [];
  const collect = (nodes: readonly ConfigNode[]) => {
    for (const node of nodes) {
      lines.push(node.text);
      collect(node.children);
    }
  };
  collect(tree.nodes);
  return lines.join("\n");
}
