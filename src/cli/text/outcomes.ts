import type { PushResult } from "../../deploy/push-result.ts";
import type { ActionOutcome, DeviceOutcome } from "../../deploy/types.ts";
import type { ExitReason } from "../exit.ts";
import type { Printer, Style } from "../print.ts";

/** What each ending of a push means to the exit code; endings that need nobody are left out. */
const EXIT: Partial<Record<PushResult, ExitReason["code"]>> = {
  refused: 3,
  unreachable: 3,
  held: 3,
  "rolled-back": 5,
  "needs-person": 6,
};

/** Prints how the push of each device ended, the quiet ones counted only. */
export function printOutcomes(
  printer: Printer,
  site: string,
  devices: readonly DeviceOutcome[],
  actions: readonly ActionOutcome[] = [],
): void {
  const { style } = printer;
  const done = devices.filter((device) => device.result === "done").length;
  const same = devices.filter((device) => device.result === "same").length;
  printer.line(`${style.bold(site)}  ${done} pushed and verified, ${same} had nothing to do`);
  for (const device of devices) {
    if (device.result === "same") continue;
    const why = device.reason === undefined ? "" : `: ${device.reason}`;
    const seconds = style.dim(` ${(device.durationMs / 1000).toFixed(1)} s`);
    printer.line(`  ${paint(style, device.result)} ${device.device}${why}${seconds}`);
  }
  for (const action of actions) {
    const why = action.reason === undefined ? "" : `: ${action.reason}`;
    printer.line(`  ${action.result.padEnd(12)} ${action.server} ${action.name}${why}`);
  }
}

/** Exit reasons of endings: a failed push that was rolled back is 5, one that needs a person 6. */
export function outcomeReasons(devices: readonly DeviceOutcome[]): ExitReason[] {
  return devices.flatMap((device): ExitReason[] => {
    const subject = `${device.device}: ${device.reason ?? device.result}`;
    switch (EXIT[device.result]) {
      case 3:
        return [{ code: 3, reason: "incomplete", subject }];
      case 5:
        return [{ code: 5, reason: "rolled-back", subject }];
      case 6:
        return [{ code: 6, reason: "needs-person", subject }];
      default:
        return [];
    }
  });
}

function paint(style: Style, result: PushResult): string {
  const text = (result === "done" ? "verified" : result).padEnd(12);
  if (result === "done" || result === "released") return style.green(text);
  return result === "needs-person" ? style.red(text) : style.yellow(text);
}
