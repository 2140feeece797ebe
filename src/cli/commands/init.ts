import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { newWorkspaceFiles } from "../../inventory/new-workspace.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../exit.ts";
import { readVersion } from "../version.ts";

/** Writes a new workspace that validates and runs its demo. A folder that holds anything is left alone. */
export async function run(context: CommandContext, args: readonly string[]): Promise<CommandOutcome> {
  const folder = resolve(context.root, args[0] ?? ".");
  const held = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".git") : [];
  if (held.length > 0)
    throw new UsageError(`${folder} is not empty`, "name a new folder: sitewright init my-net");
  const files = newWorkspaceFiles(basename(folder), dependencyFor(context.root, folder));
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

/** What the new workspace's package.json says of sitewright: the source that the folder it was started from took it
 *  from (a tarball, a clone), else this version from the registry. */
function dependencyFor(start: string, folder: string): string {
  const spec = dependencyIn(join(start, "package.json"));
  if (spec === undefined) return `^${readVersion()}`;
  const [, path] = /^file:(.+)$/.exec(spec) ?? [];
  return path === undefined ? spec : `file:${relative(folder, resolve(start, path))}`;
}

function dependencyIn(manifest: string): string | undefined {
  if (!existsSync(manifest)) return undefined;
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return dependencies?.sitewright;
}
