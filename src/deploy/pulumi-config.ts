import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findEngine } from "./engine/locate.ts";
import { engineEnvironment } from "./stack-environment.ts";

const run = promisify(execFile);

/** Reads keys of the Pulumi configuration of the stack in use, for `pulumi:KEY@VERSION` secrets.
 *  @param stack - left out, the one that is selected in the workspace */
export function pulumiConfigReader(root: string, stack?: string): (key: string) => Promise<string> {
  return async (key) => {
    const engine = await findEngine();
    if (!engine) throw new Error("there is no Pulumi engine here");
    const selected = stack === undefined ? [] : ["--stack", stack];
    const { stdout } = await run(engine.pulumi, ["config", "get", key, ...selected, "--non-interactive"], {
      cwd: root,
      env: { ...process.env, ...engineEnvironment(root, engine) },
      timeout: 30_000,
    });
    return stdout.replace(/\r?\n$/, "");
  };
}
