import { readFileSync } from "node:fs";
import { pushDevice } from "../../src/deploy/push.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { testDrivers } from "./test-drivers.ts";

/** A process of its own that pushes one device and is killed, as by the kernel, at the moment that a test names.
 *  `node push-child.ts JOB.json`; prints the outcome if it lives. */
export interface ChildJob {
  readonly root: string;
  readonly intent: DeviceIntent;
  readonly graceSeconds: number;
  /** `step:when`, such as `send:done` or `send:command` (its first). */
  readonly killAt: string | undefined;
  /** Gives the device a check that cannot succeed, so that the push is rolled back. */
  readonly failCheck?: boolean;
}

const nobody: CheckIntent = {
  name: "nobody",
  kind: "ping",
  address: "192.0.2.1",
  withinSeconds: 1,
  origin: { file: "site.yaml", line: 1, column: 1 },
};
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
    intent: job.failCheck ? { ...job.intent, checks: [nobody] } : job.intent,
    driver,
    operator: "child",
    plan: undefined,
    commandsDigest: undefined,
    graceSeconds: job.graceSeconds,
    observe: (step, when) => {
      if (`${step}:${when}` === job.killAt) process.kill(process.pid, "SIGKILL");
    },
  },
  context,
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
