import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { driverFor } from "../drivers/registry.ts";
import type { HostOptions } from "./host-core.ts";
import { pulumiConfigReader } from "./pulumi-config.ts";
import { DEFAULT_GRACE_SECONDS } from "./push-types.ts";
import { siteLoader } from "./site-loader.ts";
import { operatorName } from "./stack-environment.ts";
import { openContext } from "./workspace.ts";

/** Reads from the environment what the plugin process is to do. Under `sitewright apply` everything is said there;
 *  under a plain `pulumi up` the workspace is found upwards. */
export async function hostOptionsFromEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<HostOptions> {
  const root = resolve(given(environment.SITEWRIGHT_WORKSPACE) ?? workspaceAbove(process.cwd()));
  const loader = siteLoader(root);
  return {
    context: openContext({
      root,
      drivers: driverFor,
      isLab: (site) => loader.isLab(site),
      onlyLab: () => loader.onlyLab(),
      environment,
      pulumiConfig: pulumiConfigReader(root),
    }),
    loadSite: (site) => loader.load(site),
    operator: operatorName(environment),
    plan: given(environment.SITEWRIGHT_PLAN),
    runFile: given(environment.SITEWRIGHT_RUN_FILE),
    graceSeconds: Number(given(environment.SITEWRIGHT_GRACE_SECONDS) ?? DEFAULT_GRACE_SECONDS),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** The nearest folder upwards that holds `Pulumi.yaml` and `inventory/`: the engine starts us in the program's folder,
 *  and this package's own sources have a folder of that name too. @throws Error where there is none */
export function workspaceAbove(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml")) && existsSync(join(folder, "inventory"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no folder upwards from here holds Pulumi.yaml and inventory/");
  return workspaceAbove(parent);
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
