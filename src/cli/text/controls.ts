import type { ControlResult, Pack, PackResult } from "../../planner/checks/pack.ts";
import type { Printer } from "../print.ts";

export type ControlFormat = "text" | "md" | "csv";

/** Prints a pack's controls for reading, for a document, or for a spreadsheet. */
export function printControls(
  printer: Printer,
  pack: Pack,
  result: PackResult,
  how: { readonly lang: "en" | "zh"; readonly format: ControlFormat },
): void {
  const { format, lang } = how;
  if (format === "csv") printCsv(printer, result.controls, lang);
  else if (format === "md") printMarkdown(printer, pack, result.controls, lang);
  else printText(printer, result, lang);
}

function printText(printer: Printer, result: PackResult, lang: "en" | "zh"): void {
  for (const { control, state, findings } of result.controls) {
    const codes = codesOf(findings);
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

function printMarkdown(
  printer: Printer,
  pack: Pack,
  controls: readonly ControlResult[],
  lang: "en" | "zh",
): void {
  printer.line(`# ${pack.title[lang]}\n`);
  printer.line("| control | | state | findings |\n|---|---|---|---|");
  for (const { control, state, findings } of controls) {
    const title = control.title[lang].replaceAll("|", "\\|");
    printer.line(`| ${control.id} | ${title} | ${state} | ${codesOf(findings)} |`);
  }
}

function printCsv(printer: Printer, controls: readonly ControlResult[], lang: "en" | "zh"): void {
  printer.line("control,title,state,findings");
  for (const { control, state, findings } of controls) {
    const cells = [control.id, control.title[lang], state, String(findings.length)];
    printer.line(cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  }
}

function codesOf(findings: ControlResult["findings"]): string {
  return [...new Set(findings.map((finding) => finding.code))].join(" ");
}

function paint(printer: Printer, state: ControlResult["state"]): string {
  const text = state.padEnd(13);
  if (state === "met") return printer.style.green(text);
  return state === "not-met" ? printer.style.red(text) : printer.style.yellow(text);
}
