import {
  type DevicePlan,
  type PlanFlow,
  type RiskLevel,
  type SitePlan,
  savesOnly,
} from "../../planner/plan/types.ts";
import type { Printer, Style } from "../print.ts";
import { formatWhere } from "./findings.ts";
import { foldCommands } from "./fold.ts";

/** Prints the plan of one site: the verdict first, flows next, then the commands of each device that changes. */
export function printSitePlan(
  printer: Printer,
  plan: SitePlan,
  options: { readonly unchanged: boolean },
): void {
  const { style } = printer;
  const changing = plan.devices.filter(hasWork);
  printer.line(`${style.bold(plan.site)}  ${summary(plan)}  ${style.dim(plan.digest.slice(0, 19))}`);
  printer.line(
    `  ${plan.changeClass} change, risk ${paintRisk(style, plan.risk.level)}${plan.risk.reasons.map((r) => `; ${r.text}`).join("")}`,
  );
  printFlows(printer, "opens", plan.flows.opened);
  printFlows(printer, "closes", plan.flows.closed);
  for (const action of plan.actions) printer.line(`  ${style.cyan("run")} ${action.server} ${action.name}`);
  for (const device of plan.devices.filter((d) => d.state === "unreachable")) {
    printer.line(`  ${style.red("unreachable")} ${device.device}: ${device.reason ?? "no answer"}`);
  }
  for (const device of changing) printDevice(printer, device);
  if (!options.unchanged) return;
  for (const device of plan.devices.filter((d) => d.state === "same")) {
    printer.line(`  ${style.green("same")} ${device.device}`);
  }
}

/** True where a push would type something, or only save what runs. */
export function hasWork(device: DevicePlan): boolean {
  return device.commands.length > 0 || savesOnly(device);
}

function summary(plan: SitePlan): string {
  const changing = plan.devices.filter(hasWork).length;
  const commands = plan.devices.reduce((sum, device) => sum + device.commands.length, 0);
  const unreachable = plan.devices.filter((device) => device.state === "unreachable").length;
  const released = plan.devices.filter((device) => device.state === "release").length;
  const parts = [
    changing === 0
      ? "nothing to do"
      : `${changing} of ${plan.devices.length} devices change, ${commands} commands`,
  ];
  if (unreachable > 0) parts.push(`${unreachable} unreachable`);
  if (released > 0) parts.push(`${released} released`);
  return parts.join(", ");
}

function printFlows(printer: Printer, verb: "opens" | "closes", flows: readonly PlanFlow[]): void {
  const { style } = printer;
  const paint = verb === "opens" ? style.yellow : style.cyan;
  for (const flow of flows) {
    const line = flow.line === undefined ? "" : style.dim(`  ${formatWhere(flow.line)}`);
    printer.line(
      `  ${paint(verb)} ${flow.from} → ${flow.to}: ${flow.flow}  ${style.dim(`e.g. ${flow.witness}`)}${line}`,
    );
  }
}

function printDevice(printer: Printer, device: DevicePlan): void {
  const { style } = printer;
  const state = device.state === "unadopted" ? style.yellow(" first push") : "";
  const basis =
    device.basis === "archive" ? style.dim(` (against the archive of ${device.readAt ?? "?"})`) : "";
  printer.line();
  printer.line(
    `  ${style.bold(device.device)} ${style.dim(device.platform)}${state}${basis}  ${device.commands.length} commands`,
  );
  for (const command of foldCommands(device.commands)) printer.line(`    ${paintCommand(style, command)}`);
  if (device.commands.length > 0)
    for (const check of device.checks ?? []) printer.line(style.dim(`    kept only if ${check}`));
  if (device.unmanaged > 0)
    printer.line(style.dim(`    ${device.unmanaged} lines outside our claims left alone`));
  if (device.saved !== "differs") return;
  const why = "the running configuration was not saved";
  printer.line(style.yellow(savesOnly(device) ? `    is only saved: ${why}` : `    ${why}`));
}

function paintCommand(style: Style, command: string): string {
  return /^\s*(no|undo|delete|unset|remove)\b/.test(command) ? style.red(command) : style.green(command);
}

function paintRisk(style: Style, level: RiskLevel): string {
  if (level === "low") return style.green(level);
  return level === "medium" ? style.yellow(level) : style.red(level);
}
