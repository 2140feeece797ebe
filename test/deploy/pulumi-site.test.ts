import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applySite } from "../../src/deploy/apply-site.ts";
import { cancelStack } from "../../src/deploy/cancel-stack.ts";
import { destroySite } from "../../src/deploy/destroy-site.ts";
import { ensureEngine } from "../../src/deploy/engine/ensure.ts";
import { planSite } from "../../src/deploy/plan-site.ts";
import { unlockSite } from "../../src/deploy/resume-site.ts";
import type { DeployContext, DeploySite } from "../../src/deploy/types.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { planAndApply, pulumi, putSite, TEST_HOST } from "./pulumi-bench.ts";
import { accessSwitch, CANARY, managedSwitch, type SwitchLab, startSwitches } from "./switches.ts";
import { siteOf } from "./workspace-fixture.ts";

const COUNT = 30;
const DEAD = 7;
const STUBBORN = 19;
const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);

/** Names as the outcomes have them. */
const named = (number: number) => `acme/hq/sw-${number}`;

describe("a site of 30 switches under the real Pulumi engine, one dead and one that refuses a line", {
  timeout: 180_000,
}, () => {
  let lab: SwitchLab;
  let context: DeployContext;
  const before = new Map<number, string>();
  const site: DeploySite = siteOf(numbers.map((number) => accessSwitch("iosxe", number)));

  beforeAll(async () => {
    lab = await startSwitches("iosxe", numbers);
    context = lab.context();
    for (const [number, emulator] of lab.emulators) before.set(number, emulator.running());
    await lab.emulators.get(DEAD)?.stop();
    lab.emulators.get(STUBBORN)?.faults.refuse.push(/^name net-20/);
  });
  afterAll(() => lab.stop());

  test("28 are done, the two are named with the reason, nothing is half-pushed", async () => {
    const { plan, result } = await planAndApply(site, context, 120);
    expect(plan.devices.filter((device) => device.state === "unreachable")).toMatchObject([
      { device: named(DEAD) },
    ]);
    const ended = Map.groupBy(result.devices, (device) => device.result);
    expect(ended.get("done")?.length, JSON.stringify(result, undefined, 1)).toBe(COUNT - 2);
    expect(ended.get("unreachable")).toMatchObject([{ device: named(DEAD) }]);
    expect(ended.get("rolled-back")).toMatchObject([
      { device: named(STUBBORN), code: "PUSH-DEVICE-REFUSED" },
    ]);
    expect(ended.get("rolled-back")?.[0]?.reason).toContain("name net-20");
    const now = lab.emulators.get(STUBBORN)?.running() ?? "";
    expect(driverFor("iosxe")?.compare(before.get(STUBBORN) ?? "", now, { kind: "full" })).toEqual([]);
    expect(now).not.toMatch(/^vlan 10$/m);
  });

  test("the next apply goes on with those that are left", async () => {
    const stubborn = lab.emulators.get(STUBBORN);
    if (stubborn) stubborn.faults.refuse.length = 0;
    const { result } = await planAndApply(site, context, 120);
    const ended = Map.groupBy(result.devices, (device) => device.result);
    expect(ended.get("done")).toMatchObject([{ device: named(STUBBORN) }]);
    expect(ended.get("same")?.length).toBe(COUNT - 2);
  });

  test("a device that runs what is intended and was not saved is saved, said beforehand, and once", async () => {
    const switch5 = lab.emulators.get(5);
    switch5?.handEdit(["service call-home"], "zhang.san");
    const first = await planAndApply(site, context, 120);
    const planned = first.plan.devices.find((device) => device.device === named(5));
    expect(planned).toMatchObject({ state: "change", commands: [], saved: "differs" });
    expect(first.plan.risk.reasons).toContainEqual(expect.objectContaining({ code: "RISK-UNSAVED" }));
    expect(first.result.devices.filter((device) => device.result === "done")).toMatchObject([
      { device: named(5) },
    ]);
    const { plan, result } = await planAndApply(site, context, 120);
    expect(plan.devices.find((device) => device.device === named(5))).toMatchObject({
      state: "same",
      saved: "same",
    });
    expect(result.devices.every((device) => device.result !== "done")).toBe(true);
  });

  test("the same hand edit, made again after it was repaired, is repaired again; a plan applied twice is done once", async () => {
    const switch6 = lab.emulators.get(6);
    const port = (vlan: number) => [`interface GigabitEthernet1/0/1`, `switchport access vlan ${vlan}`];
    for (const night of ["first", "second"]) {
      switch6?.handEdit(port(20), "zhang.san");
      const { plan, result } = await planAndApply(site, context, 120);
      expect(plan.devices.find((device) => device.device === named(6))?.commands, night).not.toEqual([]);
      expect(result.devices.find((device) => device.device === named(6))?.result, night).toBe("done");
      expect(switch6?.running()).toContain("switchport access vlan 10");
      const again = await applySite(site, plan, context, { host: TEST_HOST, operator: "test" });
      expect(again.devices.find((device) => device.device === named(6))?.result, night).toBe("same");
    }
  });

  test("a plan of one device pushes that device alone", async () => {
    const wider = siteOf(
      numbers.map((number) => accessSwitch("iosxe", number, { vlans: [10, 20, 30, 99, 998, 999] })),
    );
    putSite(context.root, wider);
    const plan = await planSite(wider, context, { mode: "live", only: new Set([named(3)]) });
    expect(plan.devices.map((device) => device.device)).toEqual([named(3)]);
    const result = await applySite(wider, plan, context, { host: TEST_HOST, operator: "li.wei" });
    expect(result.devices).toMatchObject([{ device: named(3), result: "done" }]);
    expect(lab.emulators.get(3)?.running()).toContain("vlan 30");
    expect(lab.emulators.get(4)?.running()).not.toContain("vlan 30");
    putSite(context.root, site);
  });

  test("an engine killed alone: pushes under way end with their receipts, no other starts, and the plugin ends", async () => {
    const last = siteOf(
      numbers.map((number) => accessSwitch("iosxe", number, { description: "after the engine" })),
      { parallel: 2 },
    );
    process.env.TEST_KILL_ENGINE_AT = "arm:begin";
    try {
      await planAndApply(last, context, 120);
    } finally {
      delete process.env.TEST_KILL_ENGINE_AT;
    }
    const plugin = Number(readFileSync(join(context.root, "plugin.pid"), "utf8"));
    await expect.poll(() => isAlive(plugin), { timeout: 60_000, interval: 200 }).toBe(false);
    expect(await context.stores.journal.allOpen()).toEqual([]);
    const moved = [...lab.emulators.values()].filter((emulator) =>
      emulator.running().includes("after the engine"),
    );
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThanOrEqual(4);
    const { result } = await planAndApply(last, context, 120);
    const ended = Map.groupBy(result.devices, (device) => device.result);
    expect((ended.get("done")?.length ?? 0) + (ended.get("same")?.length ?? 0), JSON.stringify(result)).toBe(
      COUNT - 1,
    );
  });

  test("unlock releases Pulumi's lock of a process that is gone and says whose it was; a living one's stays", async () => {
    const engine = await ensureEngine(() => undefined);
    const folder = join(context.root, ".sitewright/pulumi/.pulumi/locks/organization/sitewright/acme.hq");
    mkdirSync(folder, { recursive: true });
    const lock = { username: "li.wei", hostname: hostname(), timestamp: "2026-03-01T00:00:00Z" };
    const put = (pid: number) => writeFileSync(join(folder, "x.json"), JSON.stringify({ ...lock, pid }));
    const unlock = () =>
      unlockSite(site, context, { force: false, cancel: () => cancelStack(context.root, site.id, engine) });
    put(process.pid);
    expect(await unlock()).toMatchObject([{ kind: "state", stale: false, released: false }]);
    put(2 ** 22 + 1);
    expect(await unlock()).toMatchObject([
      {
        kind: "state",
        name: "acme.hq",
        stale: true,
        released: true,
        holder: expect.stringContaining("li.wei"),
      },
    ]);
    expect(await unlock()).toEqual([]);
  });

  test("no secret in clear is found in plans, state, journal, archive, receipts or the state's export", async () => {
    const { output } = await pulumi(context.root, site.id, ["stack", "export", "--show-secrets"]);
    expect(output).toContain("intendedDigest");
    expect(output).not.toContain(CANARY);
    const files = filesBelow(join(context.root, ".sitewright"));
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) expect(readFileSync(file).includes(CANARY), file).toBe(false);
  });

  test("destroy releases every device and touches none", async () => {
    const running = new Map([...lab.emulators].map(([number, emulator]) => [number, emulator.running()]));
    const logged = [...lab.emulators.values()].map((emulator) => emulator.log.length);
    const outcomes = await destroySite(site.id, context, { host: TEST_HOST, operator: "li.wei" });
    expect(outcomes.map((outcome) => outcome.result)).toEqual(
      Array.from({ length: COUNT - 1 }, () => "released"),
    );
    expect(await context.stores.receipts.ofSite(site.id)).toEqual([]);
    expect([...lab.emulators.values()].map((emulator) => emulator.log.length)).toEqual(logged);
    for (const [number, emulator] of lab.emulators) expect(emulator.running()).toBe(running.get(number));
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a switch that moves to another management address under the real Pulumi engine", {
  timeout: 180_000,
}, () => {
  let lab: SwitchLab;
  beforeAll(async () => {
    lab = await startSwitches("iosxe", [1], 60_000, [], "10.1.99.12");
  });
  afterAll(() => lab.stop());

  test("the move is an update of the same resource", async () => {
    const context = lab.context();
    const old = siteOf([managedSwitch("iosxe", "10.1.99.11")]);
    const resources = async () => {
      const { output } = await pulumi(context.root, old.id, ["stack", "export"]);
      const state = JSON.parse(output) as {
        deployment: { resources: { urn: string; id?: string; created?: string; outputs?: unknown }[] };
      };
      return state.deployment.resources.filter((resource) => resource.urn.includes("DeviceConfig::"));
    };
    const first = await planAndApply(old, context, 120);
    expect(first.result.devices).toMatchObject([{ result: "done" }]);
    const [before] = await resources();
    const moved = await planAndApply(siteOf([managedSwitch("iosxe", "10.1.99.12")]), context, 120);
    expect(moved.plan.devices[0]?.commands.slice(-2)).toEqual([
      "ip address 10.1.99.12 255.255.255.0",
      "exit",
    ]);
    expect(moved.result.devices).toMatchObject([{ result: "done" }]);
    const [after, ...others] = await resources();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ urn: before?.urn, id: before?.id, created: before?.created });
    expect(after?.outputs).not.toEqual(before?.outputs);
    expect(lab.emulators.get(1)?.saved()).toContain("ip address 10.1.99.12 ");
  });
});
