import type { CompiledDialect } from "../compile.ts";
import type { Dialect } from "../dialect.ts";
import { cleanLines } from "../lines.ts";
import { fillTemplate } from "../pattern.ts";
import type { Block, Statement } from "../state.ts";
import type { ConfigTree } from "../types.ts";
import { settledItems } from "./emit-lines.ts";
import type { Form } from "./form.ts";
import { emitMenus } from "./menu-emit.ts";
import { readMenus } from "./menu-state.ts";
import { rowFindings, textOf, treeOf } from "./text-nodes.ts";

/** RouterOS: the text of `/export`, menus with `add` and `set` lines. */
export const MENUS: Form = {
  parse: parseMenus,
  state: (compiled, tree) => readMenus(compiled, textOf(tree).split("\n")).root,
  removal: removeLine,
  put: (_, next) => next.source,
  move: (_, before) => before ?? "",
  emit: emitMenus,
  text: menuText,
};

function parseMenus(compiled: CompiledDialect, text: string): ConfigTree {
  const clean = cleanLines(compiled, text);
  const reading = readMenus(compiled, clean.lines);
  const findings = rowFindings(clean, reading.open, {
    code: "CFG-UNTERMINATED",
    severity: "warning",
    message: "a line that goes on, but nothing follows, or a quote that is never closed",
    hint: "Check that the file is complete.",
  });
  return treeOf(compiled.dialect.platform, clean, reading.chunks, { unknown: reading.unknown, findings });
}

function removeLine(statement: Statement): string {
  if (statement.block) return "remove";
  const { match, slot } = statement;
  if (match?.rule.remove !== undefined) return fillTemplate(match.rule.remove, { slot });
  return `!${slot.replace(/=.*$/s, "")}`;
}

function menuText(state: Block, dialect: Dialect): string {
  const lines: string[] = [];
  for (const menu of settledItems(dialect, state)) {
    if (!menu.block) {
      lines.push(menu.source);
      continue;
    }
    lines.push(menu.source);
    const items = settledItems(dialect, menu.block);
    const own = items.filter((item) => !item.block).map((item) => item.source);
    if (own.length > 0) lines.push(`set ${own.join(" ")}`);
    for (const entry of items) {
      if (!entry.block) continue;
      const properties = settledItems(dialect, entry.block).map((item) => item.source);
      const head = entry.slot.startsWith("set ") ? entry.source : `add ${entry.source}`;
      lines.push([head, ...properties].join(" "));
    }
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
