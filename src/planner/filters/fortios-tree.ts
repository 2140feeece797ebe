import type { RuleLine } from "./types.ts";

/** An object of a FortiOS configuration: its settings, its tables, and the objects in them. */
export interface FortiNode {
  readonly at: RuleLine;
  readonly settings: ReadonlyMap<string, readonly string[]>;
  readonly tables: ReadonlyMap<string, FortiNode>;
  /** Entries by name, in order. */
  readonly entries: ReadonlyMap<string, FortiNode>;
}

interface OpenNode extends FortiNode {
  readonly settings: Map<string, readonly string[]>;
  readonly tables: Map<string, OpenNode>;
  readonly entries: Map<string, OpenNode>;
}

/** Reads `config … edit … set … next … end` as a tree. Values keep their words; a quoted one is one word. */
export function fortiTree(text: string): FortiNode {
  const root = open({ line: 1, text: "" });
  const stack: OpenNode[] = [root];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const at = { line: index + 1, text: line };
    const [verb = "", ...values] = wordsOf(line);
    const top = stack.at(-1) ?? root;
    if (verb === "config") stack.push(child(top.tables, values.join(" "), at));
    else if (verb === "edit") stack.push(child(top.entries, values[0] ?? "", at));
    else if (verb === "set") top.settings.set(values[0] ?? "", values.slice(1));
    else if (verb === "append")
      top.settings.set(values[0] ?? "", [...(top.settings.get(values[0] ?? "") ?? []), ...values.slice(1)]);
    else if (verb === "unset") top.settings.delete(values[0] ?? "");
    else if ((verb === "next" || verb === "end") && stack.length > 1) stack.pop();
  }
  return root;
}

function open(at: RuleLine): OpenNode {
  return { at, settings: new Map(), tables: new Map(), entries: new Map() };
}

function child(nodes: Map<string, OpenNode>, name: string, at: RuleLine): OpenNode {
  const known = nodes.get(name);
  if (known !== undefined) return known;
  const made = open(at);
  nodes.set(name, made);
  return made;
}

function wordsOf(line: string): string[] {
  const words = line.match(/"(?:\\.|[^"\\])*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word));
}
