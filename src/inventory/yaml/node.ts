import type { FileWhere } from "../../model/finding.ts";

/** A YAML value with its place. Immutable, so layers and aliases share nodes. */
export type Node = MapNode | ListNode | PatchNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly at: FileWhere;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** One key of a map: where the key stands, and its value. */
export interface Entry {
  readonly keyAt: FileWhere;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: "list";
  readonly at: FileWhere;
  readonly items: readonly Node[];
}

/** `{add: […], remove: […]}` in place of a list: changes what a more general layer said. */
export interface PatchNode {
  readonly kind: "patch";
  readonly at: FileWhere;
  readonly add: readonly Node[];
  readonly remove: readonly Node[];
}

export type ScalarValue = string | number | boolean | null;

/** `source` is the text as typed: where the schema wants a string, it counts (serial `0012` stays `0012`). */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: FileWhere;
  readonly value: ScalarValue;
  readonly source: string;
  readonly plain: boolean;
}

/** An empty map at a place. */
export function emptyMap(at: FileWhere): MapNode {
  return { kind: "map", at, entries: new Map() };
}

/** Follows keys and list indexes into a node; undefined where the way ends. */
export function nodeAt(node: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  let current = node;
  for (const step of path) {
    if (current?.kind === "map") current = current.entries.get(String(step))?.value;
    else if (current?.kind === "list") current = current.items[Number(step)];
    else if (current?.kind === "patch") current = [...current.add, ...current.remove][Number(step)];
    else return undefined;
  }
  return current;
}

/** Spells a value in one short line, for messages: at most 40 characters. */
export function showNode(node: Node): string {
  if (node.kind === "map") return node.entries.size === 0 ? "an empty map" : "a map";
  if (node.kind === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.kind === "patch") return "an {add, remove} list";
  if (node.value === null) return "nothing";
  const text = node.source.replaceAll(/\s+/g, " ");
  return text.length > 40 ? `"${text.slice(0, 37)}…"` : `"${text}"`;
}
