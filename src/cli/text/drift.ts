import type { DeviceDrift, ReportedItem } from "../../drift/read-drift.ts";
import type { Printer, Style } from "../print.ts";

/** Prints the drift of one device: one line unless it drifts. */
export function printDeviceDrift(printer: Printer, drift: DeviceDrift): void {
  const { style } = printer;
  if (drift.state !== "drift") {
    printer.line(stateLine(style, drift));
    return;
  }
  printer.line(`  ${style.red("drift")}       ${style.bold(drift.device)}`);
  for (const item of drift.items) {
    const outside = item.managed ? "" : style.dim(" (outside our claims)");
    const state =
      item.state === "pending" || item.state === "adopted" ? style.cyan(item.state) : style.red(item.state);
    printer.line(`    ${item.priority} ${state} ${item.kind} ${item.path.join(" / ")}${outside}`);
    if (item.state !== "pending") printer.line(style.dim(`       because  ${item.reason}`));
    if (item.witness !== undefined) printer.line(`       passes now  ${item.witness}`);
    if (item.adopted !== undefined)
      printer.line(`       waits for apply, on branch ${style.bold(item.adopted)}`);
    printWho(printer, item);
    if (item.kind === "unsaved") continue;
    if (item.unsaved) printer.line(style.dim("       not saved: a reboot would undo it"));
    printer.line(style.dim(`       applied  ${shown(item.applied)}`));
    printer.line(style.dim(`       running  ${shown(item.running)}`));
    if (item.intended !== item.applied) printer.line(style.dim(`       intended ${shown(item.intended)}`));
  }
}

/** Who, when, from where: only what is known, and how well. */
function printWho(printer: Printer, { by, at, from, evidence, state }: ReportedItem): void {
  const { style } = printer;
  if (state === "pending") return;
  const when = at === undefined ? "" : ` at ${at}`;
  const where = from === undefined ? "" : ` from ${from}`;
  if (by.name !== undefined) {
    const sure = by.confidence === "named" ? "" : " (the only one who was there)";
    printer.line(`       by ${style.bold(by.name)}${when}${where}${sure}`);
  } else if (evidence !== undefined) printer.line("       by unknown: the log names no one person");
  for (const line of evidence?.split("\n") ?? []) printer.line(style.dim(`         ${line}`));
}

function stateLine(style: Style, drift: DeviceDrift): string {
  if (drift.state === "clean") return `  ${style.green("clean")}       ${drift.device}`;
  if (drift.state === "unadopted")
    return `  ${style.yellow("unadopted")}   ${drift.device}: never pushed by Sitewright`;
  return `  ${style.red("unreachable")} ${drift.device}: ${drift.reason ?? "no answer"}`;
}

function shown(value: string | undefined): string {
  if (value === undefined) return "—";
  const [first = "", ...rest] = value.split("\n");
  return rest.length === 0 ? first : `${first} … (${rest.length + 1} lines)`;
}
