import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { newWorkspaceFiles } from "../../inventory/new-workspace.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../exit.ts";

/** Writes a new workspace that validates and runs its demo. A folder that holds anything is left alone. */
export async function run(context: CommandContext, args: readonly string[]): Promise<CommandOutcome> {
  const folder = resolve(context.root, args[0] ?? ".");
  const held = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".git") : [];
  if (held.length > 0)
    throw new UsageError(`${folder} is not empty`, "name a new folder: sitewright init my-net");
  const files = newWorkspaceFiles(basename(folder));
  for (const file of files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  return {
    findings: [],
    result: { files: files.map((file) => file.path) },
    reasons: [],
    text: (printer) => {
      for (const file of files) printer.line(file.path);
      printer.line();
      printer.line(`next: cd ${args[0] ?? "."} && npm install && npx sitewright demo`);
    },
  };
}
