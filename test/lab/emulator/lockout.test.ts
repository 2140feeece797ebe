import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator, EmulatorOptions } from "../../../src/lab/emulator/types.ts";
import { connect, open, USERS } from "./client.ts";

const MINUTE_MS = 300;
const started: Emulator[] = [];
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const IOS = `hostname SW1
ip domain name lab.example
vtp mode transparent
archive
 path flash:cfg-
vlan 99
 name MGMT
interface GigabitEthernet1/0/24
 switchport trunk allowed vlan 10,99
 switchport mode trunk
interface Vlan99
 ip address 10.0.99.12 255.255.255.0
line vty 0 4
 transport input ssh
end
`;

const VRP = `sysname SW2
#
vlan batch 10 99
#
interface Vlanif99
 ip address 10.0.99.13 255.255.255.0
#
interface GigabitEthernet0/0/24
 port link-type trunk
 port trunk allow-pass vlan 10 99
#
stelnet server enable
#
user-interface vty 0 4
 authentication-mode aaa
 protocol inbound ssh
#
return
`;

async function boot(
  options: Partial<EmulatorOptions> & Pick<EmulatorOptions, "platform">,
): Promise<Emulator> {
  const made = await startEmulator({
    hostname: "X",
    users: USERS,
    minuteMs: MINUTE_MS,
    rebootMs: 50,
    clientAddress: "10.0.50.7",
    ...options,
  });
  started.push(made);
  return made;
}

const ios = (): Promise<Emulator> =>
  boot({
    platform: "iosxe",
    config: IOS,
    ports: ["GigabitEthernet1/0/1", "GigabitEthernet1/0/24"],
    management: { address: "10.0.99.12", port: "GigabitEthernet1/0/24" },
  });
const vrp = (): Promise<Emulator> =>
  boot({
    platform: "vrp",
    config: VRP,
    ports: ["GigabitEthernet0/0/1", "GigabitEthernet0/0/24"],
    management: { address: "10.0.99.13", port: "GigabitEthernet0/0/24" },
  });

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

