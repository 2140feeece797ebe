import type { Printer } from "../print.ts";
import type { DeviceDrift } from "../../drift/read-drift.ts";

/** Prints the drift of one device: nothing for a clean one unless asked. */
export function printDeviceDrift(printer: Printer, drift: DeviceDrift): void {
  const { style } = printer;
  if (drift.state === "clean") return printer.line(`  ${style.green("clean")}       ${drift.device}`);
  if (drift.state === "unreachable") {
    return printer.line(`  ${style.red("unreachable")} ${drift.device}: ${drift.reason ?? "no answer"}`);
  }
  if (drift.state === "unadopted") {
    return printer.line(`  ${style.yellow("unadopted")}   ${drift.device}: never pushed by Sitewright`);
  }
  printer.line(`  ${style.red("drift")}       ${style.bold(drift.device)}`);
  for (const item of drift.items) {
    const outside = item.managed ? "" : style.dim(" (outside our claims)");
    const state = item.state === "pending" ? style.cyan("pending") : style.red(item.state);
    printer.line(`    ${item.priority} ${state} ${item.kind} ${item.path.join(" / ")}${outside}`);
    if (item.kind === "unsaved") continue;
    printer.line(style.dim(`       applied  ${shown(item.applied)}`));
    printer.line(style.dim(`       running  ${shown(item.running)}`));
    if (item.intended !== item.applied) printer.line(style.dim(`       intended ${shown(item.intended)}`));
  }
}

function shown(value: string | undefined): string {
  if (value === undefined) return "—";
  const [first = "", ...rest] = value.split("\n");
  return rest.length === 0 ? first : `${first} … (${rest.length + 1} lines)`;
}
