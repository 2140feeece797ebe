import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFile } from "../package-files.ts";
import type { Engine } from "./engine/locate.ts";
import { secretFile } from "./fingerprint.ts";
import { stateFolder } from "./workspace.ts";

/** What the engine's processes are told beside Pulumi's own settings. */
export interface RunSettings {
  /** File that the driver host writes its events to. */
  readonly runFile: string;
  readonly operator: string;
  /** Digest of the plan being applied. */
  readonly plan: string | undefined;
  readonly graceSeconds: number;
  /** The driver host, if not the one that this package ships. */
  readonly host?: string;
}

/** A site's stack: `client.site` (the dot is in no id). */
export function stackOf(site: string): string {
  return site.replace("/", ".");
}

/** The site of a stack. */
export function siteOfStack(stack: string): string {
  return stack.replace(".", "/");
}

/** The project's name in `Pulumi.yaml`; part of every URN. */
export function projectOf(root: string): string {
  const file = join(root, "Pulumi.yaml");
  const name = existsSync(file)
    ? /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(file, "utf8"))?.[1]
    : undefined;
  return name ?? "sitewright";
}

/** Environment of the engine and all that it starts. State lies in the workspace's private folder unless
 *  `PULUMI_BACKEND_URL` says otherwise; its passphrase is made at the first use unless one is given. */
export function engineEnvironment(
  root: string,
  engine: Engine,
  settings?: RunSettings,
): Record<string, string> {
  const given = process.env;
  const bins = [dirname(engine.pulumi), dirname(process.execPath), given.PATH ?? ""];
  return {
    PATH: bins.join(delimiter),
    NODE_PATH: [packageModules(), given.NODE_PATH ?? ""].filter((path) => path !== "").join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_BACKEND_URL: given.PULUMI_BACKEND_URL ?? defaultBackend(root),
    ...passphrase(root, given),
    SITEWRIGHT_WORKSPACE: root,
    ...(settings ? runEnvironment(settings) : {}),
  };
}

/** Where this machine keeps the state of a workspace. */
export function defaultBackend(root: string): string {
  const folder = join(stateFolder(root), "pulumi");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return `file://${folder}`;
}

/** The driver host that Pulumi's plugin process loads: source or compiled, as this file is. */
export function hostFile(): string {
  return fileURLToPath(codeFile("deploy/host"));
}

/** Who pushes: `SITEWRIGHT_OPERATOR`, else the account and the machine. */
export function operatorName(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment.SITEWRIGHT_OPERATOR;
  if (given !== undefined && given !== "") return given;
  return `${environment.SUDO_USER ?? environment.USER ?? environment.LOGNAME ?? "unknown"}@${hostname()}`;
}

function runEnvironment(settings: RunSettings): Record<string, string> {
  return {
    SITEWRIGHT_HOST: settings.host ?? hostFile(),
    SITEWRIGHT_RUN_FILE: settings.runFile,
    SITEWRIGHT_OPERATOR: settings.operator,
    SITEWRIGHT_GRACE_SECONDS: String(settings.graceSeconds),
    SITEWRIGHT_PLAN: settings.plan ?? "",
  };
}

function passphrase(root: string, given: NodeJS.ProcessEnv): Record<string, string> {
  if (given.PULUMI_CONFIG_PASSPHRASE !== undefined || given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined)
    return {};
  const file = join(stateFolder(root), "passphrase");
  secretFile(file);
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** The node_modules that holds @pulumi/pulumi: the engine starts the plugin by name, from the workspace's folder. */
function packageModules(): string {
  const require = createRequire(import.meta.url);
  return dirname(dirname(dirname(require.resolve("@pulumi/pulumi/package.json"))));
}
