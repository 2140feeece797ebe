import type { Answers } from "../evidence.ts";
import type { Cli } from "./cli.ts";

/** Types commands that only show; undefined for one that the device refuses. */
export async function askCli(cli: Cli, commands: Readonly<Record<string, string>>): Promise<Answers> {
  const answers: Record<string, string | undefined> = {};
  for (const [name, command] of Object.entries(commands)) {
    const reply = await cli.run(command, { listing: true, tolerant: true, log: true });
    answers[name] = reply.failed ? undefined : reply.text;
  }
  return answers;
}
