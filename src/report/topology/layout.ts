import { type ElkExtendedEdge, type ElkNode, layoutWithElk } from "./elk.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { blocksOf, type NodeBlock } from "./group.ts";
import { textWidth } from "./text-width.ts";

/** A rectangle, in pixels of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends GraphNode {
  readonly box: Box;
}

export interface PlacedEdge extends GraphEdge {
  readonly points: readonly (readonly [number, number])[];
  /** Where the label stands, for drawings that show it. */
  readonly labelAt?: readonly [number, number];
}

/** A graph with a place for everything. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** Things that hang on the same neighbours, drawn as one block with one line. */
  readonly blocks: readonly { readonly id: string; readonly count: number; readonly box: Box }[];
}

const NODE = { minimum: 118, maximum: 220, height: 46 };
const CELL = { gap: 8, pad: 12, head: 24 };
const MARGIN = 16;

/** Places a graph: rows from the outside inwards, or columns where `labels` stand on the lines. */
export async function layoutGraph(graph: Graph, labels = false): Promise<Drawing> {
  const blocks = labels ? [] : blocksOf(graph);
  const blockOf = new Map(blocks.flatMap((block) => block.members.map((node) => [node.id, block])));
  const single = graph.nodes.filter((node) => !blockOf.has(node.id));
  const children: ElkNode[] = [
    ...single.map((node) => ({
      id: node.id,
      width: widthOf(node),
      height: NODE.height,
      layoutOptions: { "elk.partitioning.partition": String(node.rank) },
    })),
    ...blocks.map((block) => ({
      id: block.id,
      ...blockSize(block),
      layoutOptions: { "elk.partitioning.partition": String(block.rank) },
    })),
  ];
  const drawn = drawnEdges(graph, blockOf);
  const placed = await layoutWithElk({
    id: "root",
    layoutOptions: optionsFor(labels),
    children,
    edges: drawn.map((edge, index) => elkEdge(edge, index, labels)),
  });
  const boxes = new Map((placed.children ?? []).map((child) => [child.id, boxOf(child)]));
  return {
    width: Math.ceil((placed.width ?? 0) + 2 * MARGIN),
    height: Math.ceil((placed.height ?? 0) + 2 * MARGIN),
    nodes: graph.nodes.map((node) => ({ ...node, box: nodeBox(node, blockOf.get(node.id), boxes) })),
    edges: drawn.map((edge, index) => placeEdge(edge, placed.edges?.[index])),
    blocks: blocks.map((block) => ({
      id: block.id,
      count: block.members.length,
      box: boxes.get(block.id) ?? NOWHERE,
    })),
  };
}

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };

function optionsFor(labels: boolean): Record<string, string> {
  return {
    "elk.algorithm": "layered",
    "elk.direction": labels ? "RIGHT" : "DOWN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.partitioning.activate": labels ? "false" : "true",
    "elk.spacing.nodeNode": "20",
    "elk.spacing.edgeNode": "18",
    "elk.layered.spacing.nodeNodeBetweenLayers": labels ? "60" : "44",
    "elk.layered.spacing.edgeNodeBetweenLayers": "18",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  };
}

/** Lines of a block's members are drawn once, to the block. */
function drawnEdges(graph: Graph, blockOf: ReadonlyMap<string, NodeBlock>): GraphEdge[] {
  const rankOf = new Map(graph.nodes.map((node) => [node.id, node.rank]));
  const merged = new Map<string, GraphEdge>();
  for (const edge of graph.edges) {
    const from = blockOf.get(edge.from)?.id ?? edge.from;
    const to = blockOf.get(edge.to)?.id ?? edge.to;
    const rank = (id: string): number => rankOf.get(id) ?? blockRank(blockOf, id);
    const [upper, lower] = rank(from) <= rank(to) ? [from, to] : [to, from];
    const inBlock = from !== edge.from || to !== edge.to;
    const key = inBlock ? `${upper}\u0000${lower}` : `${edge.from}\u0000${edge.to}\u0000${edge.label}`;
    const before = merged.get(key);
    const cables = (before?.cables ?? 0) + edge.cables;
    const directed = graph.nodes.some((node) => node.kind === "zone");
    merged.set(key, {
      from: directed ? edge.from : upper,
      to: directed ? edge.to : lower,
      cables,
      bundled: edge.bundled || (before?.bundled ?? false),
      label: inBlock ? "" : edge.label,
    });
  }
  return [...merged.values()];
}

function blockRank(blockOf: ReadonlyMap<string, NodeBlock>, id: string): number {
  return [...blockOf.values()].find((block) => block.id === id)?.rank ?? 0;
}

function elkEdge(edge: GraphEdge, index: number, labels: boolean): ElkExtendedEdge {
  return {
    id: `e${index}`,
    sources: [edge.from],
    targets: [edge.to],
    ...(labels ? { labels: [{ text: edge.label, width: textWidth(edge.label, 11) + 8, height: 16 }] } : {}),
  };
}

function placeEdge(edge: GraphEdge, placed: ElkExtendedEdge | undefined): PlacedEdge {
  const section = placed?.sections?.[0];
  const label = placed?.labels?.[0];
  const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
  return {
    ...edge,
    points: points.map(({ x, y }) => [round(x + MARGIN), round(y + MARGIN)] as const),
    ...(label?.x === undefined || label.y === undefined
      ? {}
      : { labelAt: [round(label.x + MARGIN), round(label.y + MARGIN + 12)] as const }),
  };
}

function boxOf(node: ElkNode): Box {
  return {
    x: round((node.x ?? 0) + MARGIN),
    y: round((node.y ?? 0) + MARGIN),
    width: round(node.width ?? 0),
    height: round(node.height ?? 0),
  };
}

function nodeBox(node: GraphNode, block: NodeBlock | undefined, boxes: ReadonlyMap<string, Box>): Box {
  if (block === undefined) return boxes.get(node.id) ?? NOWHERE;
  const outer = boxes.get(block.id) ?? NOWHERE;
  const index = block.members.findIndex(({ id }) => id === node.id);
  const width = cellWidth(block);
  const column = index % block.columns;
  const row = Math.floor(index / block.columns);
  return {
    x: round(outer.x + CELL.pad + column * (width + CELL.gap)),
    y: round(outer.y + CELL.head + row * (NODE.height + CELL.gap)),
    width,
    height: NODE.height,
  };
}

function blockSize(block: NodeBlock): { width: number; height: number } {
  const rows = Math.ceil(block.members.length / block.columns);
  return {
    width: 2 * CELL.pad + block.columns * (cellWidth(block) + CELL.gap) - CELL.gap,
    height: CELL.head + CELL.pad + rows * (NODE.height + CELL.gap) - CELL.gap,
  };
}

function cellWidth(block: NodeBlock): number {
  return Math.max(...block.members.map(widthOf));
}

function widthOf(node: GraphNode): number {
  const text = Math.max(textWidth(node.label, 13), textWidth(node.detail, 11));
  return Math.round(Math.min(NODE.maximum, Math.max(NODE.minimum, text + 52)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
