import { stringify } from "csv-stringify/sync";

/** A cell of a table. */
export type Cell = string | number | boolean | undefined;

/** Spells rows as CSV that spreadsheets open as they should: UTF-8 with a byte order mark, so that Chinese is read as
 *  Chinese, CRLF, and no text that a spreadsheet would take for a formula (device text is anybody's text). */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return stringify([[...columns], ...rows.map((row) => [...row])], {
    bom: true,
    record_delimiter: "windows",
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });
}
