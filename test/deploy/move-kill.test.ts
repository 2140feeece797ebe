import { describe, expect, test } from "vitest";
import { KILL_POINTS, pushInChild, UNDO_KILL_POINTS } from "./kill.ts";
import { NEW, startMove } from "./move-bench.ts";

describe.each(["iosxe", "vrp"] as const)(
  "a push that moves an emulated %s switch to another management address, killed at any step",
  { timeout: 180_000, concurrent: true },
  (platform) => {
    test.for(KILL_POINTS)(
      "killed at %s: resume reaches the old or the new address, locks included",
      async (killAt, { onTestFinished }) => {
        const bench = await startMove(platform);
        onTestFinished(() => bench.stop());
        const job = { root: bench.root, intent: bench.intentAt(NEW), graceSeconds: 3600, killAt };
        const child = await pushInChild(job);
        expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
        const outcome = await bench.resume();
        const confirms = KILL_POINTS.indexOf(killAt) >= KILL_POINTS.indexOf("confirm:begin");
        expect(outcome?.result, outcome?.reason).toBe(confirms ? "done" : "rolled-back");
        await (confirms ? bench.expectMoved() : bench.expectUnmoved());
      },
    );

    test.for(UNDO_KILL_POINTS)(
      "an undoing killed at %s is undone all the same",
      async (killAt, { onTestFinished }) => {
        const bench = await startMove(platform);
        onTestFinished(() => bench.stop());
        const job = { root: bench.root, intent: bench.intentAt(NEW), graceSeconds: 3600, killAt };
        const child = await pushInChild({ ...job, failCheck: true });
        expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
        const outcome = await bench.resume();
        expect(outcome?.result, outcome?.reason).toBe("rolled-back");
        await bench.expectUnmoved();
      },
    );
  },
);
