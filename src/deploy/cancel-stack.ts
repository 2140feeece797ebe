import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Engine } from "./engine/locate.ts";
import { engineEnvironment, stackOf } from "./stack-environment.ts";

const run = promisify(execFile);

/** Releases Pulumi's own lock on a site's stack. @throws Error where Pulumi refuses */
export async function cancelStack(root: string, site: string, engine: Engine): Promise<void> {
  await run(engine.pulumi, ["cancel", "--yes", "--stack", stackOf(site), "--non-interactive"], {
    cwd: root,
    env: { ...process.env, ...engineEnvironment(root, engine) },
    timeout: 60_000,
  });
}
