import type { Trace, TraceVerdict, Way } from "../../planner/trace/types.ts";
import type { Printer } from "../print.ts";
import { formatWhere } from "./findings.ts";

/** Prints a packet's way hop by hop, the lines that decide below each, and what became of it. */
export function printTrace(printer: Printer, trace: Trace): void {
  const { style } = printer;
  printer.line(`${style.bold(trace.packet)}  ${trace.from.zone} → ${trace.to.zone}`);
  printWay(printer, trace);
  if (trace.back !== undefined) {
    printer.line();
    printer.line(style.bold(`and back: ${trace.back.packet}`));
    printWay(printer, trace.back);
  }
  printer.line();
  printer.line(summary(printer, trace));
}

function printWay(printer: Printer, { hops }: Way): void {
  const { style } = printer;
  const width = Math.max(...hops.map(({ device }) => device.length), 0);
  for (const { device, kind, verdict, text, where, rendered } of hops) {
    const label = `  ${device.padEnd(width)}  ${kind.padEnd(9)}`;
    printer.line(`${label}  ${verdict === "permit" ? text : coloured(printer, verdict)(text)}`);
    const pad = " ".repeat(label.length + 2);
    if (where !== undefined) printer.line(style.dim(`${pad}${formatWhere(where)}`));
    if (rendered !== undefined && !text.includes(rendered.text))
      printer.line(style.dim(`${pad}rendered line ${rendered.line}: ${rendered.text}`));
  }
}

function summary(printer: Printer, { verdict, back }: Trace): string {
  const { green, red, yellow } = printer.style;
  if (verdict === "deny") return red("dropped");
  if (verdict === "unknown") return yellow("unknown: it rests on what is not modelled");
  if (back === undefined) return green("arrives");
  if (back.verdict === "permit") return green("arrives, and the answer comes back");
  if (back.verdict === "deny") return red("arrives, but the answer is dropped");
  return yellow("arrives; whether the answer comes back is unknown");
}

function coloured({ style }: Printer, verdict: TraceVerdict): (text: string) => string {
  return verdict === "deny" ? style.red : style.yellow;
}
