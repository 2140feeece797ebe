import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { watchEngine } from "../../src/deploy/engine-watch.ts";
import type { DriverHost } from "../../src/deploy/host-core.ts";
import { openHost } from "../../src/deploy/host-core.ts";
import type { DeploySite } from "../../src/deploy/types.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { testDrivers } from "./test-drivers.ts";

/** The driver host as Pulumi's plugin loads it in tests: the real one, but its site comes from `site.json` in the
 *  workspace instead of YAML, so that a test can say exactly what a device shall be. */
const root = process.env.SITEWRIGHT_WORKSPACE ?? "";

const host: DriverHost = openHost({
  context: openContext({
    root,
    drivers: testDrivers,
    isLab: () => true,
    timeouts: { connectMs: 3000, commandMs: 20_000, keepaliveMs: 2000 },
  }),
  loadSite: async () => JSON.parse(readFileSync(join(root, "site.json"), "utf8")) as DeploySite,
  operator: process.env.SITEWRIGHT_OPERATOR ?? "test",
  plan: process.env.SITEWRIGHT_PLAN || undefined,
  runFile: process.env.SITEWRIGHT_RUN_FILE || undefined,
  graceSeconds: Number(process.env.SITEWRIGHT_GRACE_SECONDS ?? "60"),
  observe: (_device, step, when) => {
    const here = `${step}:${when}`;
    if (here === process.env.TEST_KILL_AT) killEngine("and us");
    if (here === process.env.TEST_KILL_ENGINE_AT) killEngine("only");
  },
  say: (line) => void process.stderr.write(`${line}\n`),
});

watchEngine({ onGone: () => host.stop(), isBusy: () => host.isBusy() });

/** Ends the engine at once, and this plugin too if told, as a loss of power would: the shell between us is the
 *  engine's child. */
function killEngine(whom: "and us" | "only"): void {
  const shell = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  const engine = Number(shell.slice(shell.lastIndexOf(")") + 2).split(" ")[1]);
  writeFileSync(join(root, "plugin.pid"), String(process.pid));
  process.kill(engine, "SIGKILL");
  if (whom === "and us") process.kill(process.pid, "SIGKILL");
}

export const { check, diff, create, read, update } = host;
const release = host.delete;

export { release as delete };
