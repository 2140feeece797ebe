import { compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { formOf } from "./forms/form-of.ts";
import type { ParsedNode } from "./open-headers.ts";
import { SectionReader } from "./section-reader.ts";
import type { ConfigNode, ConfigTree } from "./types.ts";

/** Parses a configuration into a tree without losing a line.
 *  @param text - as printed by the device or kept in a file; CR, NUL and pager remains are taken away */
export function parseConfig(dialect: Dialect, text: string): ConfigTree {
  const compiled = compileDialect(dialect);
  const form = formOf(dialect);
  if (form) return form.parse(compiled, text);
  const reader = new SectionReader(compiled, text);
  const nodes: ParsedNode[] = [];
  for (let node = reader.next(); node !== undefined; node = reader.next()) nodes.push(node);
  const { lines, removed, unknown, findings } = reader;
  return {
    platform: dialect.platform,
    nodes,
    lines: lines + removed,
    understood: lines - unknown.length,
    removed,
    unknown,
    findings,
  };
}

/** Gives back the text of a tree: the source without CR, trailing blanks and noise lines. */
export function renderTree(tree: ConfigTree): string {
  const lines: string[] = [];
  collect(tree.nodes, lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function collect(nodes: readonly ConfigNode[], lines: string[]): void {
  for (const node of nodes) {
    lines.push(node.text);
    collect(node.children, lines);
  }
}
