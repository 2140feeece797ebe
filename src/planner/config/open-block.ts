import { type CompiledDialect, tableOf } from "./compile.ts";
import type { SharedSections } from "./shared-sections.ts";
import type { Block, Entry, Statement } from "./state.ts";

/** A line whose place a later line of the same text took. */
export interface ReplacedLine {
  readonly line: number;
  readonly by: number;
  /** As it was typed, secrets masked. */
  readonly text: string;
}

/** A block that is being read. */
export interface OpenBlock extends Block {
  readonly items: Map<string, Statement>;
  readonly entries: Entry[] | undefined;
  /** Entries by number, where lines are added to an entry later; only of lists that have such lines. */
  readonly numbered: Map<number, number> | undefined;
  /** Sections that another text has too; only at root. */
  readonly shared: SharedSections | undefined;
  /** Lines of the whole text that count no more. */
  readonly replaced: ReplacedLine[];
  /** False where no line can say what holds without it: such a block is not looked through for them. */
  hasDefaults: boolean;
}

/** An empty block.
 *  @param replaced - the list of the text that it stands in */
export function openBlock(
  compiled: CompiledDialect,
  context: string,
  replaced: ReplacedLine[],
  shared?: SharedSections,
): OpenBlock {
  const { sequence } = tableOf(compiled, context);
  return {
    context,
    items: new Map(),
    entries: sequence && [],
    numbered: sequence?.note === undefined ? undefined : new Map(),
    shared,
    replaced,
    facts: undefined,
    hasDefaults: false,
  };
}

/** A copy of a block to go on with, its lines numbered as in the text that it was taken over for.
 *  @param replaced - the list of that text */
export function copyShifted(block: OpenBlock, shift: number, replaced: ReplacedLine[]): OpenBlock {
  const items = new Map<string, Statement>();
  for (const [slot, statement] of block.items) {
    const inner = statement.block && copyShifted(statement.block as OpenBlock, shift, replaced);
    items.set(slot, { ...statement, line: statement.line + shift, block: inner });
  }
  const entries = block.entries?.map((entry): Entry => ({ ...entry, line: entry.line + shift }));
  return { ...block, items, entries, replaced };
}
