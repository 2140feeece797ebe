import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeployContext } from "../../../src/deploy/types.ts";
import { type DeviceDrift, readSiteDrift } from "../../../src/drift/read-drift.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import { accessSwitch, CANARY, type SwitchLab } from "../../deploy/switches.ts";
import { siteOf } from "../../deploy/workspace-fixture.ts";
import { FIRST_PORT, startPushed, typeAs } from "./pushed-switch.ts";

/** What is typed to describe the second port. */
const SECOND_PORT = {
  iosxe: ["configure terminal", "interface GigabitEthernet1/0/2", "description lift", "end"],
  vrp: ["system-view", "interface GigabitEthernet0/0/2", "description lift", "return"],
} as const;

describe.each(["iosxe", "vrp"] as const)("who changed a %s switch", (platform) => {
  const words = FIRST_PORT[platform];
  let lab: SwitchLab;
  let context: DeployContext;
  const intent: DeviceIntent = accessSwitch(platform, 1);

  beforeAll(async () => {
    ({ lab, context } = await startPushed(platform, intent));
  });
  afterAll(() => lab.stop());

  const types = (username: string, from: string, lines: readonly string[]) =>
    typeAs(lab, username, lines, from);
  const drift = async (): Promise<DeviceDrift | undefined> =>
    (await readSiteDrift(siteOf([intent]), context)).devices[0];
  const itemAbout = (found: DeviceDrift | undefined, word: string) =>
    found?.items.find((item) => `${item.path.join(" ")} ${item.running}`.includes(word));

  it("is the one whose command the device recorded, with time and address", async () => {
    const before = Date.now();
    await types("alice", "10.1.99.77", words.moved);
    const item = itemAbout(await drift(), platform === "iosxe" ? "vlan 20" : "20");
    expect(item).toMatchObject({ by: { name: "alice", confidence: "named" }, from: "10.1.99.77" });
    const at = Date.parse(item?.at ?? "");
    expect(at).toBeGreaterThanOrEqual(before - 1000);
    expect(at).toBeLessThanOrEqual(Date.now() + 1000);
    expect(item?.evidence).toContain("vlan 20");
  });

  it("is told apart change by change when two people changed different things", async () => {
    await types("bob", "10.1.99.78", SECOND_PORT[platform]);
    const found = await drift();
    expect(itemAbout(found, "lift")).toMatchObject({ by: { name: "bob", confidence: "named" } });
    expect(itemAbout(found, "vlan 20")).toMatchObject({ by: { name: "alice", confidence: "named" } });
    expect(found?.items.map((item) => [item.kind === "unsaved", item.unsaved])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it("is nobody where two people typed the very same", async () => {
    await types("bob", "10.1.99.78", words.moved);
    const item = itemAbout(await drift(), "vlan 20");
    expect(item?.by).toEqual({ name: undefined, confidence: "unknown" });
    expect(item?.evidence).toMatch(/alice[\s\S]*bob/);
  });

  it("is not somebody who was there before the last reading that found nothing", async () => {
    const [head, port = "", , end] = SECOND_PORT[platform];
    const told = (text: string) => [head, port, `description ${text}`, end];
    await types("alice", "10.1.99.77", told("lift"));
    await types("alice", "10.1.99.77", told("user 2"));
    await types("bob", "10.1.99.78", words.back);
    // Logs of whole seconds: what was typed in the very second of the reading counts as after it.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const clean = await drift();
    expect(clean).toMatchObject({ state: "clean" });
    await types("bob", "10.1.99.78", told("lift"));
    expect(itemAbout(await drift(), "lift")).toMatchObject({ by: { name: "bob", confidence: "named" } });
  });

  it("never lets a password out of the log", async () => {
    expect(JSON.stringify(await drift())).not.toContain(CANARY);
  });
});
