import type { FileWhere } from "../../model/finding.ts";

/** Reads `inventory/acme/hq/rules.yaml:12` or `…:12:5`, the provenance of a rendered line. */
export function parseOrigin(text: string | undefined): FileWhere | undefined {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(text ?? "");
  if (match === null) return undefined;
  return { file: match[1] ?? "", line: Number(match[2]), column: Number(match[3] ?? 1) };
}
