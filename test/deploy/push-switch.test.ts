import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { gateway } from "../drivers/intent-fixture.ts";
import { accessSwitch, NEIGHBOUR, type SwitchLab, startSwitches } from "./switches.ts";

describe.each(["iosxe", "vrp"] as const)("pushing an emulated %s switch", (platform) => {
  let lab: SwitchLab;
  let context: DeployContext;

  beforeAll(async () => {
    lab = await startSwitches(platform, [1]);
    context = lab.context();
  });
  afterAll(() => lab.stop());

  const push = (intent: DeviceIntent, graceSeconds = 120) => {
    const driver = driverFor(platform);
    if (driver?.level !== "full") throw new Error(`no driver for ${platform}`);
    const base = { operator: "li.wei", plan: undefined, commandsDigest: undefined };
    return pushDevice({ ...base, intent, driver, graceSeconds }, context);
  };

  test("a first push ends in a receipt, and a second has nothing to do", async () => {
    const first = await push(accessSwitch(platform, 1));
    expect(first, first.reason).toMatchObject({ result: "done" });
    const emulator = lab.emulators.get(1);
    expect(emulator?.running()).toContain("sw-1");
    expect(emulator?.saved()).toBe(emulator?.running());
    expect(await push(accessSwitch(platform, 1))).toMatchObject({ result: "same", receipt: first.receipt });
  });

  test("a line that the device refuses takes the whole change back", async () => {
    const emulator = lab.emulators.get(1);
    if (!emulator) throw new Error("no emulator");
    const before = emulator.running();
    emulator.faults.refuse.push(/description broken/);
    const outcome = await push(
      accessSwitch(platform, 1, { description: "broken", vlans: [10, 20, 77, 99, 998, 999] }),
    );
    emulator.faults.refuse.length = 0;
    expect(outcome).toMatchObject({ result: "rolled-back", code: "PUSH-DEVICE-REFUSED" });
    expect(outcome.reason).toContain("description broken");
    expect(emulator.running()).toBe(before);
    expect(emulator.saved()).toBe(before);
  });

  test("a session that drops in mid-change heals, proved equal to before", async () => {
    const emulator = lab.emulators.get(1);
    if (!emulator) throw new Error("no emulator");
    const before = emulator.running();
    emulator.faults.dropAt = /description dropped/;
    const outcome = await push(accessSwitch(platform, 1, { description: "dropped" }));
    emulator.faults.dropAt = undefined;
    expect(outcome).toMatchObject({ result: "rolled-back" });
    expect(emulator.running()).toBe(before);
  });

  const origin = { file: "inventory/acme/hq/devices/sw-1.yaml", line: 9, column: 3 };
  const ping = (name: string, address: string): CheckIntent => ({
    name,
    kind: "ping",
    address,
    withinSeconds: 1,
    origin,
  });
  const managed = (vlan: number, ...checks: readonly CheckIntent[]): DeviceIntent => ({
    ...accessSwitch(platform, 1, { vlans: [10, 20, 99, 998, 999], accessVlan: vlan }),
    gateways: [{ ...gateway(vlan, "10.1.99.11/24", { management: true }) }],
    checks,
  });

  test("a neighbour that no longer answers takes the change back, one that does lets it stand", async () => {
    const emulator = lab.emulators.get(1);
    if (!emulator) throw new Error("no emulator");
    const before = emulator.running();
    const core = ping("core", NEIGHBOUR);
    const lost = await push(managed(10, core, ping("printer", "10.1.99.77")));
    expect(lost).toMatchObject({ result: "rolled-back", code: "PUSH-CHECK-FAILED" });
    expect(lost.reason).toMatch(/^check printer failed: ping 10\.1\.99\.77: .*\b0\b/);
    expect(emulator.running()).toBe(before);
    const kept = await push(managed(10, core));
    expect(kept, kept.reason).toMatchObject({ result: "done" });
    expect(emulator.running()).toContain("10.1.99.11");
  });
});
