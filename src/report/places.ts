import { isFileWhere, type Where } from "../model/finding.ts";
import { codeSpan } from "./escape.ts";

/** A place as plain text. */
export function plainPlace(where: Where): string {
  if (isFileWhere(where)) return `${where.file}:${where.line}`;
  return where.line === undefined ? where.device : `${where.device} line ${where.line}`;
}

/** A place as code, `inventory/acme/hq/rules.yaml:12`. */
export function placeText(where: Where): string {
  return codeSpan(plainPlace(where));
}
