import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit.ts";
import { outcomeReasons } from "../../src/cli/text/outcomes.ts";
import { applySite } from "../../src/deploy/apply-site.ts";
import { planSite } from "../../src/deploy/plan-site.ts";
import { resumeSite } from "../../src/deploy/resume-site.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { mustOnConsole } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import { practiceFirewall, rule, tcp } from "../drivers/linux-common/intents.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { planAndApply, pulumi, putSite, TEST_HOST } from "./pulumi-bench.ts";
import { firewallContext, firewallWorkspace, withKey } from "./real-firewall.ts";
import { siteOf } from "./workspace-fixture.ts";

const reason = await whyNoLab();

describe.skipIf(reason)(
  titled("a real firewall under the real Pulumi engine", reason),
  { timeout: 180_000 },
  () => {
    const options = newLabOptions();
    let state: LabState;
    let context: DeployContext;
    const site = siteOf([withKey(practiceFirewall())]);

    beforeAll(async () => {
      const up = await labUp(officeSite(), options);
      if (!up.ok) throw new Error(JSON.stringify(up.findings));
      state = up.state;
      context = firewallContext(await firewallWorkspace(state));
    });
    afterAll(() => labDown(options));

    const byHand = async (line: string) => (await mustOnConsole(state, "fw", ["/bin/sh", "-c", line])).stdout;

    test("an apply pushes through the engine, and the second plan has nothing to do", async () => {
      const { plan, result } = await planAndApply(site, context);
      expect(plan.devices[0]).toMatchObject({ state: "unadopted", basis: "live" });
      expect(result.devices).toMatchObject([{ device: "acme/office/fw", result: "done" }]);
      expect(result.engineErrors).toEqual([]);
      const again = await planAndApply(site, context);
      expect(again.plan.devices[0]).toMatchObject({ state: "same", commands: [] });
      expect(again.result.devices).toMatchObject([{ result: "same" }]);
    });

    test("a plain refresh shows a hand edit, and a plain refresh hides nothing from the receipt", async () => {
      const receipt = await context.stores.receipts.last("AC-fw");
      const clean = await pulumi(context.root, site.id, ["refresh", "--preview-only", "--expect-no-changes"]);
      expect(clean.code, clean.output).toBe(0);
      await byHand("nft add rule inet sitewright office_to_server tcp dport 3389 accept");
      const seen = await pulumi(context.root, site.id, [
        "refresh",
        "--preview-only",
        "--expect-no-changes",
        "--diff",
      ]);
      expect(seen.code, seen.output).not.toBe(0);
      expect(seen.output).toContain("tcp dport 3389 accept");
      const adopted = await pulumi(context.root, site.id, ["refresh", "--yes", "--skip-preview"]);
      expect(adopted.code, adopted.output).toBe(0);
      expect(await context.stores.receipts.last("AC-fw")).toEqual(receipt);
    });

    test("an apply after the refresh takes the hand edit back", async () => {
      const { result } = await planAndApply(site, context);
      expect(result.devices).toMatchObject([{ result: "done" }]);
      expect(await byHand("nft -s list ruleset")).not.toContain("3389");
    });

    test("a change that cuts what a check asks is taken back, with exit code 5", async () => {
      const before = await byHand("nft -s list ruleset");
      const wider = withKey(practiceFirewall([rule("R0014", { services: [tcp(8080)] })]));
      const origin = { file: "inventory/acme/office/site.yaml", line: 9, column: 3 };
      const isp = { name: "isp", kind: "ping", address: "10.77.20.250", withinSeconds: 1, origin } as const;
      const { result } = await planAndApply(siteOf([{ ...wider, checks: [isp] }]), context);
      expect(result.devices).toMatchObject([{ result: "rolled-back", code: "PUSH-CHECK-FAILED" }]);
      expect(result.devices[0]?.reason).toContain("check isp failed");
      expect(exitCodeOf(outcomeReasons(result.devices))).toBe(5);
      expect(await byHand("nft -s list ruleset")).toBe(before);
    });

    test("a rename, a new address and new hardware are updates of the same resource", async () => {
      const [fw] = site.devices;
      if (!fw) throw new Error("no firewall");
      const urns = async () => (await pulumi(context.root, site.id, ["stack", "--show-urns"])).output;
      const before = (await urns()).match(/urn:pulumi:[^\s]*DeviceConfig::[^\s]+/g);
      const renamed = {
        ...fw,
        id: "acme/office/gate",
        name: "gate",
        model: "linux-firewall-2",
        assetFields: { serial: "NEW-1" },
      };
      const { result } = await planAndApply(siteOf([renamed]), context);
      expect(result.devices).toMatchObject([{ device: "acme/office/gate", result: "done" }]);
      expect((await urns()).match(/urn:pulumi:[^\s]*DeviceConfig::[^\s]+/g)).toEqual(before);
      await planAndApply(site, context);
    });

    test("the state holds no secret and no configuration text", async () => {
      const { output } = await pulumi(context.root, site.id, ["stack", "export"]);
      expect(output).toContain("intendedDigest");
      expect(output).not.toContain("PRIVATE KEY");
      expect(output).not.toContain("table inet");
    });

    test("destroy lets go of the device and changes nothing on it", async () => {
      const before = await byHand("nft -s list ruleset");
      const gone = await pulumi(context.root, site.id, ["destroy", "--yes", "--skip-preview"]);
      expect(gone.code, gone.output).toBe(0);
      expect(await byHand("nft -s list ruleset")).toBe(before);
      expect(await context.stores.receipts.last("AC-fw")).toBeUndefined();
      const { plan, result } = await planAndApply(site, context);
      expect(plan.devices[0]).toMatchObject({ state: "unadopted", commands: [] });
      expect(result.devices).toMatchObject([{ result: "done" }]);
    });

    test("a line that the plan did not foresee stops the push: the plan is stale", async () => {
      const wider = siteOf([withKey(practiceFirewall([rule("R0014", { services: [tcp(8080)] })]))]);
      putSite(context.root, wider);
      const plan = await planSite(wider, context, { mode: "live" });
      await byHand("nft add rule inet sitewright office_to_server tcp dport 3389 accept");
      const result = await applySite(wider, plan, context, { host: TEST_HOST, operator: "li.wei" });
      expect(result.devices).toMatchObject([{ result: "refused", code: "PUSH-STALE-PLAN" }]);
      expect(await byHand("nft -s list ruleset")).toContain("3389");
    });

    test("an engine killed in mid-push leaves locks behind; resume and the next apply settle them", async () => {
      await planAndApply(site, context);
      const wider = siteOf([withKey(practiceFirewall([rule("R0014", { services: [tcp(8080)] })]))]);
      process.env.TEST_KILL_AT = "send:end";
      try {
        const { result } = await planAndApply(wider, context, 120);
        expect(result.devices).toMatchObject([{ result: "refused", code: "PUSH-ENGINE" }]);
      } finally {
        delete process.env.TEST_KILL_AT;
      }
      expect(await byHand("nft -s list ruleset")).toContain("8080");
      const plugin = Number(readFileSync(join(context.root, "plugin.pid"), "utf8"));
      await expect.poll(() => existsSync(`/proc/${plugin}`), { timeout: 20_000 }).toBe(false);
      expect(await resumeSite(wider, context)).toMatchObject([
        { result: "rolled-back", code: "PUSH-KILLED" },
      ]);
      expect(await byHand("nft -s list ruleset")).not.toContain("8080");
      const { result } = await planAndApply(wider, context);
      expect(result.devices).toMatchObject([{ result: "done" }]);
      expect(result.engineErrors).toEqual([]);
      expect(await byHand("nft -s list ruleset")).toContain("8080");
    });
  },
);
