import type { LocalText } from "../../planner/checks/types.ts";
import { oneLine } from "../escape.ts";

/** A table as a client files it: a title in both languages, heads in the reader's, and cells as text. */
export interface Register {
  /** Name of its file, without an ending. */
  readonly id: string;
  readonly title: LocalText;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Why there are no rows, where nothing was recorded yet. */
  readonly note?: string;
}

/** A column: its head, and what it says of an item. */
export type Column<T> = readonly [head: string, cell: (item: T) => string | number | boolean | null];

/** Spells items as rows, each cell on one line; nothing is an empty cell. */
export function tabulate<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  yesNo: readonly [string, string],
): Pick<Register, "columns" | "rows"> {
  const spell = (value: string | number | boolean | null): string =>
    value === null ? "" : typeof value === "boolean" ? yesNo[value ? 0 : 1] : oneLine(String(value));
  return {
    columns: columns.map(([head]) => head),
    rows: items.map((item) => columns.map(([, cell]) => spell(cell(item)))),
  };
}
