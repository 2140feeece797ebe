import type { ConfigNode } from "../../planner/config/types.ts";

/** A named set or map of a table; without elements where packets and time change them. */
export interface NamedSet {
  readonly elements: readonly string[] | undefined;
}

/** Reads the sets and maps of a table. */
export function readSets(table: ConfigNode): ReadonlyMap<string, NamedSet> {
  const sets = new Map<string, NamedSet>();
  for (const node of table.children) {
    const name = /^(?:set|map) (\S+)$/.exec(node.key)?.[1];
    if (name !== undefined) sets.set(name, { elements: elementsOf(node) });
  }
  return sets;
}

function elementsOf(set: ConfigNode): readonly string[] | undefined {
  const keys = set.children.map((child) => child.key);
  if (keys.some((key) => /^flags .*\b(?:dynamic|timeout)\b|^timeout /.test(key))) return undefined;
  const text = keys.find((key) => key.startsWith("elements = "))?.slice("elements = ".length);
  return text === undefined ? [] : splitElements(text);
}

/** Cuts `{ a, b }` at its commas; a text without braces is one element. */
export function splitElements(text: string): string[] {
  if (!text.startsWith("{")) return [text];
  const inner = text.replace(/^\{\s*/, "").replace(/\s*\}$/, "");
  if (inner === "") return [];
  return (inner.match(/(?:"[^"]*"|[^",])+/g) ?? [])
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
