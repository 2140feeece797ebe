import type { Printer } from "../print.ts";
import type { Row } from "../query/tables.ts";

/** Prints rows as aligned columns under their names; columns that no row fills are left out. */
export function printTable(printer: Printer, columns: readonly string[], rows: readonly Row[]): void {
  const filled = columns.filter((column) => rows.some((row) => shown(row[column]) !== ""));
  const widths = filled.map((column) =>
    Math.max(column.length, ...rows.map((row) => widthOf(shown(row[column])))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
  if (rows.length > 0) printer.line(printer.style.bold(line(filled)));
  for (const row of rows) printer.line(line(filled.map((column) => shown(row[column]))));
}

function shown(value: Row[string]): string {
  return value === undefined ? "" : String(value);
}

/** Columns of a terminal that a text takes: Chinese characters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(
      character,
    )
      ? 2
      : 1;
  return width;
}
