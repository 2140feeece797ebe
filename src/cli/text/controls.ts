import type { ControlResult } from "../../planner/checks/pack.ts";
import {
  type ComplianceReport,
  codesOf,
  complianceMarkdown,
  complianceTable,
} from "../../report/compliance-report.ts";
import { toCsv } from "../../report/csv.ts";
import { compliancePage } from "../../report/html/compliance-page.ts";
import type { Printer } from "../print.ts";

export const CONTROL_FORMATS = ["text", "md", "json", "csv", "html"] as const;
export type ControlFormat = (typeof CONTROL_FORMATS)[number];

/** Spells what a standard asks, for a file: a document, a spreadsheet or a page.
 *  @returns the whole file, its last line ended */
export function spellControls(
  report: ComplianceReport,
  lang: "en" | "zh",
  format: "md" | "csv" | "html",
): string {
  if (format === "md") return complianceMarkdown(report, lang);
  if (format === "html") return compliancePage(report, lang);
  const { columns, rows } = complianceTable(report, lang);
  return toCsv(columns, rows);
}

/** Prints a pack's controls for reading. */
export function printControls(printer: Printer, { result }: ComplianceReport, lang: "en" | "zh"): void {
  for (const { control, state, findings } of result.controls) {
    const codes = codesOf(findings).join(" ");
    printer.line(
      `${paint(printer, state)} ${control.id.padEnd(12)} ${control.title[lang]}${codes && `  ${codes}`}`,
    );
  }
  const { counts, notApplicable } = result;
  printer.line();
  printer.line(
    `${counts.met} met, ${counts["not-met"]} not met, ${counts["not-evaluated"]} not evaluated, ` +
      `${counts.waived} waived, ${notApplicable.length} about other platforms`,
  );
}

function paint(printer: Printer, state: ControlResult["state"]): string {
  const text = state.padEnd(13);
  if (state === "met") return printer.style.green(text);
  return state === "not-met" ? printer.style.red(text) : printer.style.yellow(text);
}
