import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findGo, goEnvironment, runLoudly } from "../../src/deploy/engine/go.ts";
import { executableIn, pulumiHome } from "../../src/deploy/engine/locate.ts";
import type { ForgePrograms } from "../../test/forge/real/programs.ts";

const run = promisify(execFile);
const MINUTES = 60_000;
/** The oldest Go that builds both. */
const GO_VERSION = "1.26.2";

type Progress = (message: string) => void;

interface Source {
  readonly module: string;
  readonly version: string;
  /** The module's hash as Go's checksum database tells it; its own go.sum holds those of what it needs. */
  readonly sum: string;
  readonly binary: string;
  readonly cgo: boolean;
  readonly tags: string;
  /** Folders that it reads at run time. */
  readonly files: readonly string[];
}

const GITEA: Source = {
  module: "code.gitea.io/gitea",
  version: "v1.26.0",
  sum: "h1:fJP9dqLbzKrKWUVnCVTfVersZdVDuyJQLEDzCAOmKKA=",
  binary: "gitea",
  // SQLite's own C.
  cgo: true,
  tags: "sqlite,sqlite_unlock_notify",
  files: ["templates", "options", "public"],
};

const RUNNER: Source = {
  module: "gitea.com/gitea/runner",
  version: "v1.0.8",
  sum: "h1:zKfC4+zyyGIDagqhII3WVw52P+A9iAa63It0lniN4SI=",
  binary: "gitea-runner",
  cgo: false,
  tags: "",
  files: [],
};

/** Finds the forge's programs beside the Pulumi engine, or builds them there.
 *  @throws Error where Go, a C compiler or a module cannot be had */
export async function ensureForge(onProgress: Progress): Promise<ForgePrograms> {
  const [gitea, runner] = [await ensure(GITEA, onProgress), await ensure(RUNNER, onProgress)];
  return { gitea: join(gitea, GITEA.binary), files: gitea, runner: join(runner, RUNNER.binary) };
}

async function ensure(source: Source, onProgress: Progress): Promise<string> {
  const root = join(pulumiHome(), "sitewright", `${source.binary}-${source.version}`);
  if (executableIn(root, source.binary) !== undefined) return root;
  if (source.cgo) await expectCompiler();
  const [partial, scratch] = [`${root}.${process.pid}.partial`, `${root}.${process.pid}.scratch`];
  try {
    await mkdir(partial, { recursive: true });
    await mkdir(scratch, { recursive: true });
    const go = await findGo(scratch, onProgress, GO_VERSION);
    await build(go, source, partial, scratch, onProgress);
    await rm(root, { recursive: true, force: true });
    await rename(partial, root);
    onProgress(`${source.binary} ${source.version} is in ${root}`);
    return root;
  } finally {
    for (const folder of [partial, scratch]) await rm(folder, { recursive: true, force: true });
  }
}

/** Its own go.mod counts, with its replacements, only where the module is the main one: it is built in a copy. */
async function build(
  go: string,
  source: Source,
  partial: string,
  scratch: string,
  onProgress: Progress,
): Promise<void> {
  const env = goEnvironment(scratch, { cgo: source.cgo });
  onProgress(`fetching ${source.module} ${source.version}`);
  const told = await run(go, ["mod", "download", "-json", `${source.module}@${source.version}`], {
    cwd: scratch,
    env,
    timeout: 10 * MINUTES,
  });
  const { Dir: folder, Sum: sum } = JSON.parse(told.stdout) as { readonly Dir: string; readonly Sum: string };
  if (sum !== source.sum)
    throw new Error(`${source.module} ${source.version} is ${sum}, and ${source.sum} was wanted`);
  const copy = join(scratch, "source");
  await cp(folder, copy, { recursive: true });
  await makeWritable(copy);
  onProgress(`building ${source.binary} ${source.version} (once; minutes)`);
  const flags = ["-p", "2", "-trimpath", "-buildvcs=false", "-tags", source.tags];
  const stamp = `-s -w -X main.Version=${source.version.slice(1)}`;
  let toldAt = Date.now();
  let packages = 0;
  await runLoudly(go, ["build", "-v", ...flags, "-ldflags", stamp, "-o", join(partial, source.binary), "."], {
    cwd: copy,
    env,
    onLine: () => {
      packages += 1;
      if (Date.now() - toldAt < 10_000) return;
      toldAt = Date.now();
      onProgress(`${packages} modules fetched and packages built`);
    },
    timeoutMs: 45 * MINUTES,
  });
  for (const name of source.files) await cp(join(copy, name), join(partial, name), { recursive: true });
}

/** Go's module folders may only be read, and so may their copies. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await chmod(join(entry.parentPath, entry.name), 0o755);
}

async function expectCompiler(): Promise<void> {
  try {
    await run("gcc", ["--version"], { timeout: 20_000 });
  } catch {
    throw new Error("Gitea's SQLite wants a C compiler: apt-get install gcc libc6-dev");
  }
}
