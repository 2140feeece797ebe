import type { Dialect } from "../dialect.ts";
import { compareNatural } from "../natural.ts";
import type { Operation } from "../operation.ts";
import type { Block, Statement } from "../state.ts";

/** Paths, joined, of blocks that some operation works in. */
export function workedPaths(operations: readonly Operation[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const operation of operations) {
    let path = "";
    for (const header of operation.path) {
      path += `${header.slot}\n`;
      paths.add(path);
    }
  }
  return paths;
}

/** The joined path of the block that an operation opens or stands for. */
export function ownPath(operation: Operation): string {
  return `${operation.path.map((header) => `${header.slot}\n`).join("")}${operation.slot}\n`;
}

/** The statements of a block in a settled order; where their order counts, in theirs. */
export function settledItems(dialect: Dialect, block: Block): Statement[] {
  const syntax = dialect.ordered?.[block.context];
  const isOrdered = (statement: Statement) =>
    syntax !== undefined && statement.block !== undefined && statement.slot.startsWith(syntax.head);
  const items = [...block.items.values()];
  const free = items.filter((statement) => !isOrdered(statement));
  free.sort((a, b) => compareNatural(a.slot, b.slot));
  return [...free, ...items.filter(isOrdered)];
}
