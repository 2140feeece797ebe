import { afterEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator, EmulatorOptions, EmulatorPlatform } from "../../../src/lab/emulator/types.ts";
import { connect, open, USERS } from "./client.ts";

const started: Emulator[] = [];

async function boot(platform: EmulatorPlatform, more: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const port = platform === "iosxe" ? "GigabitEthernet1/0/1" : "GigabitEthernet0/0/1";
  const made = await startEmulator({
    platform,
    hostname: "SW1",
    users: USERS,
    ports: [port],
    rebootMs: 150,
    ...more,
  });
  started.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const configure = { iosxe: "configure terminal", vrp: "system-view" } as const;
const addVlan = { iosxe: "vlan 10", vrp: "vlan batch 10" } as const;
const save = { iosxe: ["write memory"], vrp: ["save", "y", ""] } as const;

describe.each(["iosxe", "vrp"] as const)("%s misbehaves when it is told to", (platform) => {
  it("refuses a line with the vendor's own error, and does not carry it out", async () => {
    const device = await boot(platform);
    const typist = await open(device);
    await typist.say(configure[platform]);
    device.faults.refuse.push(/^vlan/);
    const answer = await typist.say(addVlan[platform]);
    expect(answer).toMatch(
      platform === "iosxe"
        ? /^ {12}\^\n% Invalid input detected at '\^' marker\.\n/
        : /^ {5}\^\nError: Unrecognized command found at '\^' position\.\n$/,
    );
    expect(device.running()).not.toMatch(/vlan (batch )?10/);
    device.faults.refuse.length = 0;
    await typist.say(addVlan[platform]);
    expect(device.running()).toMatch(/vlan (batch )?10/);
    typist.end();
  });

  it("hangs at a line, while other sessions go on", async () => {
    const device = await boot(platform, { faults: { hangAt: /^vlan/ } });
    const typist = await open(device);
    await typist.say(configure[platform]);
    typist.type(`${addVlan[platform]}\n`);
    await expect(typist.until(/SW1\S*[#\]]$/, 300)).rejects.toThrow(/no /);
    expect(device.running()).not.toMatch(/vlan (batch )?10/);
    const other = await open(device);
    expect(await other.say(platform === "iosxe" ? "show clock" : "display clock")).toMatch(/\d\d:\d\d:\d\d/);
    other.end();
    typist.end();
  });

  it("drops the session before a line is carried out", async () => {
    const device = await boot(platform, { faults: { dropAt: /^vlan/ } });
    const typist = await open(device);
    await typist.say(configure[platform]);
    typist.type(`${addVlan[platform]}\n`);
    expect(await typist.gone()).toBe(true);
    expect(device.running()).not.toMatch(/vlan (batch )?10/);
  });

  it("drops the session after a line was carried out, so that its answer is lost", async () => {
    const device = await boot(platform, { faults: { dropAfter: /^vlan/ } });
    const typist = await open(device);
    await typist.say(configure[platform]);
    typist.type(`${addVlan[platform]}\n`);
    expect(await typist.gone()).toBe(true);
    expect(device.running()).toMatch(/vlan (batch )?10/);
  });

  it("answers slowly", async () => {
    const device = await boot(platform, { faults: { replyDelayMs: 150 } });
    const typist = await open(device);
    const before = Date.now();
    await typist.say(configure[platform]);
    expect(Date.now() - before).toBeGreaterThanOrEqual(145);
    typist.end();
  });

  it("throws log lines into its answers", async () => {
    const line = "*Aug 20 09:37:40.123: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, changed state to up";
    const device = await boot(platform, { faults: { chatter: [line] } });
    const typist = await open(device);
    const answer = await typist.say(platform === "iosxe" ? "show version | include uptime" : "display clock");
    expect(answer.split("\n")).toContain(line);
    typist.end();
  });

  it("loses power at a line: sessions gone, port closed, and back with what was saved", async () => {
    const device = await boot(platform);
    const other = await open(device);
    for (const line of save[platform]) await other.say(line, /([#>]|\]|:)$/);
    device.faults.powerLossAt = /^vlan/;
    const typist = await open(device);
    await typist.say(configure[platform]);
    await typist.say(platform === "iosxe" ? "hostname LOST" : "sysname LOST");
    typist.type(`${addVlan[platform]}\n`);
    expect(await typist.gone()).toBe(true);
    expect(await other.gone()).toBe(true);
    await expect(connect(device, { readyTimeoutMs: 500 })).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await wait(300);
    expect(device.running()).toBe(device.saved());
    expect(device.running()).not.toContain("LOST");
    const again = await open(device);
    again.end();
  });

  it("comes back on the same port with the same host key after the power was cycled", async () => {
    const device = await boot(platform);
    const { port, hostKey } = device;
    await device.powerCycle();
    expect(device.port).toBe(port);
    const typist = await open(device);
    expect(device.hostKey).toEqual(hostKey);
    typist.end();
  });

  it("refuses a wrong password, and hangs up after three", async () => {
    const device = await boot(platform);
    await expect(open(device, { password: "wrong" })).rejects.toMatchObject({
      level: "client-authentication",
    });
    expect(device.log.some((entry) => entry.kind === "login-refused" && entry.user === "ops")).toBe(true);
  });

  it("takes several sessions at once, each with its own mode", async () => {
    const device = await boot(platform);
    const [one, two] = await Promise.all([open(device), open(device)]);
    await one.say(configure[platform]);
    expect(device.sessions()).toBe(2);
    expect(await two.say(platform === "iosxe" ? "show clock" : "display clock")).toMatch(/\d\d:\d\d:\d\d/);
    one.end();
    two.end();
  });
});

describe("emulators in numbers", () => {
  it("thirty start and answer within a few seconds", async () => {
    const before = Date.now();
    const devices = await Promise.all(
      Array.from({ length: 30 }, (_, index) => boot(index % 2 === 0 ? "iosxe" : "vrp")),
    );
    const startedIn = Date.now() - before;
    expect(new Set(devices.map((one) => one.port)).size).toBe(30);
    expect(new Set(devices.map((one) => one.hostKey.fingerprint)).size).toBe(30);
    expect(startedIn).toBeLessThan(2_000);
  });
});
