import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { promisify } from "node:util";
import { COMMAND_PLUGIN_VERSION, compareVersions, ENGINE_VERSION } from "./versions.ts";

const run = promisify(execFile);

/** Where the engine was found and what stands beside it. */
export interface Engine {
  /** Folder that holds `bin/`. */
  readonly root: string;
  /** The `pulumi` executable. */
  readonly pulumi: string;
  readonly version: string;
  readonly source: "path" | "home";
  /** `pulumi-language-nodejs`: plain `pulumi` needs it, `sitewright apply` does not. */
  readonly languageHost: string | undefined;
  /** `pulumi-resource-pulumi-nodejs`: without it no device can be pushed. */
  readonly dynamicProvider: string | undefined;
}

/** The folder of Pulumi's own files: `PULUMI_HOME`, else `~/.pulumi`. */
export function pulumiHome(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment.PULUMI_HOME;
  return given === undefined || given === "" ? join(environment.HOME ?? homedir(), ".pulumi") : given;
}

/** Where this release of the engine is kept when it is not on PATH. */
export function engineRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return join(pulumiHome(environment), "versions", ENGINE_VERSION);
}

/** Finds the engine on PATH (new enough, and not npm's launcher, which would download one), else in Pulumi's home.
 *  @returns undefined where there is none */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  for (const folder of (environment.PATH ?? "").split(delimiter)) {
    const engine = await engineInPath(folder, environment);
    if (engine) return engine;
  }
  const root = engineRoot(environment);
  const pulumi = executableIn(join(root, "bin"), "pulumi");
  return pulumi === undefined ? undefined : describe(pulumi, ENGINE_VERSION, "home", environment);
}

/** Finds the plugin that runs server actions, in Pulumi's own order: PATH, beside the engine, Pulumi's plugin folder. */
export function findCommandPlugin(
  engine: Pick<Engine, "pulumi">,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = [
    ...(environment.PATH ?? "").split(delimiter),
    dirname(engine.pulumi),
    join(pulumiHome(environment), "plugins", `resource-command-v${COMMAND_PLUGIN_VERSION}`),
  ];
  return firstIn(folders, "pulumi-resource-command");
}

/** The dynamic provider that the npm package ships; the engine wants it beside itself or on PATH. */
export function packagedDynamicProvider(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("@pulumi/pulumi/package.json")), "pulumi-resource-pulumi-nodejs");
}

/** The path of an executable file; undefined where it is missing or may not be run. */
export function executableIn(folder: string, name: string): string | undefined {
  const path = join(folder, process.platform === "win32" ? `${name}.exe` : name);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

async function engineInPath(folder: string, environment: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  const found = folder === "" ? undefined : executableIn(folder, "pulumi");
  if (found === undefined || isNpmLauncher(found)) return undefined;
  const version = await versionOf(found);
  if (version === undefined || !isUsable(version)) return undefined;
  return describe(found, version, "path", environment);
}

/** npm's package `pulumi` puts a launcher on PATH that downloads an engine at its first run. */
function isNpmLauncher(path: string): boolean {
  return realpathSync(path).split(sep).includes("node_modules");
}

/** The SDK talks to engines of its own major release that are not older than itself. */
function isUsable(version: string): boolean {
  return (
    version.split(".")[0] === ENGINE_VERSION.split(".")[0] && compareVersions(version, ENGINE_VERSION) >= 0
  );
}

async function versionOf(pulumi: string): Promise<string | undefined> {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await run(pulumi, ["version"], { env, timeout: 20_000 });
    return stdout.trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}

function describe(
  pulumi: string,
  version: string,
  source: Engine["source"],
  environment: NodeJS.ProcessEnv,
): Engine {
  const bin = dirname(realpathSync(pulumi));
  const folders = [dirname(pulumi), bin, ...(environment.PATH ?? "").split(delimiter)];
  return {
    root: dirname(bin),
    pulumi: join(bin, "pulumi"),
    version,
    source,
    languageHost: firstIn(folders, "pulumi-language-nodejs"),
    dynamicProvider: firstIn(folders, "pulumi-resource-pulumi-nodejs"),
  };
}

function firstIn(folders: readonly string[], name: string): string | undefined {
  for (const folder of folders) {
    const path = folder === "" ? undefined : executableIn(folder, name);
    if (path !== undefined) return path;
  }
  return undefined;
}
