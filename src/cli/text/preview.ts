import type { Preview, PreviewDevice, PreviewSite, ReviewChange } from "../../planner/preview/types.ts";
import { oneLine } from "../../report/escape.ts";
import type { Printer } from "../print.ts";
import { formatWhere } from "./findings.ts";
import { foldCommands } from "./fold.ts";

/** Prints a preview for whoever sits at a terminal: flows first, then what to review, then commands. Texts of the branch
 *  are shown without control characters, which a terminal would obey. */
export function printPreview(printer: Printer, preview: Preview): void {
  printReview(printer, preview.review);
  for (const site of preview.sites) printSite(printer, site);
  if (preview.untouched > 0)
    printer.line(printer.style.dim(`${preview.untouched} sites looked at mean the same as before`));
  for (const reason of preview.notEvaluated) printer.line(printer.style.dim(`not evaluated: ${reason}`));
}

function printSite(printer: Printer, site: PreviewSite): void {
  const { style } = printer;
  const changing = site.devices.filter((device) => device.state !== "same");
  const commands = changing.reduce((sum, device) => sum + device.commands.length, 0);
  const state = site.state === "changed" ? "" : ` ${style.yellow(site.state)}`;
  printer.line();
  printer.line(
    `${style.bold(site.site)}${state}  ${changing.length} of ${site.devices.length} devices, ${commands} commands  risk ${site.risk.level}`,
  );
  for (const { text } of site.risk.reasons) printer.line(style.dim(`  ${text}`));
  for (const [verb, flows] of [
    [style.yellow("opens"), site.flows.opened],
    [style.cyan("closes"), site.flows.closed],
  ] as const)
    for (const flow of flows) {
      const line = flow.line === undefined ? "" : style.dim(`  ${formatWhere(flow.line)}`);
      printer.line(
        `  ${verb} ${flow.from} → ${flow.to}: ${flow.flow}  ${style.dim(`e.g. ${flow.witness}`)}${line}`,
      );
    }
  printReview(printer, site.review);
  for (const device of changing) printDevice(printer, device);
  for (const reason of site.notEvaluated) printer.line(style.dim(`  not evaluated: ${oneLine(reason)}`));
}

function printDevice(printer: Printer, device: PreviewDevice): void {
  const { style } = printer;
  const state = device.state === "change" ? "" : ` ${style.yellow(device.state)}`;
  const reason = device.reason === undefined ? "" : `: ${oneLine(device.reason)}`;
  printer.line(`  ${style.bold(device.device)} ${style.dim(device.platform)}${state}${reason}`);
  for (const command of foldCommands(device.commands)) {
    const text = oneLine(command);
    printer.line(`    ${/^\s*(no|undo|delete)\b/.test(text) ? style.red(text) : style.green(text)}`);
  }
}

function printReview(printer: Printer, changes: readonly ReviewChange[]): void {
  for (const { kind, subject, text } of changes)
    printer.line(`  ${printer.style.yellow("review")} ${kind} ${oneLine(subject)}: ${oneLine(text)}`);
}
