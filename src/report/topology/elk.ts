import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";

export type { ElkExtendedEdge, ElkNode };

/** Places boxes in rows and routes the lines between them; loaded at the first drawing, for it is large.
 *  @see https://eclipse.dev/elk/reference.html */
export async function layoutWithElk(graph: ElkNode): Promise<ElkNode> {
  engine ??= await load();
  return engine.layout(graph);
}

let engine: ELK | undefined;

async function load(): Promise<ELK> {
  const module = await import("elkjs/lib/elk.bundled.js");
  const Engine = module.default as unknown as new () => ELK;
  return new Engine();
}
