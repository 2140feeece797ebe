import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";
import { open, type Typist, USERS } from "./client.ts";

const MINUTE_MS = 400;
let device: Emulator;
let typist: Typist;

beforeEach(async () => {
  device = await startEmulator({
    platform: "iosxe",
    hostname: "SW1",
    users: USERS,
    ports: ["GigabitEthernet1/0/1"],
    minuteMs: MINUTE_MS,
    rebootMs: 50,
  });
  typist = await open(device);
});

afterEach(async () => {
  typist.end();
  await device.stop();
});

async function armed(minutes = 1): Promise<string> {
  device.handEdit(["archive", "path flash:cfg-", "maximum 3"]);
  return await typist.say(`configure terminal revert timer ${minutes}`);
}

const minutes = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * MINUTE_MS));

describe("a confirmed change on IOS-XE", () => {
  it("is refused while no archive path is set, and does not enter configuration mode", async () => {
    expect(await typist.say("configure terminal revert timer 1")).toContain(
      "%Turn config archive on before using Rollback Confirmed Change",
    );
    expect(await typist.say("vlan 10")).toMatch(/% Invalid input|Unknown command/);
  });

  it("goes back by itself when nobody confirms", async () => {
    expect(await armed()).toMatch(
      /^Rollback Confirmed Change: Backing up current running config to flash:cfg-\S+\n\nEnter configuration commands/,
    );
    const before = device.running();
    await typist.say("vlan 10");
    await typist.say("end");
    expect(device.running()).not.toBe(before);
    expect(await typist.say("show archive config rollback timer")).toMatch(/Timer value: 1 min\n/);
    expect(await typist.until(/rolling to:flash:cfg-\S+\n/, 3_000)).toContain("Rollback Confirmed Change");
    expect(device.running()).toBe(before);
    expect(device.log.some((entry) => entry.kind === "rollback")).toBe(true);
  });

  it("stays when it is confirmed in time", async () => {
    await armed();
    await typist.say("vlan 10");
    await typist.say("end");
    expect(await typist.say("configure confirm")).toBe("");
    await minutes(1.5);
    expect(device.running()).toContain("vlan 10");
    expect(await typist.say("show archive config rollback timer")).toBe(
      "%No Rollback Confirmed Change pending\n",
    );
  });

  it("goes back at once when asked to", async () => {
    await armed(10);
    const before = device.running();
    await typist.say("vlan 10");
    await typist.say("end");
    expect(await typist.say("configure revert now")).toContain("Rollback Done");
    expect(device.running()).toBe(before);
    expect(await typist.say("configure confirm")).toContain("%No Rollback Confirmed Change pending");
  });

  it("cannot be started twice", async () => {
    await armed(10);
    await typist.say("end");
    expect(await typist.say("configure terminal revert timer 5")).toContain("already pending");
  });

  it("is undone also for a session that is still in configuration mode", async () => {
    await armed();
    await typist.say("vlan 10");
    await typist.until(/rolling to:/, 3_000);
    await typist.say("vlan 20");
    expect(device.running()).toContain("vlan 20");
    expect(device.running()).not.toContain("vlan 10");
  });

  it("forgets the timer when the device restarts, which starts from what was saved", async () => {
    await typist.say("write memory");
    await armed();
    await typist.say("vlan 10");
    await device.powerCycle();
    expect(device.running()).not.toContain("vlan 10");
    await minutes(1.5);
    expect(device.log.some((entry) => entry.kind === "rollback")).toBe(false);
  });

  it("keeps no more archives than it may", async () => {
    device.handEdit(["archive", "path flash:cfg-", "maximum 3"]);
    for (let index = 0; index < 5; index += 1) await typist.say("archive config");
    const text = await typist.say("show archive");
    expect(text).toContain(
      "The maximum archive configurations allowed is 3.\nThere are currently 3 archive configurations saved.\n",
    );
    expect(text).toMatch(/\n {3}3 {8}flash:cfg-\S+-4 <- Most Recent\n/);
  });
});

