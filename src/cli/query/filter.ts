import { suggest } from "../../inventory/shape/suggest.ts";
import { UsageError } from "../exit.ts";
import type { Row } from "./tables.ts";

type Test = (row: Row) => boolean;

/** Reads filters such as `vlan=20`, `zone!=guest`, `name~erp` (holds, whatever the case); all of them must hold.
 *  @param columns - of the rows that will be asked
 *  @throws UsageError for a column that there is not */
export function readFilters(words: readonly string[], columns: readonly string[]): Test {
  const tests = words.map((word) => readFilter(word, columns));
  return (row) => tests.every((test) => test(row));
}

function readFilter(word: string, columns: readonly string[]): Test {
  const match = /^([a-z0-9-]+)(!=|=|~)(.*)$/i.exec(word);
  if (match === null) {
    throw new UsageError(`"${word}" is not a filter`, "type COLUMN=VALUE, COLUMN!=VALUE or COLUMN~TEXT");
  }
  const [, column = "", sign, value = ""] = match;
  if (!columns.includes(column)) {
    const near = suggest(column, columns);
    throw new UsageError(
      `there is no column "${column}"`,
      near === undefined ? `columns: ${columns.join(", ")}` : `did you mean ${near}?`,
    );
  }
  const wanted = value.toLowerCase();
  const textOf = (row: Row): string => String(row[column] ?? "").toLowerCase();
  if (sign === "~") return (row) => textOf(row).includes(wanted);
  if (sign === "!=") return (row) => textOf(row) !== wanted;
  return (row) => textOf(row) === wanted;
}
