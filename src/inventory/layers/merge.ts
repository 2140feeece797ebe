import type { Finding } from "../../model/finding.ts";
import type { Entry, ListNode, MapNode, Node, PatchNode } from "../yaml/node.ts";
import { showNode } from "../yaml/node.ts";

/** One layer of a value: what it is called and what it says. */
export interface Layer {
  readonly name: string;
  readonly node: MapNode;
}

type Report = (finding: Finding) => void;

/** Lays the more special tree over the more general one: maps merge, lists replace, `{add, remove}` changes a list,
 *  `null` takes a key away (D13). Neither argument is changed. */
export function mergeNodes(
  general: Node | undefined,
  special: Node,
  report: Report = () => {},
): Node | undefined {
  if (special.kind === "scalar" && special.value === null) return undefined;
  if (special.kind === "patch") return patchList(general, special, report);
  if (special.kind !== "map") return special;
  const base = general?.kind === "map" ? general : undefined;
  const entries = new Map<string, Entry>(base?.entries);
  for (const [key, entry] of special.entries) {
    const value = mergeNodes(base?.entries.get(key)?.value, entry.value, report);
    if (value) entries.set(key, { keyAt: entry.keyAt, value });
    else entries.delete(key);
  }
  return { kind: "map", at: special.at, entries };
}

/** Merges layers from general to special; undefined where there are none. */
export function mergeLayers(layers: readonly Layer[], report?: Report): MapNode | undefined {
  let merged: Node | undefined;
  for (const layer of layers) merged = mergeNodes(merged, layer.node, report);
  return merged?.kind === "map" ? merged : undefined;
}

function patchList(general: Node | undefined, patch: PatchNode, report: Report): Node {
  const before = itemsOf(general);
  const kept = before.filter((item) => !patch.remove.some((gone) => sameItem(gone, item)));
  for (const gone of patch.remove) {
    if (before.some((item) => sameItem(item, gone))) continue;
    report({
      code: "INV-REMOVE-NOTHING",
      severity: "warning",
      message: `${showNode(gone)} is to be removed, and no more general layer has it`,
      hint: "take it out of `remove`, or mend its spelling",
      where: gone.at,
    });
  }
  const added = patch.add.filter((item) => !kept.some((known) => sameItem(known, item)));
  const list: ListNode = { kind: "list", at: patch.at, items: [...kept, ...added] };
  return list;
}

function itemsOf(node: Node | undefined): readonly Node[] {
  if (!node) return [];
  if (node.kind === "list") return node.items;
  if (node.kind === "patch") return node.add;
  return [node];
}

function sameItem(a: Node, b: Node): boolean {
  return a.kind === "scalar" && b.kind === "scalar" && String(a.value) === String(b.value);
}

/** Keeps some keys of a map. */
export function pickKeys(node: MapNode, keys: ReadonlySet<string>): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => keys.has(key))) };
}
