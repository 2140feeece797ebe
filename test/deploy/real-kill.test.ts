import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import { resumeDevice } from "../../src/deploy/resume.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { nftables } from "../../src/drivers/nftables/index.ts";
import { mustOnConsole } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { practiceFirewall, rule, tcp } from "../drivers/linux-common/intents.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { KILL_POINTS, pushInChild, UNDO_KILL_POINTS } from "./kill.ts";
import { firewallContext, firewallWorkspace, withKey } from "./real-firewall.ts";

const reason = await whyNoLab();

describe.skipIf(reason)(
  titled("a push of a real firewall killed at any step", reason),
  { timeout: 180_000 },
  () => {
    const options = newLabOptions();
    let state: LabState;
    let root: string;
    let context: DeployContext;
    const old = withKey(practiceFirewall());
    const wider = withKey(practiceFirewall([rule("R0014", { services: [tcp(8080)] })]));

    beforeAll(async () => {
      const up = await labUp(officeSite(), options);
      if (!up.ok) throw new Error(JSON.stringify(up.findings));
      state = up.state;
      root = await firewallWorkspace(state);
      context = firewallContext(root);
      await settle(old);
    });
    afterAll(() => labDown(options));

    const byHand = async (line: string) => (await mustOnConsole(state, "fw", ["/bin/sh", "-c", line])).stdout;
    const ruleset = () => byHand("nft -s list ruleset");
    const settle = async (intent: DeviceIntent) => {
      const outcome = await pushDevice(
        {
          intent,
          driver: nftables,
          operator: "li.wei",
          plan: undefined,
          commandsDigest: undefined,
          graceSeconds: 60,
        },
        context,
      );
      expect(["done", "same"]).toContain(outcome.result);
    };

    test.each(KILL_POINTS)(
      "killed at %s: resume reaches the old or the new state, locks included",
      async (killAt) => {
        await settle(old);
        const before = await ruleset();
        const child = await pushInChild({ root, intent: wider, graceSeconds: 60, killAt });
        expect(child, child.stderr).toMatchObject({ signal: "SIGKILL" });
        const outcome = await resumeDevice(old.asset, context);
        const after = await ruleset();
        const receipt = await context.stores.receipts.last(old.asset);
        if (outcome?.result === "done") {
          expect(after).toContain("8080");
          expect(receipt?.id).toBe(outcome.receipt);
        } else {
          expect(outcome?.result).toBe("rolled-back");
          expect(after).toBe(before);
        }
        expect(await context.stores.journal.open(old.asset)).toBeUndefined();
        expect(await context.stores.locks.list()).toEqual([]);
        expect(await byHand("ls /run/sitewright 2>/dev/null | grep -xE 'lock|pending' || :")).toBe("");
      },
    );

    test("the next push settles what a killed one left and goes on", async () => {
      await settle(old);
      await pushInChild({ root, intent: wider, graceSeconds: 60, killAt: "send:done" });
      await settle(wider);
      expect(await ruleset()).toContain("8080");
    });

    test.each(UNDO_KILL_POINTS)("an undoing killed at %s is undone all the same", async (killAt) => {
      await settle(old);
      const before = await ruleset();
      const child = await pushInChild({ root, intent: wider, graceSeconds: 60, killAt, failCheck: true });
      expect(child, child.stderr).toMatchObject({ signal: "SIGKILL" });
      expect(await resumeDevice(old.asset, context)).toMatchObject({ result: "rolled-back" });
      expect(await ruleset()).toBe(before);
      expect(await context.stores.journal.open(old.asset)).toBeUndefined();
      expect(await byHand("ls /run/sitewright 2>/dev/null | grep -xE 'lock|pending' || :")).toBe("");
    });
  },
);
