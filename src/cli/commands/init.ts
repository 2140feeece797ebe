import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ciFiles, FORGES, type Forge } from "../../inventory/ci-files.ts";
import { type NewFile, newWorkspaceFiles } from "../../inventory/new-workspace.ts";
import { SCHEDULERS, type Scheduler, scheduleFiles, scheduleHint } from "../../inventory/schedule-files.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { UsageError } from "../exit.ts";
import { readVersion } from "../version.ts";

/** Writes a new workspace that validates and runs its demo. A folder that holds anything is left alone, save that a
 *  workspace gets the CI files and the schedule that it lacks. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options = {},
): Promise<CommandOutcome> {
  const folder = resolve(context.root, args[0] ?? ".");
  const forge = forgeOf(options);
  const held = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".git") : [];
  const scheduler = schedulerOf(options);
  const known = (forge !== undefined || scheduler !== undefined) && held.includes("inventory");
  if (held.length > 0 && !known)
    throw new UsageError(`${folder} is not empty`, "name a new folder: sitewright init my-net");
  const workspace = known ? [] : newWorkspaceFiles(basename(folder), dependencyFor(context.root, folder));
  const files = [
    ...workspace,
    ...(forge === undefined ? [] : ciFiles(forge)),
    ...(scheduler === undefined ? [] : scheduleFiles(scheduler, folder)),
  ];
  refuseExisting(folder, files);
  makeFolder(folder);
  await writeFiles(folder, files);
  return {
    findings: [],
    result: { files: files.map((file) => file.path) },
    reasons: [],
    text: (printer) => {
      for (const file of files) printer.line(file.path);
      printer.line();
      if (scheduler !== undefined) printer.line(`next: ${scheduleHint(scheduler)}`);
      if (forge !== undefined && known)
        printer.line("next: commit it on the base branch; pull requests are previewed from then on");
      if (!known) printer.line(`next: cd ${args[0] ?? "."} && npm install && npx sitewright demo`);
    },
  };
}

function forgeOf(options: Options): Forge | undefined {
  const name = textOption(options, "ci");
  if (name === undefined) return undefined;
  const forge = FORGES.find((each) => each === name);
  if (forge === undefined) throw new UsageError(`no CI files for "${name}"`, `known: ${FORGES.join(", ")}`);
  return forge;
}

function schedulerOf(options: Options): Scheduler | undefined {
  const name = textOption(options, "schedule");
  if (name === undefined) return undefined;
  const scheduler = SCHEDULERS.find((each) => each === name);
  if (scheduler === undefined)
    throw new UsageError(`no schedule for "${name}"`, `known: ${SCHEDULERS.join(", ")}`);
  return scheduler;
}

/** Makes a folder with those above it, one by one: where none can be made (`/proc`), the recursive call never ends.
 *  @throws UsageError */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    for (const each of missing) mkdirSync(each);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** @throws UsageError where the folder takes no files */
async function writeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  try {
    for (const file of files) {
      const path = join(folder, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.content, { mode: file.executable ? 0o755 : 0o644 });
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable(folder: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new UsageError(`${folder} cannot be written (${code})`, "name a folder that you may write to");
}

function refuseExisting(folder: string, files: readonly NewFile[]): void {
  const there = files.find((file) => existsSync(join(folder, file.path)));
  if (there === undefined) return;
  throw new UsageError(`${there.path} is there already`, "move it away first, or keep it");
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
