import { readFileSync } from "node:fs";
import { pushDevice } from "../../src/deploy/push.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { testDrivers } from "./test-drivers.ts";

/** A process of its own that pushes one device and is killed, as by the kernel, at the moment that a test names.
 *  `node push-child.ts JOB.json`; prints the outcome if it lives. */
export interface ChildJob {
  readonly root: string;
  readonly intent: DeviceIntent;
  readonly graceSeconds: number;
  /** `step:when`, such as `send:done` or `send:command` (its first). */
  readonly killAt: string | undefined;
  /** Lets the check from outside fail, so that the push is rolled back. */
  readonly failCheck?: boolean;
}

const job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ChildJob;
const driver = testDrivers(job.intent.platform);
if (driver?.level !== "full") throw new Error(`no driver for ${job.intent.platform}`);
const context = openContext({
  root: job.root,
  drivers: testDrivers,
  isLab: () => true,
  timeouts: { connectMs: 3000, commandMs: 20_000, keepaliveMs: 2000 },
});
const outcome = await pushDevice(
  {
    intent: job.intent,
    driver,
    operator: "child",
    plan: undefined,
    commandsDigest: undefined,
    graceSeconds: job.graceSeconds,
    checks: job.failCheck ? [{ name: "shop answers", run: () => Promise.reject(new Error("502")) }] : [],
    observe: (step, when) => {
      if (`${step}:${when}` === job.killAt) process.kill(process.pid, "SIGKILL");
    },
  },
  context,
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
