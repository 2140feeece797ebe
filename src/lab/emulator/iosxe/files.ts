import { Configurator } from "../cli/configurator.ts";
import { loadText } from "../cli/load.ts";
import { calendarOf } from "./calendar.ts";
import { IOS_DIALECT } from "./dialect.ts";
import type { ExecContext } from "./exec-context.ts";
import { replaceReport } from "./rollback.ts";
import type { IosState } from "./state.ts";

type Values = Readonly<Record<string, string>>;

const FULL = "%Error opening nvram:/startup-config (No space left on device)\n";

/** `write memory` and its relatives. */
export function writeMemory(context: ExecContext): string {
  return save(context.state, context.session.login.name);
}

function save(state: IosState, by: string): string {
  const done = state.save(by);
  state.box.changed();
  return done ? "Building configuration...\n[OK]\n" : `Building configuration...\n${FULL}`;
}

/** `erase startup-config`. */
export async function eraseStartup(context: ExecContext): Promise<string> {
  const question = "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]";
  const answer = await context.ask(question, true);
  if (answer === undefined || !/^[\r\ny]$/i.test(answer)) return "";
  context.state.startup = undefined;
  context.state.box.changed();
  return "[OK]\nErase of nvram: complete\n";
}

/** Where a name points: one of the two configurations, a file on flash, or nowhere that is known. */
function place(name: string): {
  readonly kind: "running" | "startup" | "file" | "unknown";
  readonly path: string;
} {
  const lower = name.toLowerCase();
  if (isShort(lower, "running-config", 1) || lower === "system:running-config")
    return { kind: "running", path: "running-config" };
  if (isShort(lower, "startup-config", 1) || lower === "nvram:startup-config")
    return { kind: "startup", path: "startup-config" };
  if (/^(flash|bootflash):/.test(lower))
    return { kind: "file", path: `flash:${name.slice(name.indexOf(":") + 1).replace(/^\//, "")}` };
  return { kind: "unknown", path: name };
}

function isShort(text: string, word: string, least: number): boolean {
  return text.length >= least && word.startsWith(text);
}

/** Reads what a name points to; undefined where there is nothing. */
export function readPlace(state: IosState, name: string): string | undefined {
  const { kind, path } = place(name);
  if (kind === "running") return state.fileText();
  return kind === "startup" ? state.startup : state.files.get(path);
}

/** `copy FROM TO`, with the questions that a person is asked. */
export async function copyFile(context: ExecContext, values: Values): Promise<string> {
  const { state } = context;
  const from = place(values.from ?? "");
  const to = place(values.to ?? "");
  if (from.kind === "unknown" || to.kind === "unknown") return "%Error opening source (No such device)\n";
  const source = readPlace(state, values.from ?? "");
  if (source === undefined) return `%Error opening ${from.path} (No such file or directory)\n`;
  const quiet = state.config.root.get("file prompt") !== undefined;
  const proposed = to.path.replace(/^flash:/, "");
  const typed = quiet ? "" : await context.ask(`Destination filename [${proposed}]? `);
  if (typed === undefined) return "";
  const by = context.session.login.name;
  if (to.kind === "startup") {
    if (from.kind === "running") return save(state, by);
    if (state.box.faults.flashFull) return FULL;
    state.startup = source;
    state.box.changed();
    return `[OK]\n${source.length} bytes copied in 0.204 secs\n`;
  }
  if (to.kind === "running") return merge(context, source);
  const target =
    typed.trim() === "" ? to.path : place(/:/.test(typed) ? typed.trim() : `flash:${typed.trim()}`).path;
  if (state.files.has(target) && !quiet) {
    context.print("%Warning:There is a file already existing with this name \n");
    const answer = await context.ask("Do you want to over write? [confirm]", true);
    if (answer === undefined || !/^[\r\ny]$/i.test(answer)) return "";
  }
  if (state.box.faults.flashFull) return `%Error opening ${target} (No space left on device)\n`;
  state.files.set(target, source);
  state.box.changed();
  return `${source.length} bytes copied in 0.204 secs (${source.length * 5} bytes/sec)\n`;
}

function merge(context: ExecContext, source: string): string {
  const { state } = context;
  const refused = loadText(source, new Configurator(IOS_DIALECT, state.config, state.config.root), "!");
  state.touch(context.session.login.name, `vty${context.session.vty}`, "copy to running-config");
  state.box.changed();
  const errors = refused.map((one) => `${one.line}\n^\n% Invalid input detected at '^' marker.\n\n`).join("");
  return `${errors}${source.length} bytes copied in 0.409 secs (${source.length * 2} bytes/sec)\n`;
}

/** `configure replace FILE [force]`. */
export async function replaceFrom(context: ExecContext, values: Values): Promise<string> {
  const { state } = context;
  const name = values.file ?? "";
  const source = readPlace(state, name);
  if (source === undefined) return `%Error opening ${place(name).path} (No such file or directory)\n`;
  if (values.how !== "force") {
    context.print(
      "This will apply all necessary additions and deletions\nto replace the current running configuration with the\ncontents of the specified configuration file, which is\nassumed to be a complete configuration, not a partial\nconfiguration. Enter Y if you are sure you want to proceed. ? ",
    );
    const answer = await context.ask("[no]: ");
    if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) return "";
  }
  const refused = state.replace(source, context.session.login.name);
  state.box.changed();
  return replaceReport(refused);
}

/** `more FILE`. */
export function moreFile(context: ExecContext, values: Values): string {
  const name = values.file ?? "";
  return readPlace(context.state, name) ?? `%Error opening ${place(name).path} (No such file or directory)\n`;
}

/** `delete FILE`. */
export async function deleteFile(context: ExecContext, values: Values): Promise<string> {
  const { path } = place(values.file ?? "");
  const quiet = context.state.config.root.get("file prompt") !== undefined;
  if (!quiet) {
    if ((await context.ask(`Delete filename [${path.replace(/^flash:/, "")}]? `)) === undefined) return "";
    const answer = await context.ask(`Delete ${path.replace("flash:", "flash:/")}? [confirm]`, true);
    if (answer === undefined || !/^[\r\ny]$/i.test(answer)) return "";
  }
  if (!context.state.files.delete(path)) return `%Error deleting ${path} (No such file or directory)\n`;
  context.state.box.changed();
  return "";
}

/** `dir`. */
export function directory(state: IosState): string {
  const c = calendarOf(state.box.clock.now());
  const rows = [...state.files].map(
    ([name, body], index) =>
      `${String(index + 11).padStart(6)}  -rw-  ${String(body.length).padStart(16)}  ${c.month} ${c.day} ${c.year} ${c.time} +00:00  ${name.replace("flash:", "")}`,
  );
  return `Directory of flash:/\n\n${rows.join("\n")}${rows.length > 0 ? "\n" : ""}\n1941504000 bytes total (1101004800 bytes free)\n`;
}
