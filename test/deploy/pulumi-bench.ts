import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ApplyResult, applySite } from "../../src/deploy/apply-site.ts";
import { ensureEngine } from "../../src/deploy/engine/ensure.ts";
import { planSite } from "../../src/deploy/plan-site.ts";
import { engineEnvironment, stackOf } from "../../src/deploy/stack-environment.ts";
import type { DeployContext, DeploySite } from "../../src/deploy/types.ts";
import type { SitePlan } from "../../src/planner/plan/types.ts";

/** The driver host that the tests' plugin processes load. */
export const TEST_HOST = fileURLToPath(new URL("./test-host.ts", import.meta.url));

/** Lets the driver host of the tests see a site. */
export function putSite(root: string, site: DeploySite): void {
  writeFileSync(join(root, "site.json"), JSON.stringify(site));
}

/** Plans a site live and applies that plan, as `sitewright apply` does. */
export async function planAndApply(
  site: DeploySite,
  context: DeployContext,
  graceSeconds = 30,
): Promise<{ readonly plan: SitePlan; readonly result: ApplyResult }> {
  putSite(context.root, site);
  const plan = await planSite(site, context, { mode: "live" });
  const result = await applySite(site, plan, context, { host: TEST_HOST, operator: "li.wei", graceSeconds });
  return { plan, result };
}

/** Runs a plain `pulumi` command in the workspace, as a person would. */
export async function pulumi(
  root: string,
  site: string,
  args: readonly string[],
  host = TEST_HOST,
): Promise<{ readonly code: number; readonly output: string }> {
  const engine = await ensureEngine(() => undefined);
  const env = { ...process.env, ...engineEnvironment(root, engine), SITEWRIGHT_HOST: host };
  const all = [...args, "--stack", stackOf(site), "--non-interactive"];
  return new Promise((resolve) => {
    execFile(engine.pulumi, all, { cwd: root, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0;
      resolve({ code, output: `${stdout}\n${stderr}` });
    });
  });
}
