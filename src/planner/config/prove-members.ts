import type { Dialect, FilterGroup } from "./dialect.ts";
import type { Operation } from "./operation.ts";
import { entryReferences, unplacedReferences } from "./references.ts";
import type { Block } from "./state.ts";

/** A group in use that a step would leave without a member, where the device refuses that.
 *  @param state - after the step */
export function emptiedGroup(dialect: Dialect, operation: Operation, state: Block): string | undefined {
  const [header] = operation.path;
  if (!operation.removes || !header) return undefined;
  const group = dialect.filters?.groups?.find(
    ({ header: pattern, keepsMember }) => keepsMember !== undefined && pattern.test(header.slot),
  );
  if (!group || hasMember(state.items.get(header.slot)?.block, group)) return undefined;
  const statement = state.items.get(header.slot);
  const [name] = statement ? unplacedReferences(dialect, statement).defines : [];
  return name !== undefined && isUsed(dialect, state, name) ? name : undefined;
}

function hasMember(block: Block | undefined, { keepsMember }: FilterGroup): boolean {
  if (!block || (block.entries?.length ?? 0) > 0) return true;
  return [...block.items.values()].some(({ text }) => keepsMember?.except.test(text) !== true);
}

/** Asked only where a group is empty, which hardly ever happens. */
function isUsed(dialect: Dialect, block: Block, name: string): boolean {
  if (entryReferences(dialect, block).includes(name)) return true;
  return [...block.items.values()].some(
    (statement) =>
      unplacedReferences(dialect, statement).uses.includes(name) ||
      (statement.block !== undefined && isUsed(dialect, statement.block, name)),
  );
}
