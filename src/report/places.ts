import { isFileWhere, type Where } from "../model/finding.ts";
import { codeSpan } from "./escape.ts";

/** A place as code, `inventory/acme/hq/rules.yaml:12`. */
export function placeText(where: Where): string {
  if (isFileWhere(where)) return codeSpan(`${where.file}:${where.line}`);
  return codeSpan(where.line === undefined ? where.device : `${where.device} line ${where.line}`);
}
