import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import type { DeployContext, DeploySite } from "../../src/deploy/types.ts";
import { type DeviceDrift, readSiteDrift } from "../../src/drift/read-drift.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { accessSwitch, CANARY, type SwitchLab, startSwitches } from "../deploy/switches.ts";
import { testDrivers } from "../deploy/test-drivers.ts";

function siteOf(...devices: readonly DeviceIntent[]): DeploySite {
  return {
    id: "acme/hq",
    devices,
    timezone: "Etc/UTC",
    changeWindows: [],
    freezes: [],
    binding: "lab",
    gate: "none",
    parallel: 4,
    links: [],
  };
}

async function adopt(intent: DeviceIntent, context: DeployContext): Promise<void> {
  const driver = testDrivers(intent.platform);
  if (driver?.level !== "full") throw new Error("no driver");
  const outcome = await pushDevice(
    {
      intent,
      driver,
      operator: "test",
      plan: undefined,
      commandsDigest: undefined,
      graceSeconds: 120,
    },
    context,
  );
  expect(outcome).toMatchObject({ result: "done" });
}

async function driftOf(intent: DeviceIntent, context: DeployContext): Promise<DeviceDrift | undefined> {
  return (await readSiteDrift(siteOf(intent), context)).devices[0];
}

/** Path, kind and state of every item: what a person reads first. */
function told(drift: DeviceDrift | undefined): string[] {
  return (drift?.items ?? []).map((item) => `${item.state} ${item.kind} ${item.path.join(" / ")}`);
}

const EDITS = {
  iosxe: {
    vlan: ["vlan 666", "name TEMP"],
    port: ["interface GigabitEthernet1/0/1", "switchport access vlan 20"],
    foreign: ["snmp-server location basement"],
    undo: [
      "no vlan 666",
      "interface GigabitEthernet1/0/1",
      "switchport access vlan 10",
      "no snmp-server location",
    ],
  },
  vrp: {
    vlan: ["vlan batch 666"],
    port: ["interface GigabitEthernet0/0/1", "port default vlan 20"],
    foreign: ["snmp-agent sys-info location basement"],
    undo: ["undo vlan 666"],
  },
} as const;

describe.each(["iosxe", "vrp"] as const)("drift of a %s switch, three ways", (platform) => {
  const edits = EDITS[platform];
  let lab: SwitchLab;
  let context: DeployContext;
  const intent = accessSwitch(platform, 1);
  beforeAll(async () => {
    lab = await startSwitches(platform, [1, 2]);
    context = lab.context();
    await adopt(intent, context);
  });
  afterAll(() => lab.stop());

  it("is clean right after a push", async () => {
    expect(await driftOf(intent, context)).toMatchObject({ state: "clean", items: [] });
  });

  it("calls a device that was never pushed unadopted, and does not call that drift", async () => {
    expect(await driftOf(accessSwitch(platform, 2), context)).toMatchObject({
      state: "unadopted",
      items: [],
    });
  });

  it("names a device that does not answer, and goes on with the rest", async () => {
    const second = accessSwitch(platform, 2);
    await adopt(second, context);
    await lab.emulators.get(2)?.stop();
    const { devices } = await readSiteDrift(siteOf(second, intent), context);
    expect(devices.map((device) => device.state)).toEqual(["unreachable", "clean"]);
    expect(devices[0]?.reason).toBeTruthy();
  });

  it("shows work that waits to be pushed as pending, which is no incident", async () => {
    const changed = accessSwitch(platform, 1, { description: "reception" });
    const drift = await driftOf(changed, context);
    expect(told(drift)).toEqual([expect.stringMatching(/^pending changed interface \S+1 \/ description/)]);
  });

  it("finds a VLAN added by hand, with its values and an urgency, and that nobody saved it", async () => {
    lab.emulators.get(1)?.handEdit(edits.vlan, "mallory");
    const drift = await driftOf(intent, context);
    expect(drift?.state).toBe("drift");
    const added = drift?.items.find((item) => `${item.path.join(" ")} ${item.running}`.includes("666"));
    expect(added).toMatchObject({ state: "unauthorised", managed: true });
    expect(drift?.items.map((item) => [item.kind === "unsaved", item.unsaved])).toEqual(
      drift?.items.map(() => [false, true]),
    );
    expect(drift?.items.every((item) => /^P[1-4]$/.test(item.priority) && item.reason !== "")).toBe(true);
  });

  it("finds a moved port and tells what was applied and what runs", async () => {
    lab.emulators.get(1)?.handEdit(edits.port, "mallory");
    const drift = await driftOf(intent, context);
    const item = drift?.items.find((one) => one.path.some((part) => part.startsWith("interface")));
    expect(item).toMatchObject({ kind: "changed", state: "unauthorised", managed: true });
    expect(item?.applied).toContain("10");
    expect(item?.running).toContain("20");
  });

  it("calls it a conflict where the inventory wants a third thing", async () => {
    const drift = await driftOf(accessSwitch(platform, 1, { accessVlan: 99 }), context);
    const item = drift?.items.find((one) => one.path.some((part) => part.startsWith("interface")));
    expect(item).toMatchObject({ state: "conflict", managed: true });
    expect(item?.intended).toContain("99");
  });

  it("shows a line outside our claims, marked as not ours", async () => {
    lab.emulators.get(1)?.handEdit(edits.foreign, "mallory");
    const drift = await driftOf(intent, context);
    expect(drift?.items.find((one) => one.path.join(" ").includes("location"))).toMatchObject({
      managed: false,
      state: "unauthorised",
    });
  });

  it("never shows a secret", async () => {
    const drift = await driftOf(intent, context);
    expect(JSON.stringify(drift)).not.toContain(CANARY);
    expect(JSON.stringify(drift)).not.toMatch(/\$9\$|\$1c\$/);
  });
});
