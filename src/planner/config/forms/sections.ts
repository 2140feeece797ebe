import { type CompiledDialect, findRule, tableOf } from "../compile.ts";
import type { Dialect } from "../dialect.ts";
import { type CleanText, cleanLines } from "../lines.ts";
import type { Emitted, Header, Operation } from "../operation.ts";
import { fillTemplate } from "../pattern.ts";
import type { Block, Statement } from "../state.ts";
import type { ConfigTree } from "../types.ts";
import { emptyBlock, enterBlock, isNameList, type OpenBlock, putLine } from "./build.ts";
import { settledItems } from "./emit-lines.ts";
import type { Form } from "./form.ts";
import { readRows, type WordRow } from "./rows.ts";
import { type Chunk, rowFindings, textOf, treeOf } from "./text-nodes.ts";
import { canonicalWords, wordOf } from "./words.ts";

/** FortiOS: `config`, `edit`, `set`, `next` and `end`. */
export const SECTIONS: Form = {
  parse: parseSections,
  state: (compiled, tree) => readSections(compiled, readRows(textOf(tree).split("\n"))).root,
  removal: removeLine,
  put: putLines,
  move: (slot, before, last) => {
    const name = slot.slice("edit ".length);
    return `move ${name} ${before === undefined ? `after ${nameOf(last)}` : `before ${nameOf(before)}`}`;
  },
  emit: emitSections,
  text: sectionText,
};

function nameOf(slot: string | undefined): string {
  return (slot ?? "").slice("edit ".length);
}

/** Nesting that is followed. */
const DEEPEST = 48;

interface SectionReading {
  readonly root: OpenBlock;
  readonly unknown: ReadonlySet<number>;
  readonly unbalanced: readonly number[];
  readonly chunks: readonly Chunk[];
}

function parseSections(compiled: CompiledDialect, text: string): ConfigTree {
  const clean: CleanText = cleanLines(compiled, text);
  const rows = readRows(clean.lines);
  const reading = readSections(compiled, rows);
  const findings = [
    ...rowFindings(
      clean,
      rows.filter((row) => row.open).map((row) => row.row),
      {
        code: "CFG-UNTERMINATED",
        severity: "warning",
        message: "a text of several lines that begins here is never closed",
        hint: "Check that the file is complete.",
      },
    ),
    ...rowFindings(clean, reading.unbalanced, {
      code: "CFG-SECTIONS",
      severity: "error",
      message: "a section without its other half",
      hint: "Each config needs an end, each edit a next.",
    }),
  ];
  return treeOf(compiled.dialect.platform, clean, reading.chunks, { unknown: reading.unknown, findings });
}

interface Frame {
  readonly kind: "root" | "config" | "edit";
  readonly block: OpenBlock;
  readonly row: number;
}

function readSections(compiled: CompiledDialect, rows: readonly WordRow[]): SectionReading {
  const root = emptyBlock("root");
  const stack: Frame[] = [{ kind: "root", block: root, row: 0 }];
  const unknown = new Set<number>();
  const unbalanced: number[] = [];
  const chunks: Chunk[] = [];
  for (const row of rows) {
    const before = stack.length;
    const role = readRow(compiled, row, stack, unknown, unbalanced);
    const change = stack.length - before;
    chunks.push({
      row: row.row,
      endRow: row.endRow,
      role,
      key: row.words.join(" "),
      closes: Math.max(0, -change),
      opens: Math.max(0, change),
    });
  }
  for (const frame of stack.slice(1)) unbalanced.push(frame.row);
  return { root, unknown, unbalanced, chunks };
}

