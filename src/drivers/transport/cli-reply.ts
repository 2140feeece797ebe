import { DeviceError } from "../driver.ts";
import type { CliAnswer, CliTable } from "./cli-table.ts";
import { deviceError } from "./failures.ts";
import { settleLine, settleText } from "./screen.ts";

/** Enough of an echo to know it again. */
export const ECHO_CHARS = 12;

/** A refused command says so in its first lines. */
const REFUSAL_LINES = 3;

/** Choices for one command. */
export interface CliRunOptions {
  readonly timeoutMs?: number;
  readonly answers?: readonly CliAnswer[];
  /** Clear texts in `command` that no error may show. */
  readonly secrets?: readonly string[];
  /** What errors call the command, where it holds a secret. */
  readonly shownAs?: string;
  /** Give the reply although it reports a failure. */
  readonly tolerant?: boolean;
  /** The command only prints: nothing in its output is taken for a question. */
  readonly listing?: boolean;
  /** The command shows a log: its lines are the answer, and what they say of failures is no failure of ours. */
  readonly log?: boolean;
  /** The device does not echo what is typed (a password). */
  readonly silent?: boolean;
}

/** A reply without echo, prompt, pagers and log messages. */
export interface CliReply {
  readonly text: string;
  readonly failed: boolean;
}

/** Takes echo and prompt off a reply and looks for the lines that mean a refusal.
 *  @throws DeviceError `refused` unless the caller is tolerant */
export function judge(
  table: CliTable,
  device: string,
  command: string,
  raw: string,
  options: CliRunOptions,
): CliReply {
  const settled = settleText(raw.trimEnd()).split("\n");
  const own = new Set(command.split("\n").map((line) => line.trim()));
  const echoAt = options.silent ? 0 : settled.findIndex((line) => holdsEcho(line, command, options));
  const body = settled.slice(echoAt + 1, -1).join("\n");
  const text = options.log ? settleText(body) : clean(table, body);
  const judged = text.split("\n").slice(0, options.log ? REFUSAL_LINES : undefined);
  const failures = judged.filter((line) => !own.has(line.trim()) && isFailure(table, line));
  // A caret alone says less than the sentence below it.
  const bad = failures.find((line) => /[a-z]/i.test(line)) ?? failures[0];
  if (bad !== undefined && !options.tolerant) {
    throw deviceError("refused", device, { command, reply: text, note: `\`${command}\`: ${bad.trim()}` });
  }
  return { text, failed: bad !== undefined };
}

/** The echo is the first line; where the command held a secret, what stands before it is enough. */
function holdsEcho(line: string, command: string, options: CliRunOptions): boolean {
  const start = options.secrets?.length ? (command.split("${")[0] ?? command) : command;
  return squeeze(line).includes(squeeze(start).slice(0, ECHO_CHARS));
}

function isFailure(table: CliTable, line: string): boolean {
  return (
    table.failures.some((pattern) => pattern.test(line)) &&
    !table.harmless.some((pattern) => pattern.test(line))
  );
}

/** A text as a terminal shows it, without log messages. */
export function clean(table: CliTable, text: string): string {
  return settleText(text)
    .split("\n")
    .filter((line) => !table.noise.some((pattern) => pattern.test(line)))
    .join("\n");
}

/** The prompt around a name that the device may cut short in some modes. */
export function promptPattern(table: CliTable, host: string): RegExp {
  const fixed = host.slice(0, table.promptNameChars);
  let rest = "";
  for (const char of [...host.slice(table.promptNameChars)].reverse())
    rest = `(?:${escapeText(char)}${rest})?`;
  return new RegExp(
    table.prompt.replaceAll("%h", () => `${escapeText(fixed)}${rest}`),
    "m",
  );
}

/** Control characters would be keys, not text; a question mark would ask for help. */
export function typeable(table: CliTable, command: string, device: string, shownAs: string): string {
  if (/[^\P{Cc}\n]/u.test(command)) {
    throw deviceError("refused", device, { command: shownAs, note: "the command holds a control character" });
  }
  if (!command.includes("?")) return command.replaceAll("\n", table.newline);
  if (table.questionMark === undefined) {
    throw deviceError("refused", device, {
      command: shownAs,
      note: "this platform cannot be typed a question mark",
    });
  }
  return command.replaceAll("?", table.questionMark).replaceAll("\n", table.newline);
}

/** The same error without the clear texts. */
export function scrubbed(error: unknown, device: string, command: string, secrets: readonly string[]): Error {
  if (!(error instanceof DeviceError)) {
    return deviceError("unexpected", device, { command, note: "the conversation broke", cause: error });
  }
  const hide = (text: string): string =>
    secrets.reduce((shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "[secret]")), text);
  // A reply cut off in mid-line may hold half of a secret, which no search finds.
  const partial = error.kind === "timeout" && secrets.length > 0;
  const detail = {
    command,
    ...(error.reply === undefined || partial ? {} : { reply: hide(error.reply) }),
    ...(secrets.length > 0 || error.cause === undefined ? {} : { cause: error.cause }),
  };
  return new DeviceError(error.kind, device, hide(error.message), detail);
}

/** The last line that is not empty, as a terminal shows it. */
export function lastLine(text: string): string {
  return settleLine(text.slice(text.replace(/[\r\n]+$/, "").lastIndexOf("\n") + 1)).trim();
}

/** A text without white space: devices wrap and re-space what they echo. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
