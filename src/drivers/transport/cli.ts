import {
  type CliReply,
  type CliRunOptions,
  clean,
  ECHO_CHARS,
  judge,
  lastLine,
  promptPattern,
  scrubbed,
  squeeze,
  typeable,
} from "./cli-reply.ts";
import type { CliAnswer, CliTable } from "./cli-table.ts";
import { deviceError } from "./failures.ts";
import type { ShellChannel, Timeouts } from "./types.ts";

/** A conversation with a vendor's command line. Every reply is checked. */
export interface Cli {
  /** The name in the prompt, perhaps cut short. */
  readonly host: () => string;
  /** The prompt seen last, whole. */
  readonly prompt: () => string;
  /** Types one command and reads its reply. @throws DeviceError `refused` where the device did not take it */
  run(command: string, options?: CliRunOptions): Promise<CliReply>;
  close(): void;
}

/** A login that asks more than this is not one. */
const MAX_LOGIN_STEPS = 20;

/** How long a device may take to come back after an interrupt, milliseconds. */
const INTERRUPT_MS = 1500;

/** Starts the conversation: reads to the first prompt and asks for it once more, so that no line of a banner
 *  passes for it. @throws DeviceError */
export async function openCli(
  shell: ShellChannel,
  table: CliTable,
  device: string,
  timeouts: Timeouts,
): Promise<Cli> {
  const first = await firstPrompt(shell, table, device, timeouts);
  let host = first.host;
  let prompt = first.prompt;

  const run = async (command: string, options: CliRunOptions = {}): Promise<CliReply> => {
    const hosts = [host, ...renamed(table, command)];
    const shownAs = options.shownAs ?? command;
    try {
      shell.write(`${typeable(table, command, device, shownAs)}${table.newline}`);
      const reply = await readReply(shell, table, hosts, command, timeouts, { ...options, shownAs }, device);
      prompt = reply.prompt;
      host = hosts.findLast((name) => promptPattern(table, name).test(prompt)) ?? host;
      return judge(table, device, shownAs, reply.text, options);
    } catch (error) {
      throw scrubbed(error, device, shownAs, options.secrets ?? []);
    }
  };
  return { host: () => host, prompt: () => prompt, run, close: () => shell.close() };
}

async function firstPrompt(
  shell: ShellChannel,
  table: CliTable,
  device: string,
  timeouts: Timeouts,
): Promise<{ host: string; prompt: string }> {
  const patterns = [...table.pagers, ...table.questions].map((answer) => answer.pattern);
  let seen: string | undefined;
  for (let step = 0; step < MAX_LOGIN_STEPS; step += 1) {
    const { text, index } = await shell.until([table.anyPrompt, ...patterns], timeouts.connectMs);
    const line = lastLine(text);
    const answer = [...table.pagers, ...table.questions][index - 1];
    if (answer) {
      type(shell, table, answer);
      continue;
    }
    const host = table.anyPrompt.exec(line)?.groups?.host;
    if (host !== undefined && line === seen) return { host, prompt: line };
    seen = line;
    shell.write(table.newline);
  }
  throw deviceError("unexpected", device, { note: "no prompt that stays the same" });
}

interface RawReply {
  readonly text: string;
  readonly prompt: string;
}

async function readReply(
  shell: ShellChannel,
  table: CliTable,
  hosts: readonly string[],
  command: string,
  timeouts: Timeouts,
  options: CliRunOptions & { shownAs: string },
  device: string,
): Promise<RawReply> {
  const prompts = hosts.map((host) => promptPattern(table, host));
  const asked = options.listing ? [] : [...(options.answers ?? []), ...table.questions];
  const answers = [...table.pagers, ...asked];
  const questions = options.listing ? [] : [table.anyQuestion];
  const patterns = [...prompts, ...answers.map((answer) => answer.pattern), ...questions];
  const deadline = Date.now() + (options.timeoutMs ?? timeouts.commandMs);
  const echo = options.silent ? "" : squeeze(command).slice(0, ECHO_CHARS);
  let text = "";
  let echoed = echo === "";
  for (;;) {
    const found = await shell.until(patterns, Math.max(1, deadline - Date.now()));
    text += found.text;
    echoed ||= squeeze(text).includes(echo);
    if (found.index < prompts.length) {
      // A prompt before the echo belongs to the command before.
      if (echoed) return { text, prompt: lastLine(found.text) };
      text = "";
      continue;
    }
    const answer = answers[found.index - prompts.length];
    if (answer) type(shell, table, answer);
    else await abandon(shell, table, prompts, device, options.shownAs, text);
  }
}

/** Stops a question that nobody foresaw and reports it: no answer is safer than a guessed one. */
async function abandon(
  shell: ShellChannel,
  table: CliTable,
  prompts: readonly RegExp[],
  device: string,
  command: string,
  text: string,
): Promise<never> {
  shell.write(table.interrupt);
  if (!(await comesBack(shell, prompts))) {
    shell.write(`n${table.newline}`);
    // A device that still asks is of no more use to this session.
    if (!(await comesBack(shell, prompts))) shell.close();
  }
  const reply = clean(table, text);
  throw deviceError("refused", device, {
    command,
    reply,
    note: `it asks what nobody foresaw: ${lastLine(reply)}`,
  });
}

async function comesBack(shell: ShellChannel, prompts: readonly RegExp[]): Promise<boolean> {
  return shell.until(prompts, INTERRUPT_MS).then(
    () => true,
    () => false,
  );
}

function renamed(table: CliTable, command: string): string[] {
  const name = table.rename.exec(command.trim())?.[1];
  return name === undefined ? [] : [name];
}

function type(shell: ShellChannel, table: CliTable, answer: CliAnswer): void {
  shell.write(answer.newline === false ? answer.answer : `${answer.answer}${table.newline}`);
}