function readRow(
  compiled: CompiledDialect,
  row: WordRow,
  stack: Frame[],
  unknown: Set<number>,
  unbalanced: number[],
): Chunk["role"] {
  const [verb = ""] = row.words;
  if (verb === "" || verb.startsWith("#")) return "comment";
  const top = stack.at(-1) as Frame;
  const isClose = verb === "next" || verb === "end";
  if (isClose && row.words.length === 1) {
    if (!closeFrame(stack, verb)) unbalanced.push(row.row);
    return "close";
  }
  const canOpen = verb === "config" || (verb === "edit" && top.kind === "config");
  if (canOpen && row.words.length > 1 && stack.length < DEEPEST) {
    const words = row.words.map((word) => wordOf(word).text);
    const { block } = enterBlock(compiled, top.block, words, {
      source: row.words.join(" "),
      line: row.row + 1,
    });
    stack.push({ kind: verb === "config" ? "config" : "edit", block, row: row.row });
    return "statement";
  }
  if (verb === "set" && top.kind !== "root" && row.words.length > 1) setLine(compiled, top.block, row);
  else if (verb === "unset" && top.kind !== "root") top.block.items.delete(`set ${row.words[1] ?? ""}`);
  else unknown.add(row.row);
  return "statement";
}

function closeFrame(stack: Frame[], verb: "next" | "end"): boolean {
  const top = stack.at(-1) as Frame;
  if (verb === "next") {
    if (top.kind !== "edit") return false;
    stack.pop();
    return true;
  }
  if (top.kind === "root") return false;
  // `end` within an entry saves the entry and leaves its table.
  if (top.kind === "edit") stack.pop();
  stack.pop();
  return true;
}

function setLine(compiled: CompiledDialect, block: OpenBlock, row: WordRow): void {
  const words = row.words.map((word) => wordOf(word).text);
  const origin = { source: row.words.join(" "), line: row.row + 1, slot: `set ${words[1] ?? ""}` };
  const match = findRule(
    tableOf(compiled, block.context),
    canonicalWords(compiled, block.context, words),
    false,
  );
  // The order of the names in a list does not count.
  const settled = isNameList(match?.rule) ? [...words.slice(0, 2), ...new Set(words.slice(2).sort())] : words;
  putLine(compiled, block, settled, origin);
}

function removeLine(statement: Statement): string {
  const { match, source, slot } = statement;
  if (match?.rule.remove !== undefined) return fillTemplate(match.rule.remove, { slot });
  if (source.startsWith("edit ")) return `delete ${source.slice("edit ".length)}`;
  return `unset ${slot.split(" ")[1] ?? ""}`;
}

function putLines(old: Statement | undefined, next: Statement): string {
  if (!old || !isNameList(next.match?.rule)) return next.source;
  const [, name = "", ...before] = old.text.split(" ");
  const after = next.text.split(" ").slice(2);
  const added = after.filter((word) => !before.includes(word));
  const removed = before.filter((word) => !after.includes(word));
  if (removed.length === 0) return `append ${name} ${added.join(" ")}`;
  if (added.length === 0) return `unselect ${name} ${removed.join(" ")}`;
  return next.source;
}

function emitSections(operations: readonly Operation[]): Emitted {
  const commands: string[] = [];
  const done: number[] = [];
  let inside: readonly Header[] = [];
  let count = 0;
  const type = (line: string) => {
    commands.push(line);
    done.push(count);
  };
  const go = (path: readonly Header[]) => {
    let common = 0;
    while (common < path.length && inside[common]?.slot === path[common]?.slot) common++;
    for (let i = inside.length; i > common; i--)
      type(inside[i - 1]?.source.startsWith("edit ") ? "next" : "end");
    for (const header of path.slice(common)) type(header.source);
    inside = path;
  };
  for (const operation of operations) {
    go(operation.path);
    count++;
    type(operation.command);
    if (operation.enters) inside = [...operation.path, operation.enters];
  }
  go([]);
  return { commands, done };
}

function sectionText(state: Block, dialect: Dialect): string {
  const lines: string[] = [];
  spell(dialect, state, "", lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function spell(dialect: Dialect, block: Block, indent: string, lines: string[]): void {
  for (const statement of settledItems(dialect, block)) {
    lines.push(indent + statement.source);
    if (!statement.block) continue;
    spell(dialect, statement.block, `${indent}    `, lines);
    lines.push(indent + (statement.source.startsWith("edit ") ? "next" : "end"));
  }
}
