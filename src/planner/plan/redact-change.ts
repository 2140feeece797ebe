import type { Change } from "../config/types.ts";
import type { DevicePlan } from "./types.ts";

/** What knows the secrets in a platform's text. */
interface Redactor {
  redact(text: string): string;
}

/** The part of a plan that a person reads, with every secret hidden. */
export function redactChange(
  change: Change,
  driver: Redactor,
): Pick<DevicePlan, "commands" | "rollback" | "steps" | "items"> {
  const hide = (lines: readonly string[]): string[] => redactLines(driver, lines);
  const hideOne = (text: string | undefined) => (text === undefined ? undefined : driver.redact(text));
  return {
    commands: hide(change.commands),
    rollback: hide(change.rollback),
    steps: change.steps.map((step) => ({ ...step, path: hide(step.path), commands: hide(step.commands) })),
    items: change.items.map((item) => ({
      ...item,
      path: hide(item.path),
      before: hideOne(item.before),
      after: hideOne(item.after),
    })),
  };
}

/** Redacts lines together, so that a line is read in its block; one by one where that would merge or drop lines. */
function redactLines(driver: Redactor, lines: readonly string[]): string[] {
  const together = driver.redact(lines.join("\n")).split("\n");
  const exact = together.at(-1) === "" ? together.slice(0, -1) : together;
  if (exact.length === lines.length) return exact;
  return lines.map((line) => driver.redact(line).replace(/\n$/, ""));
}
