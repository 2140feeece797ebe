import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import { resumeDevice } from "../../src/deploy/resume.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { KILL_POINTS, pushInChild, UNDO_KILL_POINTS } from "./kill.ts";
import { accessSwitch, type SwitchLab, startSwitches } from "./switches.ts";

/** On switches, the moments at which the device itself is in another state than before. */
const POINTS = KILL_POINTS.filter((point) => !/^(read|recompute|archive|re-read):/.test(point));

describe.each(["iosxe", "vrp"] as const)(
  "a push of an emulated %s switch killed at any step",
  { timeout: 60_000 },
  (platform) => {
    let lab: SwitchLab;
    let context: DeployContext;
    const old = accessSwitch(platform, 1);
    const wider = accessSwitch(platform, 1, { description: "moved", accessVlan: 20 });
    const driver = driverFor(platform);

    beforeAll(async () => {
      lab = await startSwitches(platform, [1], 2_000);
      context = lab.context();
      await settle(old);
    });
    afterAll(() => lab.stop());

    const settle = async (intent: DeviceIntent) => {
      if (driver?.level !== "full") throw new Error(`no driver for ${platform}`);
      const base = { operator: "li.wei", plan: undefined, commandsDigest: undefined };
      const outcome = await pushDevice({ ...base, intent, driver, graceSeconds: 3600 }, context);
      expect(["done", "same"], outcome.reason).toContain(outcome.result);
    };
    const running = () => lab.emulators.get(1)?.running() ?? "";

    test.each(POINTS)(
      "killed at %s: resume reaches the old or the new state, locks included",
      async (killAt) => {
        await settle(old);
        const before = running();
        const child = await pushInChild({ root: lab.root, intent: wider, graceSeconds: 3600, killAt });
        expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
        const outcome = await resumeDevice(old.asset, context);
        if (outcome?.result === "done") {
          expect(running()).toContain("description moved");
          expect((await context.stores.receipts.last(old.asset))?.id).toBe(outcome.receipt);
        } else {
          expect(outcome?.result, outcome?.reason).toBe("rolled-back");
          expect(driver?.compare(before, running(), { kind: "full" })).toEqual([]);
        }
        expect(lab.emulators.get(1)?.saved()).toBe(running());
        expect(await context.stores.journal.open(old.asset)).toBeUndefined();
        expect(await context.stores.locks.list()).toEqual([]);
      },
    );

    test.each(UNDO_KILL_POINTS)("an undoing killed at %s is undone all the same", async (killAt) => {
      await settle(old);
      const before = running();
      const job = { root: lab.root, intent: wider, graceSeconds: 3600, killAt, failCheck: true };
      const child = await pushInChild(job);
      expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
      const outcome = await resumeDevice(old.asset, context);
      expect(outcome?.result, outcome?.reason).toBe("rolled-back");
      expect(driver?.compare(before, running(), { kind: "full" })).toEqual([]);
      expect(await context.stores.journal.open(old.asset)).toBeUndefined();
      expect(await context.stores.locks.list()).toEqual([]);
    });
  },
);
