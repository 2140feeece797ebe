import { clockText } from "./display.ts";
import type { ExecContext } from "./exec-context.ts";
import { DEFAULT_FILE, type VrpState } from "./state.ts";

type Values = Readonly<Record<string, string>>;

const TIMER = "reboot";
const FULL = "Error: There is not enough space on the flash.\n";

/** Spells a file's place out: `a.cfg` is `flash:/a.cfg`. */
function place(name: string): string {
  return name.startsWith("flash:") ? `flash:/${name.slice(6).replace(/^\//, "")}` : `flash:/${name}`;
}

function isConfigName(name: string): boolean {
  return /\.(cfg|zip|dat)$/i.test(name);
}

/** Puts a question that takes y or n; undefined when the session is over. */
async function confirmed(context: ExecContext, question: string): Promise<boolean | undefined> {
  for (;;) {
    const answer = await context.ask(question);
    if (answer === undefined) return undefined;
    if (/^\s*y/i.test(answer)) return true;
    if (/^\s*n/i.test(answer)) return false;
    context.print("Error: Please choose 'YES' or 'NO' first before pressing 'Enter'.\n");
  }
}

/** `save`: to the file of the next start; a device that never saved asks for its name. */
export async function saveDefault(context: ExecContext): Promise<string> {
  const { state } = context;
  const known = state.startup;
  const where = known === undefined ? "the device" : known;
  context.print(`The current configuration will be written to ${where}.\n`);
  if ((await confirmed(context, "Are you sure to continue?[Y/N]")) !== true) return "";
  let file = known ?? DEFAULT_FILE;
  if (known === undefined) {
    const typed = await context.ask("Info: Please input the file name ( *.cfg, *.zip ) [vrpcfg.zip]:");
    if (typed === undefined) return "";
    if (typed.trim() !== "" && !isConfigName(typed.trim())) return "Error: Invalid file name.\n";
    file = typed.trim() === "" ? DEFAULT_FILE : place(typed.trim());
  }
  context.print("Now saving the current configuration to the slot 0..\n");
  if (!state.save(file)) return `${FULL}Error: Failed to save the configuration.\n`;
  state.startup = file;
  state.box.changed();
  state.log(
    "CFM/4/CFM_LOG",
    `The user chose Y when deciding whether to save the configuration to the device.`,
  );
  return "Save the configuration successfully.\n";
}

/** `save FILE`: a copy; what the next start uses stays. */
export async function saveAs(context: ExecContext, values: Values): Promise<string> {
  const { state } = context;
  const name = values.file ?? "";
  if (!isConfigName(name)) return "Error: Invalid file name. The file name must end with .cfg or .zip.\n";
  const file = place(name);
  if ((await confirmed(context, `Are you sure to save the configuration to ${file}? [Y/N]:`)) !== true)
    return "";
  if (state.files.has(file) && (await confirmed(context, `${file} exists, overwrite? [Y/N]:`)) !== true)
    return "";
  context.print("Now saving the current configuration to the slot 0..\n");
  if (!state.save(file)) return `${FULL}Error: Failed to save the configuration.\n`;
  return "Save the configuration successfully.\n";
}

/** `startup saved-configuration FILE`. */
export function setStartup(context: ExecContext, values: Values): string {
  const file = place(values.file ?? "");
  if (!context.state.files.has(file)) return "Error: The configuration file does not exist.\n";
  context.state.startup = file;
  context.state.box.changed();
  return "Info: Succeeded in setting the configuration for booting system.\n";
}

/** `reset saved-configuration`. */
export async function resetSaved(context: ExecContext): Promise<string> {
  context.print(
    "Warning: The action will delete the saved configuration in the device.\nThe configuration will be erased to reconfigure. ",
  );
  if ((await confirmed(context, "Continue? [Y/N]:")) !== true) return "";
  context.state.startup = undefined;
  context.state.box.changed();
  return "Warning: Now clearing the configuration in the device.\nInfo: Succeeded in clearing the configuration in the device.\n";
}

/** `schedule reboot delay`: minutes, or hours and minutes. */
export async function scheduleReboot(context: ExecContext, values: Values): Promise<string> {
  const found = /^(?:(\d{1,3}):)?(\d{1,5})$/.exec(values.delay ?? "");
  const minutes = found === null ? 0 : Number(found[1] ?? 0) * 60 + Number(found[2]);
  if (minutes < 1) return "Error: Wrong parameter found at '^' position.\n";
  const { box } = context.state;
  context.print(
    `Info: Reboot system at ${when(box.clock.now() + minutes * 60_000)} (in ${inWords(minutes)}).\n`,
  );
  if ((await confirmed(context, "Confirm? [Y/N]:")) !== true) return "";
  box.arm(TIMER, minutes);
  return "";
}

