import type { Graph, GraphNode } from "./graph.ts";

/** Leaves that hang on the same neighbours, laid out as a grid: fifty access switches in one row would be no drawing. */
export interface NodeBlock {
  readonly id: string;
  readonly rank: number;
  readonly columns: number;
  readonly members: readonly GraphNode[];
}

/** From how many on. */
const MANY = 8;
/** Columns of all blocks together that a page is wide. */
const PAGE_COLUMNS = 9;
const WIDEST = 6;

/** Finds the things of one kind and row that share all their neighbours, where they are many. */
export function blocksOf(graph: Graph): NodeBlock[] {
  const neighbours = new Map<string, Set<string>>();
  for (const { from, to } of graph.edges) {
    neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
    neighbours.set(to, (neighbours.get(to) ?? new Set()).add(from));
  }
  const alike = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    const around = [...(neighbours.get(node.id) ?? [])].sort();
    const key = [node.kind, node.rank, ...around].join("\u0000");
    const list = alike.get(key);
    if (list) list.push(node);
    else alike.set(key, [node]);
  }
  const many = [...alike.values()].filter((members) => members.length >= MANY);
  const widest = Math.min(WIDEST, Math.max(2, Math.floor(PAGE_COLUMNS / many.length)));
  return many.map((members, index) => ({
    id: `block:${index}`,
    rank: members[0]?.rank ?? 0,
    columns: Math.min(widest, Math.ceil(Math.sqrt(members.length * 1.5))),
    members,
  }));
}
