import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { driverFor, isFullDriver } from "../../src/drivers/registry.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { eachSite } from "../../src/inventory/resolve/resolve.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { reveal, targetOf } from "./push-bench.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const workspace = await readWorkspace(ROOT);
const switches: DeviceIntent[] = [];
for (const { site } of eachSite(workspace)) {
  for (const intent of site?.devices ?? []) {
    if (intent.platform === "iosxe" || intent.platform === "vrp") switches.push(intent);
  }
}

const running: Emulator[] = [];
afterAll(async () => {
  for (const emulator of running) await emulator.stop();
});

test("the samples hold switches of both vendors", () => {
  expect(new Set(switches.map((intent) => intent.platform))).toEqual(new Set(["iosxe", "vrp"]));
  expect(switches.length).toBeGreaterThanOrEqual(10);
});

describe.each(switches.map((intent) => ({ id: intent.id, intent })))("$id", ({ intent }) => {
  const driver = driverFor(intent.platform);
  if (!driver || !isFullDriver(driver)) throw new Error(`no driver for ${intent.platform}`);
  const rendered = driver.render(intent);

  test("renders without a refusal, and every line is understood", () => {
    expect(rendered.findings).toEqual([]);
    expect(driver.parse(rendered.config).unknown).toEqual([]);
  });

  test("goes from the factory to what the inventory says, and then there is nothing to do", async () => {
    const ports = [...rendered.config.matchAll(/^interface ((?!Vlan|Port-channel|Eth-Trunk)\S+)$/gm)];
    const emulator = await startEmulator({
      platform: intent.platform as "iosxe" | "vrp",
      hostname: "fresh",
      users: [{ name: "ops", password: "pw", privilege: 15 }],
      ports: ports.map((match) => match[1] ?? ""),
    });
    running.push(emulator);
    const session = await driver.connect(targetOf(emulator, { expectHostname: undefined as never }));
    await session.save();
    const before = await session.read();
    const change = driver.change(before.text, rendered.config, { scope: rendered.scope });
    await session.arm({ token: "sample", graceSeconds: 600, running: before.text, change });
    await session.send(change, reveal);
    await session.confirm("sample");
    const after = await session.read();
    await session.close();
    expect(driver.compare(change.predicted, after.text, { kind: "full" })).toEqual([]);
    expect(driver.change(after.text, rendered.config, { scope: rendered.scope }).commands).toEqual([]);
  });
});
