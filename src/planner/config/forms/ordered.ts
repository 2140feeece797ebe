import type { OrderedSyntax } from "../dialect.ts";
import type { Block, Statement } from "../state.ts";

/** Slots of the blocks whose order counts, by the list that they belong to. */
export function orderedGroups(block: Block | undefined, syntax: OrderedSyntax): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [slot, statement] of block?.items ?? []) {
    if (!isOrderedBlock(statement, syntax)) continue;
    const group = syntax.group === undefined ? "" : groupOf(statement, syntax.group);
    const list = groups.get(group);
    if (list) list.push(slot);
    else groups.set(group, [slot]);
  }
  return groups;
}

/** The list that a block belongs to: by one of its lines, or by a word of its name. */
function groupOf(statement: Statement, group: string): string {
  const line = statement.block?.items.get(group)?.text;
  return line ?? statement.slot.split(" ").find((word) => word.startsWith(group)) ?? "";
}

/** Tells whether a block takes part in the order of its list. */
export function isOrderedBlock(statement: Statement, syntax: OrderedSyntax): boolean {
  return statement.block !== undefined && statement.slot.startsWith(syntax.head);
}