describe("a change that takes the way to the device away locks the operator out", () => {
  it.each([
    ["shuts the management VLAN interface", ["interface Vlan99", "shutdown"]],
    ["gives it another address", ["interface Vlan99", "ip address 10.0.99.14 255.255.255.0"]],
    ["deletes its VLAN", ["no vlan 99"]],
    ["takes its VLAN off the uplink", ["interface gi1/0/24", "switchport trunk allowed vlan remove 99"]],
    ["shuts the uplink", ["interface gi1/0/24", "shutdown"]],
    ["makes the uplink an access port", ["interface gi1/0/24", "switchport mode access"]],
    [
      "filters SSH on the interface",
      [
        "ip access-list extended IN",
        "deny tcp any any eq 22",
        "permit ip any any",
        "interface Vlan99",
        "ip access-group IN in",
      ],
    ],
  ])("IOS-XE: who %s hears nothing more, and new connections vanish", async (_what, lines) => {
    const device = await ios();
    const typist = await open(device);
    device.handEdit(lines);
    expect(device.reachable()).toBe(false);
    typist.type("show clock\n");
    await expect(typist.until(/#$/, 250)).rejects.toThrow(/no /);
    expect(typist.closed).toBe(false);
    await expect(connect(device, { readyTimeoutMs: 250 })).rejects.toMatchObject({ level: "client-timeout" });
    typist.end();
  });

  it.each([
    ["closes the terminal lines to SSH", ["line vty 0 4", "transport input none"]],
    [
      "lets other sources in only",
      [
        "ip access-list standard MGMT",
        "permit 10.0.99.0 0.0.0.255",
        "line vty 0 4",
        "access-class MGMT in vrf-also",
      ],
    ],
    ["destroys the host keys", ["crypto key zeroize rsa"]],
  ])("IOS-XE: who %s keeps the session that is open, and gets no other", async (_what, lines) => {
    const device = await ios();
    const typist = await open(device);
    device.handEdit(lines);
    expect(await typist.say("show clock")).toMatch(/\d\d:\d\d/);
    await expect(connect(device, { readyTimeoutMs: 500 })).rejects.toThrow(/ECONNRESET|Connection lost/);
    expect(device.reachable()).toBe(false);
    typist.end();
  });

  it("IOS-XE: a list that lets the client in does no harm, and the client's address decides", async () => {
    const device = await ios();
    device.handEdit([
      "ip access-list standard MGMT",
      "permit 10.0.50.0 0.0.0.255",
      "line vty 0 4",
      "access-class MGMT in vrf-also",
    ]);
    (await open(device)).end();
    device.setClientAddress("10.0.51.7");
    expect(device.reachable()).toBe(false);
  });

  it("IOS-XE: the revert timer heals it, and the dead session speaks again", async () => {
    const device = await ios();
    const before = device.running();
    const typist = await open(device);
    await typist.say("configure terminal revert timer 1");
    await typist.say("interface Vlan99");
    typist.type("shutdown\n");
    await wait(50);
    expect(device.reachable()).toBe(false);
    await typist.until(/Rollback Confirmed Change: rolling to:/, 3_000);
    expect(device.running()).toBe(before);
    (await open(device)).end();
    typist.end();
  });

  it.each([
    ["shuts the management VLAN interface", ["interface Vlanif99", "shutdown"]],
    ["gives it another address", ["interface Vlanif99", "ip address 10.0.99.14 24"]],
    ["takes its VLAN off the uplink", ["interface g0/0/24", "undo port trunk allow-pass vlan 99"]],
    ["shuts the uplink", ["interface g0/0/24", "shutdown"]],
  ])("VRP: who %s hears nothing more, and new connections vanish", async (_what, lines) => {
    const device = await vrp();
    const typist = await open(device);
    device.handEdit(lines);
    typist.type("display clock\n");
    await expect(typist.until(/>$/, 250)).rejects.toThrow(/no /);
    await expect(connect(device, { readyTimeoutMs: 250 })).rejects.toMatchObject({ level: "client-timeout" });
    typist.end();
  });

  it.each([
    ["stops the SSH service", ["undo stelnet server enable"]],
    ["closes the terminal lines to SSH", ["user-interface vty 0 4", "protocol inbound telnet"]],
    [
      "lets other sources in only",
      [
        "acl 2000",
        "rule permit source 10.0.99.0 0.0.0.255",
        "rule deny",
        "user-interface vty 0 4",
        "acl 2000 inbound",
      ],
    ],
    ["destroys the host keys", ["rsa local-key-pair destroy"]],
  ])("VRP: who %s keeps the session that is open, and gets no other", async (_what, lines) => {
    const device = await vrp();
    const typist = await open(device);
    device.handEdit(lines);
    expect(await typist.say("display clock")).toMatch(/\d\d:\d\d/);
    await expect(connect(device, { readyTimeoutMs: 500 })).rejects.toThrow(/ECONNRESET|Connection lost/);
    typist.end();
  });

  it("VRP: a scheduled reboot heals it, because nothing was saved", async () => {
    const device = await vrp();
    const typist = await open(device);
    typist.type("schedule reboot delay 1\ny\n");
    await typist.until(/\[Y\/N\]:y\n<SW2>$/);
    device.handEdit(["interface Vlanif99", "shutdown"]);
    expect(device.reachable()).toBe(false);
    await wait(MINUTE_MS + 300);
    expect(device.reachable()).toBe(true);
    (await open(device)).end();
    typist.end();
  });
});

describe("what a device keeps between processes", () => {
  it.each(["iosxe", "vrp"] as const)("%s: running, saved, host key and timers", async (platform) => {
    const stateFolder = mkdtempSync(join(tmpdir(), "emulator-"));
    const options = { platform, stateFolder, config: platform === "iosxe" ? IOS : VRP } as const;
    const one = await boot(options);
    const typist = await open(one);
    for (const line of platform === "iosxe" ? ["reload in 2", "no", ""] : ["schedule reboot delay 2", "y"]) {
      await typist.say(line, /([#>]|\]: |:|confirm\])$/);
    }
    one.handEdit([platform === "iosxe" ? "vlan 77" : "vlan batch 77"]);
    const running = one.running();
    const saved = one.saved();
    typist.end();
    await one.stop();
    const two = await boot(options);
    expect(two.running()).toBe(running);
    expect(two.saved()).toBe(saved);
    expect(two.hostKey).toEqual(one.hostKey);
    await wait(2 * MINUTE_MS + 300);
    expect(two.running()).not.toMatch(/vlan (batch )?(.* )?77/);
    await two.stop();
  });

  it("a fresh start has nothing saved, and a startup text counts as saved", async () => {
    expect((await boot({ platform: "iosxe" })).saved()).toBe("");
    expect((await boot({ platform: "vrp" })).saved()).toBe("");
    const device = await ios();
    expect(device.saved()).not.toBe("");
    await device.powerCycle();
    expect(device.running()).toContain("interface Vlan99\n ip address 10.0.99.12 255.255.255.0\n");
  });

  it("tells which lines of the startup text the device refused", async () => {
    const device = await boot({
      platform: "iosxe",
      config: "hostname A\nno such command\ninterface GigabitEthernet9/9/9\n",
    });
    const refused = device.log.filter((entry) => entry.kind === "boot-refused").map((entry) => entry.text);
    expect(refused).toEqual(["no such command", "interface GigabitEthernet9/9/9"]);
  });
});

describe("logging in", () => {
  it("takes a public key that the account lists, and no other", async () => {
    const pair = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    const stranger = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    const device = await boot({
      platform: "iosxe",
      users: [{ name: "ops", publicKeys: [pair.public], privilege: 15 }],
    });
    (await open(device, { privateKey: pair.private })).end();
    await expect(open(device, { privateKey: stranger.private })).rejects.toMatchObject({
      level: "client-authentication",
    });
  });

  it("takes the local accounts of IOS-XE by their hashed secrets", async () => {
    const device = await boot({ platform: "iosxe", config: IOS });
    device.handEdit(["username li privilege 15 secret Very-secret-1"]);
    const typist = await open(device, { username: "li", password: "Very-secret-1" });
    expect(await typist.say("show privilege")).toBe("Current privilege level is 15\n");
    typist.end();
    await expect(open(device, { username: "li", password: "Very-secret-2" })).rejects.toMatchObject({
      level: "client-authentication",
    });
  });

  it("listens on a Unix socket where it is told to", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "emulator-")), "sw1.sock");
    const device = await boot({ platform: "vrp", listen: path });
    expect(device.host).toBe(path);
    const { createConnection } = await import("node:net");
    const client = new ssh2.Client();
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).once("error", reject);
      client.connect({ sock: createConnection(path), username: "ops", password: "ops-password" });
    });
    client.end();
  });
});
