import { type Finding, isFileWhere, type Where } from "../../model/finding.ts";
import type { Printer } from "../print.ts";

/** Gives the code frame below a finding, or nothing where the file is not at hand. */
export type FrameOf = (where: Where) => string | undefined;

/** Prints findings grouped by place: what is wrong, the line, what to type. */
export function printFindings(printer: Printer, findings: readonly Finding[], frameOf: FrameOf): void {
  const { style } = printer;
  for (const finding of findings) {
    const paint =
      finding.severity === "error" ? style.red : finding.severity === "warning" ? style.yellow : style.cyan;
    printer.line(`${paint(finding.severity.padEnd(7))} ${style.bold(finding.code)} ${finding.message}`);
    printer.line(`        ${style.dim(formatWhere(finding.where))}`);
    const frame = frameOf(finding.where);
    if (frame) for (const line of frame.split("\n")) printer.line(`        ${style.dim(line)}`);
    printer.line(`        ${style.green("→")} ${finding.hint}`);
    for (const related of finding.related ?? [])
      printer.line(`        ${style.dim(`see ${formatWhere(related)}`)}`);
  }
}

/** `2 sites`, `1 site`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2 errors, 1 warning`, or `no findings`. */
export function countFindings(findings: readonly Finding[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    const noun = severity === "info" ? "note" : severity;
    return [counted(count, noun)];
  });
  return parts.length === 0 ? "no findings" : parts.join(", ");
}

/** `inventory/acme/hq/site.yaml:12:5`, or `acme/hq/sw1 line 40`. */
export function formatWhere(where: Where): string {
  if (isFileWhere(where)) return `${where.file}:${where.line}:${where.column}`;
  const line = where.line === undefined ? "" : ` line ${where.line}`;
  return `${where.device}${line}${where.text ? `: ${where.text}` : ""}`;
}
