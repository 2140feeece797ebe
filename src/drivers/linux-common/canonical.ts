import type { ConfigNode, ConfigTree } from "../../planner/config/types.ts";

/** What a platform's canonical text may say. `children` are tried against each line below a matching header. */
export interface StatementRule {
  readonly header: RegExp;
  readonly children: readonly RegExp[];
  /** Order of the children matters (file content), so that a move is a difference. */
  readonly ordered?: boolean;
  /** What identifies a child; two children of one identity are one thing that changed. Default: the whole line. */
  readonly identity?: (child: string) => string;
  /** What a header that carries its own value is a setting of; two headers of one slot are one setting that changed. */
  readonly slot?: (header: string) => string;
  /** One spelling for children that mean the same. */
  readonly canonicalChild?: (child: string) => string;
}

/** Reads a block that ends by its own rules (nftables' braces).
 *  @returns the node and the index of the first line after it; undefined where the line starts no such block */
export type BlockReader = (
  lines: readonly string[],
  start: number,
) => { readonly node: ConfigNode; readonly next: number } | undefined;

/** The grammar of a canonical text: unindented headers, indented children, as data. */
export interface Grammar {
  readonly platform: string;
  readonly statements: readonly StatementRule[];
  readonly blockReader?: BlockReader;
  /** Lines that say nothing about the state. */
  readonly noise?: RegExp;
}

const role = "statement" as const;

/** Finds the rule of a header; undefined where the grammar does not know it. */
export function ruleOf(grammar: Grammar, header: string): StatementRule | undefined {
  return grammar.statements.find((rule) => rule.header.test(header));
}

/** Parses a canonical text into its tree. No line is lost; what no rule knows is kept and marked. */
export function parseCanonical(text: string, grammar: Grammar): ConfigTree {
  const lines = text.replaceAll("\r", "").split("\n");
  if (lines.at(-1) === "") lines.pop();
  const nodes: ConfigNode[] = [];
  let removed = 0;
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.trim() === "" || /^\s*#/.test(line) || grammar.noise?.test(line) === true) {
      removed += 1;
      index += 1;
      continue;
    }
    const block = grammar.blockReader?.(lines, index) ?? readIndented(lines, index, grammar);
    nodes.push(block.node);
    index = block.next;
  }
  return finishTree(grammar.platform, nodes, lines.length, removed);
}

function readIndented(lines: readonly string[], start: number, grammar: Grammar) {
  const key = (lines[start] ?? "").trim().replace(/\s+/g, " ");
  const rule = ruleOf(grammar, key);
  const children: ConfigNode[] = [];
  let next = start + 1;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? "";
    if (!/^\s/.test(line) || line.trim() === "") break;
    children.push(readChild(line, next + 1, rule));
  }
  const own = lines[start] ?? "";
  return { node: { key, text: own, line: start + 1, children, understood: rule !== undefined, role }, next };
}

function readChild(line: string, number: number, rule: StatementRule | undefined): ConfigNode {
  const content = /^\s+(\|.*)$/.exec(line)?.[1];
  const plain = content ?? line.trim().replace(/\s+/g, " ");
  const key = rule?.canonicalChild?.(plain) ?? plain;
  const understood = rule?.children.some((pattern) => pattern.test(key)) ?? false;
  return { key, text: line, line: number, children: [], understood, role };
}

function finishTree(
  platform: string,
  nodes: readonly ConfigNode[],
  lines: number,
  removed: number,
): ConfigTree {
  const unknown: { line: number; text: string }[] = [];
  const visit = (node: ConfigNode): void => {
    if (!node.understood) unknown.push({ line: node.line, text: node.text.trim() });
    for (const child of node.children) visit(child);
  };
  for (const node of nodes) visit(node);
  const understood = lines - removed - unknown.length;
  return { platform, nodes, lines, understood, removed, unknown, findings: [] };
}

/** Makes a node that stands in no source. */
export function makeNode(key: string, children: readonly string[] = []): ConfigNode {
  const below = children.map((child) => ({
    key: child,
    text: child,
    line: 0,
    children: [],
    understood: true,
    role,
  }));
  return { key, text: key, line: 0, children: below, understood: true, role };
}

/** Prints nodes as canonical text, a block's children indented by four blanks, nftables tables with their braces. */
export function printNodes(nodes: readonly ConfigNode[]): string {
  const lines = nodes.flatMap((node) => printNode(node, 0));
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Prints one node as lines. */
function printNode(node: ConfigNode, depth: number): string[] {
  if (node.key.startsWith("table ")) return printBraced(node, 0);
  const pad = "    ".repeat(depth);
  return [pad + node.key, ...node.children.flatMap((child) => printNode(child, depth + 1))];
}

const BRACED = /^(table|chain|set|map|flowtable|counter|quota|limit|ct|secmark|synproxy)\b/;

/** Prints a table of nftables with its braces, each chain and set a block. */
export function printBraced(node: ConfigNode, depth: number): string[] {
  const pad = "\t".repeat(depth);
  const isBlock = depth < 2 && BRACED.test(node.key);
  if (!isBlock) return [pad + node.key];
  const body = node.children.flatMap((child) => printBraced(child, depth + 1));
  return [`${pad}${node.key} {`, ...body, `${pad}}`];
}
