import { longTime } from "./calendar.ts";
import type { ExecContext } from "./exec-context.ts";
import type { IosState } from "./state.ts";

const TIMER = "reload";

/** Asks whether to keep changes first; false when the session is gone. */
async function offerToSave(context: ExecContext): Promise<boolean> {
  if (!context.state.isDirty()) return true;
  for (;;) {
    const answer = await context.ask("\nSystem configuration has been modified. Save? [yes/no]: ");
    if (answer === undefined) return false;
    if (/^y(es)?$/i.test(answer)) {
      context.state.save(context.session.login.name);
      context.state.box.changed();
      context.print("Building configuration...\n[OK]\n");
      return true;
    }
    if (/^no?$/i.test(answer)) return true;
    context.print("% Please answer 'yes' or 'no'.");
  }
}

/** `reload`. */
export async function reloadNow(context: ExecContext): Promise<string> {
  if (!(await offerToSave(context))) return "";
  const answer = await context.ask("Proceed with reload? [confirm]", true);
  if (answer === undefined || !/^[\r\ny]$/i.test(answer)) return "";
  context.state.box.reboot(`reload by ${context.session.login.name}`);
  return "";
}

/** `reload in MM` and `reload in HH:MM`. */
export async function reloadIn(
  context: ExecContext,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const found = /^(?:(\d{1,3}):)?(\d{1,5})$/.exec(values.delay ?? "");
  const minutes = found === null ? 0 : Number(found[1] ?? 0) * 60 + Number(found[2]);
  if (minutes < 1) return "% Invalid input detected\n\n";
  if (!(await offerToSave(context))) return "";
  const { box } = context.state;
  const at = longTime(box.clock.now() + minutes * 60_000);
  const where = `vty${context.session.vty} (${context.session.from})`;
  context.print(
    `Reload scheduled for ${at} (in ${inWords(minutes)}) by ${context.session.login.name} on ${where}\n`,
  );
  context.print(`Reload reason: ${values.reason ?? "Reload Command"}\n`);
  const answer = await context.ask("Proceed with reload? [confirm]", true);
  if (answer === undefined || !/^[\r\ny]$/i.test(answer)) return "";
  box.arm(TIMER, minutes);
  return "";
}

/** `show reload`. */
export function showReload(state: IosState): string {
  const due = state.box.due(TIMER);
  if (due === undefined) return "No reload is scheduled.\n";
  const left = Math.max(0, due - state.box.clock.now());
  const seconds = Math.floor(left / 1000);
  return `Reload scheduled for ${longTime(due)} (in ${Math.floor(seconds / 60)} minutes and ${seconds % 60} seconds)\nReload reason: Reload Command\n`;
}

function inWords(minutes: number): string {
  if (minutes < 60) return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  const hours = Math.floor(minutes / 60);
  return `${hours} hour${hours === 1 ? "" : "s"} and ${minutes % 60} minutes`;
}
