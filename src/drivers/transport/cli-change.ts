import type { RevealSecret } from "../driver.ts";
import type { Cli } from "./cli.ts";
import type { CliRunOptions } from "./cli-reply.ts";
import { deviceError } from "./failures.ts";

/** A placeholder of a secret in a command. */
const PLACEHOLDER = /\$\{secret:([^}]+)\}/g;

/** How a platform wants a change typed. */
interface TypingRules {
  readonly device: string;
  /** How a command begins that runs over several lines, such as a banner; group 1 is the mark that ends it. */
  readonly multiline?: RegExp;
  /** Turns a line of the configuration into what a person would type for it. */
  readonly spell?: (command: string) => string;
  /** Choices for one command: questions it is known to ask. */
  readonly options?: (command: string) => CliRunOptions;
}

/** Types a list of commands one by one, each reply checked. Secrets are put in as the bytes leave, and no error
 *  shows them.
 *  @throws DeviceError `refused` with the command as planned, at the first one that the device does not take */
export async function typeCommands(
  cli: Cli,
  commands: readonly string[],
  reveal: RevealSecret,
  rules: TypingRules,
  onStep?: (done: number, total: number) => void,
): Promise<void> {
  let done = 0;
  for (const lines of grouped(commands, rules)) {
    const command = lines.join("\n");
    const { text, secrets } = await withSecrets(command, reveal, rules.device);
    const options = rules.options?.(command) ?? {};
    await cli.run(rules.spell?.(text) ?? text, { ...options, secrets, shownAs: command });
    done += lines.length;
    onStep?.(done, commands.length);
  }
}

function grouped(commands: readonly string[], rules: TypingRules): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let open: { readonly lines: string[]; readonly mark: string } | undefined;
  for (const command of commands) {
    if (open) {
      open.lines.push(command);
      if (command.includes(open.mark)) open = undefined;
      continue;
    }
    const lines = [command];
    groups.push(lines);
    const start = rules.multiline?.exec(command);
    const mark = start?.[1];
    const rest = start ? command.slice(start.index + start[0].length) : "";
    if (mark !== undefined && !rest.includes(mark)) open = { lines, mark };
  }
  return groups;
}

/** Puts the clear texts in. @throws DeviceError where a clear text cannot be typed as one word of a line */
async function withSecrets(
  command: string,
  reveal: RevealSecret,
  device: string,
): Promise<{ readonly text: string; readonly secrets: readonly string[] }> {
  const secrets: string[] = [];
  const parts: string[] = [];
  let from = 0;
  for (const match of command.matchAll(PLACEHOLDER)) {
    const clear = (await reveal(match[1] ?? "")).reveal();
    if (clear === "" || /[\s\p{Cc}]/u.test(clear)) {
      const note = `the secret ${match[1]} is empty or holds a blank, which no command line takes`;
      throw deviceError("refused", device, { command, note });
    }
    secrets.push(clear);
    parts.push(command.slice(from, match.index), clear);
    from = match.index + match[0].length;
  }
  return { text: `${parts.join("")}${command.slice(from)}`, secrets };
}
