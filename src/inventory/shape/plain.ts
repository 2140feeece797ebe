import type { FileWhere } from "../../model/finding.ts";
import type { ListNode, MapNode, Node } from "../yaml/node.ts";

/** Turns a tree into plain values for the shape check: keys set to `null` (taken away) are left out. */
export function toPlain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toPlain);
  if (node.kind === "patch") return [...node.add, ...node.remove].map(toPlain);
  const out: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    if (entry.value.kind === "scalar" && entry.value.value === null) continue;
    define(out, key, toPlain(entry.value));
  }
  return out;
}

/** Remembers where each map and list of the plain data came from. */
export class Places {
  readonly #nodes = new WeakMap<object, MapNode | ListNode>();

  /** Turns a tree into plain data of type `T` (the shape was checked) and keeps its places. */
  read<T>(node: MapNode): T {
    return this.#read(node) as T;
  }

  #read(node: Node): unknown {
    if (node.kind === "scalar") return node.value;
    if (node.kind === "patch") return this.#read({ kind: "list", at: node.at, items: node.add });
    if (node.kind === "list") {
      // An entry that was found wrong is `null` in the tree: later stages see the rest.
      const items = node.items.filter((item) => item.kind !== "scalar" || item.value !== null);
      const list = items.map((item) => this.#read(item));
      this.#nodes.set(list, items.length === node.items.length ? node : { ...node, items });
      return list;
    }
    const out: Record<string, unknown> = {};
    for (const [key, entry] of node.entries) {
      if (entry.value.kind === "scalar" && entry.value.value === null) continue;
      define(out, key, this.#read(entry.value));
    }
    this.#nodes.set(out, node);
    return out;
  }

  /** Where the value of a key stands; the map's own place where it has no such key. */
  value(data: object, key: string | number): FileWhere {
    const node = this.#nodes.get(data);
    if (node?.kind === "map") return node.entries.get(String(key))?.value.at ?? node.at;
    if (node?.kind === "list") return node.items[Number(key)]?.at ?? node.at;
    return UNKNOWN;
  }

  /** Where a key itself stands; the map's own place where it has no such key. */
  key(data: object, key: string): FileWhere {
    const node = this.#nodes.get(data);
    if (node?.kind === "map") return node.entries.get(key)?.keyAt ?? node.at;
    return node?.at ?? UNKNOWN;
  }

  /** Where a map or list starts. */
  of(data: object): FileWhere {
    return this.#nodes.get(data)?.at ?? UNKNOWN;
  }
}

const UNKNOWN: FileWhere = { file: "inventory", line: 1, column: 1 };

/** Sets a key even where it is called `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
