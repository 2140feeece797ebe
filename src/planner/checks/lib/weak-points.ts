import { compareText } from "../../../model/finding.ts";
import type { Link } from "../../../model/site.ts";

/** What a network of boxes and cables cannot lose. */
export interface WeakPoints {
  /** Boxes without which it falls apart, sorted. */
  readonly boxes: readonly string[];
  /** Cables without which it falls apart; several between the same two boxes stand in for each other. */
  readonly cables: readonly Link[];
}

interface Walk {
  readonly order: Map<string, number>;
  readonly low: Map<string, number>;
  readonly boxes: Set<string>;
  readonly cables: Link[];
}

/** Finds articulation points and bridges (Tarjan 1972), without recursion so that a long chain is no trouble. */
export function weakPoints(nodes: readonly string[], links: readonly Link[]): WeakPoints {
  const edges = new Map<string, { readonly to: string; readonly link: Link; readonly id: number }[]>(
    nodes.map((node) => [node, []]),
  );
  links.forEach((link, id) => {
    if (link.a.device === link.b.device) return;
    edges.get(link.a.device)?.push({ to: link.b.device, link, id });
    edges.get(link.b.device)?.push({ to: link.a.device, link, id });
  });
  const walk: Walk = { order: new Map(), low: new Map(), boxes: new Set(), cables: [] };
  for (const node of nodes) if (!walk.order.has(node)) walkFrom(node, edges, walk);
  return { boxes: [...walk.boxes].sort(compareText), cables: walk.cables };
}

function walkFrom(
  root: string,
  edges: ReadonlyMap<string, readonly { readonly to: string; readonly link: Link; readonly id: number }[]>,
  walk: Walk,
): void {
  const { order, low } = walk;
  const enter = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
  };
  const stack = [{ node: root, via: -1, link: undefined as Link | undefined, next: 0 }];
  let branches = 0;
  enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const edge = edges.get(top.node)?.[top.next];
    if (edge !== undefined) {
      top.next += 1;
      if (edge.id === top.via || !edges.has(edge.to)) continue;
      const seen = order.get(edge.to);
      if (seen !== undefined) low.set(top.node, Math.min(low.get(top.node) ?? 0, seen));
      else {
        enter(edge.to);
        stack.push({ node: edge.to, via: edge.id, link: edge.link, next: 0 });
      }
      continue;
    }
    stack.pop();
    const parent = stack.at(-1);
    if (parent === undefined) break;
    const mine = low.get(top.node) ?? 0;
    low.set(parent.node, Math.min(low.get(parent.node) ?? 0, mine));
    const parentOrder = order.get(parent.node) ?? 0;
    if (mine > parentOrder && top.link) walk.cables.push(top.link);
    if (parent.node === root) branches += 1;
    else if (mine >= parentOrder) walk.boxes.add(parent.node);
  }
  if (branches > 1) walk.boxes.add(root);
}