describe("replacing the configuration of IOS-XE", () => {
  it("makes what runs equal to the file, lines it lacks included", async () => {
    typist.type("copy running-config flash:before\n");
    await typist.until(/\? $/);
    expect(await typist.say("")).toMatch(/^\d+ bytes copied/);
    const before = device.running();
    device.handEdit(["vlan 10", "interface gi1/0/1", "shutdown", "no ip http server"]);
    expect(await typist.say("configure replace flash:before force")).toBe(
      "Total number of passes: 1\nRollback Done\n\n",
    );
    expect(device.running()).toBe(before);
  });

  it("asks first, unless it is forced, and takes no for an answer", async () => {
    typist.type("copy running-config flash:before\n\n");
    await typist.until(/copied[^\n]*\nSW1#$/);
    device.handEdit(["vlan 10"]);
    typist.type("configure replace flash:before\n");
    expect(await typist.until(/\[no\]: $/)).toContain(
      "Enter Y if you are sure you want to proceed. ? [no]: ",
    );
    await typist.say("");
    expect(device.running()).toContain("vlan 10");
  });
});

describe("a scheduled reload of IOS-XE", () => {
  it("asks what to do with changes and for a last word, and starts from what was saved", async () => {
    await typist.say("write memory");
    device.handEdit(["vlan 10"]);
    typist.type("reload in 1\n");
    await typist.until(/System configuration has been modified\. Save\? \[yes\/no\]: $/);
    typist.type("maybe\n");
    await typist.until(
      /% Please answer 'yes' or 'no'\.\nSystem configuration has been modified\. Save\? \[yes\/no\]: $/,
    );
    typist.type("no\n");
    expect(await typist.until(/\[confirm\]$/)).toMatch(
      /Reload scheduled for \d\d:\d\d:\d\d UTC \w{3} \w{3} \d+ \d{4} \(in 1 minute\) by ops on vty0 \(127\.0\.0\.1\)\nReload reason: Reload Command\nProceed with reload\? \[confirm\]$/,
    );
    typist.type("y");
    await typist.until(/#$/);
    expect(await typist.say("show reload")).toMatch(/^Reload scheduled for/);
    expect(await typist.gone()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(device.running()).not.toContain("vlan 10");
  });

  it("can be cancelled", async () => {
    typist.type("reload in 1\nno\n\n");
    await typist.until(/\[confirm\]\n?SW1#$/);
    expect(await typist.say("reload cancel")).toContain("*** --- SHUTDOWN ABORTED ---");
    await minutes(1.5);
    expect(typist.closed).toBe(false);
    expect(await typist.say("show reload")).toBe("No reload is scheduled.\n");
  });
});

describe("IOS-XE tells who changed what", () => {
  it("in the configuration log, with secrets hidden", async () => {
    device.handEdit(["archive", "log config", "logging enable", "hidekeys", "notify syslog"]);
    await typist.say("configure terminal");
    await typist.say("username x secret Very-secret-1");
    await typist.say("vlan 10");
    await typist.say("end");
    await typist.say("terminal length 0");
    const log = await typist.say("show archive log config all");
    expect(log).toMatch(/^ idx {3}sess {11}user@line {6}Logged command\n/);
    expect(log).toMatch(/ {2,}1 +ops@vty0 {2}\|vlan 10 \n/);
    expect(log).not.toContain("Very-secret-1");
    const syslog = await typist.say("show logging");
    expect(syslog).toMatch(
      /\*\w{3} [ \d]\d \d\d:\d\d:\d\d\.\d{3}: %PARSER-5-CFGLOG_LOGGEDCMD: User:ops {2}logged command:vlan 10\n/,
    );
    expect(syslog).toContain("%SYS-5-CONFIG_I: Configured from console by ops on vty0 (127.0.0.1)");
  });
});
