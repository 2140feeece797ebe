import type { CompiledDialect } from "./compile.ts";
import { sequenceOf } from "./compile.ts";
import type { SequenceSyntax } from "./dialect.ts";
import { formOf } from "./forms/form-of.ts";
import { compareNatural } from "./natural.ts";
import { entryCommand, namedSequence } from "./operation.ts";
import { setLines } from "./spell.ts";
import type { Block, Entry, Statement } from "./state.ts";

/** Writes a state as configuration text in a settled order, with which two equal states give the same bytes
 *  (but for the numbers of list entries and the text of secrets). */
export function spellState(compiled: CompiledDialect, state: Block): string {
  const form = formOf(compiled.dialect);
  if (form) return form.text(state, compiled.dialect);
  const lines: string[] = [];
  spellBlock(compiled, state, 0, lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function spellBlock(compiled: CompiledDialect, block: Block, depth: number, lines: string[]): void {
  const indent = " ".repeat(depth);
  for (const statement of inNaturalOrder(block)) {
    if (statement.match?.rule.life === "entries") {
      spellEntries(compiled, statement, indent, lines);
      continue;
    }
    if (isOneLine(statement)) lines.push(indent + statement.source);
    else for (const line of statementLines(statement)) lines.push(indent + line);
    if (statement.block) spellBlock(compiled, statement.block, depth + 1, lines);
  }
  if (block.entries) spellList(sequenceOf(compiled, block.context), block.entries, indent, lines);
}

/** A list whose entries stand beside its header's place, each with its name. */
function spellEntries(
  compiled: CompiledDialect,
  { match, block }: Statement,
  indent: string,
  lines: string[],
): void {
  const sequence = sequenceOf(compiled, block?.context ?? "");
  const name = match?.captures[0]?.text ?? "";
  if (sequence) spellList(namedSequence(sequence, name), block?.entries ?? [], indent, lines);
}

function spellList(
  sequence: SequenceSyntax | undefined,
  entries: readonly Entry[],
  indent: string,
  lines: string[],
): void {
  if (!sequence) return;
  for (const entry of entries) {
    lines.push(indent + entryCommand(sequence, entry.number, entry.source));
    if (entry.note !== undefined)
      lines.push(indent + entryCommand(sequence, entry.number, `${sequence.note} ${entry.note}`));
  }
}

/** Blocks of this size are put in order by hand: it takes less than to ask for a sort. */
const SHORT = 10;

/** The statements of a block by their slots, port 2 before port 10. */
function inNaturalOrder(block: Block): readonly Statement[] {
  const sorted = [...block.items.values()];
  if (sorted.length > SHORT) return sorted.sort((a, b) => compareNatural(a.slot, b.slot));
  for (let i = 1; i < sorted.length; i++) {
    const moved = sorted[i] as Statement;
    let at = i;
    for (; at > 0; at--) {
      const other = sorted[at - 1] as Statement;
      if (compareNatural(other.slot, moved.slot) <= 0) break;
      sorted[at] = other;
    }
    sorted[at] = moved;
  }
  return sorted;
}

/** Nearly every statement: no list is made for it. */
function isOneLine({ set, source }: Statement): boolean {
  return set === undefined && !source.includes("\n");
}

function statementLines(statement: Statement): string[] {
  const syntax = statement.match?.rule.set;
  if (statement.set && syntax && statement.match) return setLines(syntax, statement.match, statement.set);
  return statement.source.split("\n");
}