/** `undo schedule reboot`. */
export function cancelReboot(context: ExecContext): string {
  if (context.state.box.due(TIMER) === undefined) return "Info: There is no scheduled reboot.\n";
  context.state.box.disarm(TIMER);
  return "Info: Reboot is canceled.\n";
}

/** `display schedule reboot`. */
export function showSchedule(state: VrpState): string {
  const due = state.box.due(TIMER);
  if (due === undefined) return "Info: Reboot is not scheduled.\n";
  const minutes = Math.max(0, Math.floor((due - state.box.clock.now()) / 60_000));
  return `Info: System will reboot at ${when(due)} (in ${inWords(minutes)}).\n`;
}

function when(at: number): string {
  const { date, time } = clockText(at);
  return `${time} ${date.replaceAll("-", "/")} UTC+00:00`;
}

function inWords(minutes: number): string {
  return `${Math.floor(minutes / 60)} hours and ${minutes % 60} minutes`;
}

/** `reboot`. */
export async function reboot(context: ExecContext): Promise<string> {
  const { state } = context;
  context.print("Info: The system is now comparing the configuration, please wait.\n");
  if (state.savedText() !== state.text()) {
    const file = state.startup ?? DEFAULT_FILE;
    const answer = await confirmed(
      context,
      `Warning: All the configuration will be saved to the configuration file for the next startup:${file}, Continue?[Y/N]:`,
    );
    if (answer === undefined) return "";
    if (answer) {
      context.print("Now saving the current configuration to the slot 0.\n");
      if (!state.save(file)) return `${FULL}Error: Failed to save the configuration.\n`;
      state.startup = file;
      context.print("Save the configuration successfully.\n");
    }
  }
  context.print(
    "Info: If want to reboot with saving diagnostic information, input 'N' and then execute 'reboot save diagnostic-information'.\n",
  );
  if ((await confirmed(context, "System will reboot! Continue?[Y/N]:")) !== true) return "";
  state.box.reboot(`reboot by ${context.session.login.name}`);
  return "";
}

const CONTEXT_LINES = 9;

/** `compare configuration`: shows both sides from the first difference on. */
export function compare(state: VrpState, file: string | undefined): string {
  const wanted = file === undefined ? state.startup : place(file);
  const saved = wanted === undefined ? undefined : state.files.get(wanted);
  if (saved === undefined) return "Error: The configuration file does not exist.\n";
  const now = state.text().split("\n");
  const then = saved.replace(/\r/g, "").split("\n");
  const at = now.findIndex((line, index) => line !== then[index]);
  if (at < 0 && now.length === then.length) {
    return "The current configuration is the same as the next startup configuration file.\n";
  }
  const start = Math.max(0, at);
  const part = (lines: readonly string[]): string => lines.slice(start, start + CONTEXT_LINES).join("\n");
  return `Warning: The current configuration is not the same as the next startup configuration file. There may be several differences, and the following are some configurations beginning from the first:\n====== Current configuration line ${start + 1} ======\n${part(now)}\n\n====== Configuration file line ${start + 1} ======\n${part(then)}\n`;
}

/** `dir`. */
export function directory(state: VrpState): string {
  const { date, time } = clockText(state.box.clock.now());
  const rows = [...state.files].map(
    ([name, body], index) =>
      `${String(index).padStart(5)}  -rw-  ${String(body.length).padStart(13)}  ${date} ${time}   ${name.slice("flash:/".length)}`,
  );
  return `Directory of flash:/\n\n  Idx  Attr     Size(Byte)  Date       Time       FileName\n${rows.join("\n")}${rows.length > 0 ? "\n" : ""}\n244,736 KB total (150,520 KB free)\n`;
}

/** `more FILE`. */
export function more(state: VrpState, name: string): string {
  return state.files.get(place(name)) ?? `Error: File ${place(name)} does not exist.\n`;
}

/** `delete FILE`. */
export async function remove(context: ExecContext, values: Values): Promise<string> {
  const file = place(values.file ?? "");
  if (!context.state.files.has(file)) return `Error: File ${file} does not exist.\n`;
  if (file === context.state.startup)
    return "Error: The file is the configuration file for the next startup and cannot be deleted.\n";
  if ((await confirmed(context, `Delete ${file}?[Y/N]:`)) !== true) return "";
  context.state.files.delete(file);
  context.state.box.changed();
  return `Info: Deleting file ${file}...succeeded.\n`;
}

/** `copy FROM TO`. */
export async function copy(context: ExecContext, values: Values): Promise<string> {
  const from = place(values.from ?? "");
  const to = place(values.to ?? "");
  const body = context.state.files.get(from);
  if (body === undefined) return `Error: File ${from} does not exist.\n`;
  if ((await confirmed(context, `Copy ${from} to ${to}?[Y/N]:`)) !== true) return "";
  if (context.state.box.faults.flashFull) return FULL;
  context.state.files.set(to, body);
  context.state.box.changed();
  return `Info: Copied file ${from} to ${to}...Done\n`;
}
