import { oneLine } from "../escape.ts";
import type { Graph } from "./graph.ts";

/** Spells a graph for Graphviz. @see https://graphviz.org/doc/info/lang.html */
export function spellDot(graph: Graph): string {
  const quote = (text: string): string =>
    `"${oneLine(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const directed = isDirected(graph);
  const arrow = directed ? "->" : "--";
  const nodes = graph.nodes.map(
    (node) =>
      `  ${quote(node.id)} [label=${quote(node.label).slice(0, -1)}\\n${quote(node.detail).slice(1)}];`,
  );
  const edges = graph.edges.map(
    (edge) => `  ${quote(edge.from)} ${arrow} ${quote(edge.to)} [label=${quote(edge.label)}];`,
  );
  const head = [`${directed ? "digraph" : "graph"} site {`, "  node [shape=box, style=rounded];"];
  return `${[...head, ...nodes, ...edges, "}"].join("\n")}\n`;
}

/** Spells a graph for Mermaid, which forges draw in Markdown. @see https://mermaid.js.org/syntax/flowchart.html */
export function spellMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const quote = (text: string): string =>
    `"${oneLine(text).replace(/[^\p{L}\p{N} .,:/–-]/gu, (character) => `#${character.codePointAt(0)};`)}"`;
  const directed = isDirected(graph);
  const nodes = graph.nodes.map((node) => `  ${ids.get(node.id)}[${quote(`${node.label} ${node.detail}`)}]`);
  const edges = graph.edges.map((edge) => {
    const line = directed ? "-->" : edge.bundled ? "===" : "---";
    const label = directed ? `|${quote(edge.label)}|` : "";
    return `  ${ids.get(edge.from)} ${line}${label} ${ids.get(edge.to)}`;
  });
  return `${[`flowchart ${directed ? "LR" : "TB"}`, ...nodes, ...edges].join("\n")}\n`;
}

function isDirected(graph: Graph): boolean {
  return graph.nodes.some((node) => node.kind === "zone");
}
