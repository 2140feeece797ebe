import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./engine/locate.ts";
import { LocalWorkspace, PulumiCommand, type Stack } from "./pulumi.ts";
import { engineEnvironment, projectOf, type RunSettings, stackOf } from "./stack-environment.ts";

/** Opens or makes the stack of a site, with a program that declares the site's resources. */
export async function openStack(
  root: string,
  site: string,
  engine: Engine,
  options: { readonly settings: RunSettings; readonly program: () => Promise<void> },
): Promise<Stack> {
  const projectName = projectOf(root);
  return LocalWorkspace.createOrSelectStack(
    { stackName: stackOf(site), projectName, program: options.program },
    {
      workDir: root,
      pulumiCommand: await PulumiCommand.get({ root: engine.root }),
      envVars: engineEnvironment(root, engine, options.settings),
      ...(existsSync(join(root, "Pulumi.yaml"))
        ? {}
        : { projectSettings: { name: projectName, runtime: "nodejs" as const } }),
    },
  );
}
