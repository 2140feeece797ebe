import { describe, expect, test } from "vitest";
import type { DeviceInputs } from "../../src/deploy/device-config.ts";
import { spellChecks } from "../../src/deploy/health.ts";
import { approvedPlan, plannedDevice } from "../../src/deploy/planned-device.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import type { CheckIntent } from "../../src/model/intent.ts";
import { buildSitePlan } from "../../src/planner/plan/build-plan.ts";
import { newWorkspace } from "./workspace-fixture.ts";

const origin = { file: "inventory/acme/hq/site.yaml", line: 9, column: 3 };
const isp: CheckIntent = { name: "isp", kind: "ping", address: "203.0.113.1", withinSeconds: 30, origin };
const shop: CheckIntent = {
  name: "shop",
  kind: "tcp",
  address: "10.1.20.7",
  port: 443,
  withinSeconds: 30,
  origin,
};
const inputs: DeviceInputs = {
  schemaVersion: 1,
  device: "acme/hq/fw-1",
  asset: "A-1",
  site: "acme/hq",
  platform: "nftables",
  address: "10.1.99.1",
  model: "",
  serial: "",
  intendedDigest: "sha256:i",
  secretVersions: {},
  commandsDigest: "",
};

/** A plan on record, with its approval, for a device that is kept only if these answer. */
async function approved(...checks: readonly CheckIntent[]) {
  const context = openContext({
    root: newWorkspace(),
    drivers: () => undefined,
    isLab: () => true,
    environment: {},
  });
  const plan = buildSitePlan({
    site: "acme/hq",
    keyId: context.fingerprint.keyId,
    criticality: "medium",
    devices: [
      {
        device: "acme/hq/fw-1",
        asset: "A-1",
        platform: "nftables",
        state: "change",
        basis: "live",
        readAt: "2026-03-07T15:00:00Z",
        commands: ["add rule"],
        rollback: [],
        steps: [],
        items: [],
        unmanaged: 0,
        saved: "same",
        intendedDigest: "sha256:i",
        runningDigest: "hmac-sha256:r",
        commandsDigest: "hmac-sha256:c",
        after: [],
        ...(checks.length > 0 ? { checks: spellChecks(checks) } : {}),
      },
    ],
    actions: [],
    flows: { opened: [], closed: [] },
    findings: [],
    secretVersions: {},
  });
  await context.stores.plans.put(plan.digest, plan);
  const expires = "2026-03-08T15:00:00Z";
  const approval = {
    schemaVersion: 1,
    plan: plan.digest,
    site: plan.site,
    by: "jane",
    at: expires,
    expires,
  } as const;
  await context.stores.approvals.append(approval);
  return { context, digest: plan.digest };
}

describe("the checks of an approved plan", () => {
  test("in another order they are the same checks", async () => {
    const { context, digest } = await approved(isp, shop);
    const wanted = { inputs, checks: spellChecks([shop, isp]) };
    expect((await plannedDevice(digest, wanted, context)).device.asset).toBe("A-1");
    expect((await approvedPlan("acme/hq", wanted, context))?.plan.digest).toBe(digest);
  });

  test.each<[string, readonly CheckIntent[]]>([
    ["taken out of the inventory", [isp]],
    ["that waits longer", [isp, { ...shop, withinSeconds: 300 }]],
    ["that asks another port", [isp, { ...shop, port: 80 }]],
    ["that came later", [isp, shop, { ...isp, name: "dns" }]],
  ])("one %s stops the push of that plan, and its approval counts no more", async (_title, now) => {
    const { context, digest } = await approved(isp, shop);
    const wanted = { inputs, checks: spellChecks(now) };
    await expect(plannedDevice(digest, wanted, context)).rejects.toThrow("its checks changed");
    expect(await approvedPlan("acme/hq", wanted, context)).toBeUndefined();
  });

  test("a plan without checks is the plan of a device that has none", async () => {
    const { context, digest } = await approved();
    expect((await plannedDevice(digest, { inputs, checks: [] }, context)).device.asset).toBe("A-1");
  });
});
