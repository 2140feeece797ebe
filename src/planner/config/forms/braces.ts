import { chainEdit } from "../chain-edit.ts";
import type { CompiledDialect } from "../compile.ts";
import type { Dialect } from "../dialect.ts";
import { cleanLines } from "../lines.ts";
import type { Emitted, Operation } from "../operation.ts";
import type { Block, Statement } from "../state.ts";
import type { ConfigTree } from "../types.ts";
import { readBraces } from "./brace-state.ts";
import { type BraceToken, braceTokens } from "./brace-tokens.ts";
import { isAllKey } from "./build.ts";
import { ownPath, settledItems, workedPaths } from "./emit-lines.ts";
import type { Form } from "./form.ts";
import { type Chunk, rowFindings, textOf, treeOf } from "./text-nodes.ts";

/** Junos: braces or `set` lines in, `set`, `delete`, `insert` and `deactivate` lines out. */
export const BRACES: Form = {
  parse: parseBraces,
  state: (compiled, tree) => readBraces(compiled, braceTokens(textOf(tree).split("\n")).tokens).root,
  removal: removeLine,
  put: (old, next) => chainOf(old, next) ?? putLine(next),
  move: (slot, before, last) =>
    `insert ${slot} ${before === undefined ? `after ${last}` : `before ${before}`}`,
  emit: emitSetLines,
  text: setText,
};

function parseBraces(compiled: CompiledDialect, text: string): ConfigTree {
  const clean = cleanLines(compiled, text);
  const { tokens, unterminated } = braceTokens(clean.lines);
  const reading = readBraces(compiled, tokens);
  const findings = [
    ...rowFindings(clean, unterminated, {
      code: "CFG-UNTERMINATED",
      severity: "warning",
      message: "a text of several lines that begins here is never closed",
      hint: "Check that the file is complete.",
    }),
    ...rowFindings(clean, reading.unbalanced, {
      code: "CFG-BRACES",
      severity: "error",
      message: "a brace without its other half",
      hint: "Check that the file is complete.",
    }),
  ];
  return treeOf(compiled.dialect.platform, clean, chunksOf(clean.lines, tokens), {
    unknown: reading.unknown,
    findings,
  });
}

function chunksOf(lines: readonly string[], tokens: readonly BraceToken[]): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  for (let row = 0; row < lines.length; ) {
    let endRow = row;
    const own: BraceToken[] = [];
    while (at < tokens.length && (tokens[at] as BraceToken).row <= endRow) {
      const token = tokens[at] as BraceToken;
      own.push(token);
      endRow = Math.max(endRow, token.endRow);
      at++;
    }
    chunks.push(chunkOf(lines, row, endRow, own));
    row = endRow + 1;
  }
  return chunks;
}

function chunkOf(
  lines: readonly string[],
  row: number,
  endRow: number,
  tokens: readonly BraceToken[],
): Chunk {
  const said = tokens.filter((token) => token.kind !== "comment");
  const isClose = said.length > 0 && said.every((token) => token.kind === "}" || token.kind === ";");
  let closes = 0;
  let opens = 0;
  for (const token of said) {
    if (token.kind === "{") opens++;
    else if (token.kind === "}" && opens > 0) opens--;
    else if (token.kind === "}") closes++;
  }
  return {
    row,
    endRow,
    role: said.length === 0 ? "comment" : isClose ? "close" : "statement",
    key: (lines[row] ?? "").trim().replace(/ ?[{;]$/, ""),
    closes,
    opens,
  };
}

const MARK = /^(deactivate|protect) /;
const UNMARK: Readonly<Record<string, string>> = { deactivate: "activate", protect: "unprotect" };

function removeLine(statement: Statement): string {
  const mark = MARK.exec(statement.slot)?.[1];
  if (mark !== undefined && !statement.block)
    return `${UNMARK[mark]} ${statement.slot.slice(mark.length + 1)}`;
  const whole = statement.block !== undefined || statement.slot === "" || isAllKey(statement);
  return `delete ${whole ? statement.source : statement.slot}`;
}

function chainOf(old: Statement | undefined, next: Statement): string | undefined {
  return old !== undefined && next.match?.rule.overwrite === "chain" ? chainEdit(old, next) : undefined;
}

function putLine(next: Statement): string {
  return MARK.test(next.slot) && !next.match ? next.slot : `set ${next.source}`;
}

function emitSetLines(operations: readonly Operation[]): Emitted {
  const commands: string[] = [];
  const done: number[] = [];
  const worked = workedPaths(operations);
  for (const [i, operation] of operations.entries()) {
    const opens = operation.effect.kind === "open";
    if (opens && worked.has(ownPath(operation))) continue;
    const path = operation.path.map((header) => `${header.source} `).join("");
    const typed = opens ? `set ${operation.command}` : operation.command;
    const lines = typed.split("\n");
    for (const [n, line] of lines.entries()) {
      const [verb = ""] = line.split(" ", 1);
      commands.push(`${verb} ${path}${line.slice(verb.length + 1)}`);
      done.push(n === lines.length - 1 ? i + 1 : i);
    }
  }
  return { commands, done };
}

function setText(state: Block, dialect: Dialect): string {
  const lines: string[] = [];
  spell(dialect, state, "", lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function spell(dialect: Dialect, block: Block, path: string, lines: string[]): void {
  for (const statement of settledItems(dialect, block)) {
    const mark = statement.match ? undefined : MARK.exec(statement.slot)?.[1];
    if (mark !== undefined) lines.push(`${mark} ${path}${statement.slot.slice(mark.length + 1)}`);
    else if (!statement.block) lines.push(`set ${path}${statement.source}`);
    else if (statement.block.items.size > 0)
      spell(dialect, statement.block, `${path}${statement.source} `, lines);
    else if (statement.match?.rule.life !== "optional") lines.push(`set ${path}${statement.source}`);
  }
}
