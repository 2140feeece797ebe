import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";
import { connect, open, type Typist, USERS } from "./client.ts";

let switch1: Emulator;
let typist: Typist;

beforeEach(async () => {
  switch1 = await startEmulator({
    platform: "iosxe",
    hostname: "SW1",
    users: USERS,
    neighbours: ["10.1.99.1", "10.1.20.5"],
    ports: ["GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3", "GigabitEthernet1/0/4"],
  });
  typist = await open(switch1);
});

afterEach(async () => {
  typist.end();
  await switch1.stop();
});

describe("an IOS-XE command line answers as the real one", () => {
  it("shows which mode it is in", async () => {
    const prompts: string[] = [];
    for (const line of [
      "",
      "configure terminal",
      "interface Gi1/0/1",
      "interface range gi1/0/1-2",
      "vlan 10",
      "ip access-list extended A",
      "ip access-list standard B",
      "line vty 0 4",
      "archive",
      "log config",
      "end",
    ]) {
      typist.type(`${line}\n`);
      const text = await typist.until(/\n\S+[#>]$/);
      prompts.push(text.slice(text.lastIndexOf("\n") + 1));
    }
    expect(prompts).toEqual([
      "SW1#",
      "SW1(config)#",
      "SW1(config-if)#",
      "SW1(config-if-range)#",
      "SW1(config-vlan)#",
      "SW1(config-ext-nacl)#",
      "SW1(config-std-nacl)#",
      "SW1(config-line)#",
      "SW1(config-archive)#",
      "SW1(config-archive-log-cfg)#",
      "SW1#",
    ]);
  });

  it("cuts a long name at 20 letters in configuration mode only", async () => {
    await typist.say("configure terminal");
    await typist.say("hostname very-long-name-of-a-switch");
    typist.type("end\n");
    expect(await typist.until(/\n\S+#$/)).toContain("\nvery-long-name-of-a-switch#");
    typist.type("conf t\n");
    expect(await typist.until(/\)#$/)).toMatch(/\nvery-long-name-of-a-\(config\)#$/);
  });

  it.each([
    ["show foo", `${" ".repeat("SW1#show ".length)}^\n% Invalid input detected at '^' marker.\n\n`],
    [
      "show vlan brief now",
      `${" ".repeat("SW1#show vlan brief ".length)}^\n% Invalid input detected at '^' marker.\n\n`,
    ],
    ["show", "% Incomplete command.\n\n"],
    ["co", '% Ambiguous command:  "co"\n'],
    ["configure replace flash:none force", "%Error opening flash:none (No such file or directory)\n"],
    ["configure confirm", "%No Rollback Confirmed Change pending\n"],
  ])("answers %s with its own error", async (line, answer) => {
    expect(await typist.say(line)).toBe(answer);
  });

  it("takes abbreviations for whole words, and spells them out in what it keeps", async () => {
    for (const line of ["conf t", "int gi1/0/2", "sw ac vl 20", "sw mo ac", "desc uplink"])
      await typist.say(line);
    expect(switch1.running()).toContain(
      "interface GigabitEthernet1/0/2\n description uplink\n switchport access vlan 20\n switchport mode access\n!",
    );
  });

  it("puts the caret of a bad configuration line under the bad word, the mode's prompt counted", async () => {
    await typist.say("conf t");
    await typist.say("interface gi1/0/1");
    const answer = await typist.say("switchport access vlan 4095");
    expect(answer.split("\n")[0]).toBe(`${" ".repeat("SW1(config-if)#switchport access vlan ".length)}^`);
  });

  it("stops at each page and goes on with a space, and wipes the pager out with backspaces", async () => {
    await typist.say("terminal length 6");
    typist.type("show vlan brief\n");
    const first = await typist.until(/--More-- $/);
    expect(first.split("\n").length).toBe(1 + 5 + 1);
    typist.type(" ");
    const rest = await typist.until(/#$/);
    expect(rest.startsWith("\b".repeat(9) + " ".repeat(8) + "\b".repeat(9))).toBe(true);
  });

  it("carries exec commands out in configuration mode behind `do`", async () => {
    await typist.say("conf t");
    expect(await typist.say("do show clock")).toMatch(
      /^\*\d\d:\d\d:\d\d\.\d{3} UTC \w{3} \w{3} \d+ \d{4}\n$/,
    );
  });

  it("starts show running-config with the header of the real one", async () => {
    await typist.say("terminal length 0");
    await typist.say("conf t");
    await typist.say("vlan 10");
    await typist.say("end");
    const text = await typist.say("show running-config");
    expect(text).toMatch(
      /^Building configuration\.\.\.\n\nCurrent configuration : \d+ bytes\n!\n! Last configuration change at \d\d:\d\d:\d\d UTC \w{3} \w{3} \d+ \d{4} by ops\n!\nversion 17\.9\n/,
    );
    expect(text).toMatch(/\nend\n\n$/);
  });

  it("asks for the destination before it copies to the startup configuration", async () => {
    typist.type("copy running-config startup-config\n");
    expect(await typist.until(/\? $/)).toMatch(/Destination filename \[startup-config\]\? $/);
    expect(await typist.say("")).toBe("Building configuration...\n[OK]\n");
    expect(switch1.saved()).toBe(switch1.running());
  });

  it("says so when the flash is full, and keeps the old startup configuration", async () => {
    await typist.say("write memory");
    const before = switch1.saved();
    switch1.faults.flashFull = true;
    switch1.handEdit(["vlan 77"]);
    expect(await typist.say("write memory")).toMatch(/%Error opening nvram:\/startup-config/);
    expect(switch1.saved()).toBe(before);
  });

  it("lets a login of level 1 look, and not configure", async () => {
    const guest = await open(switch1, { username: "guest", password: "guest-password" });
    expect(await guest.say("configure terminal")).toMatch(/% Invalid input detected/);
    await guest.say("terminal length 0");
    expect(await guest.say("show version")).toContain("Cisco IOS XE Software, Version 17.09.04a");
    expect(await guest.say("enable")).toBe("% Error in authentication.\n\n");
    guest.end();
  });

  it("raises a login with the enable secret", async () => {
    switch1.handEdit(["enable secret Let-me-in"]);
    const guest = await open(switch1, { username: "guest", password: "guest-password" });
    guest.type("enable\n");
    await guest.until(/Password: $/);
    guest.type("Let-me-in\n");
    expect(await guest.until(/SW1#$/)).not.toContain("Let-me-in");
    guest.end();
  });

  it("shows a login between the levels nothing of show running-config but with `view full`", async () => {
    const reader = await open(switch1, { username: "reader", password: "reader-password" });
    await reader.say("terminal length 0");
    expect(await reader.say("show running-config")).not.toContain("interface");
    expect(await reader.say("show running-config view full")).toContain("interface GigabitEthernet1/0/1");
    reader.end();
  });

  it("serves exec requests, as IOS does", async () => {
    const client = await connect(switch1);
    const text = await new Promise<string>((resolve, reject) => {
      client.exec("show privilege", (error, channel) => {
        if (error) return reject(error);
        let got = "";
        channel.on("data", (data: Buffer) => (got += data.toString()));
        return channel.on("close", () => resolve(got));
      });
    });
    expect(text).toContain("Current privilege level is 15");
    client.end();
  });

  it("filters output behind a bar", async () => {
    expect(await typist.say("show running-config | include ^hostname")).toBe("hostname SW1\n");
    expect(await typist.say("show running-config | section ^line con")).toBe("line con 0\n stopbits 1\n");
  });

  it("names tables as a recorded switch does", async () => {
    const vlans = await typist.say("show vlan brief");
    expect(vlans.split("\n").slice(1, 4)).toEqual([
      "VLAN Name                             Status    Ports",
      "---- -------------------------------- --------- -------------------------------",
      "1    default                          active    Gi1/0/1, Gi1/0/2, Gi1/0/3",
    ]);
    expect(vlans).toContain("\n1002 fddi-default                     act/unsup \n");
    const status = await typist.say("show interfaces status");
    expect(status.split("\n")[1]).toBe(
      "Port         Name               Status       Vlan       Duplex  Speed Type",
    );
    expect(status.split("\n")[2]).toBe(
      "Gi1/0/1                         connected    1          a-full a-1000 10/100/1000BaseTX",
    );
    expect(await typist.say("show inventory")).toMatch(
      /^NAME: "c92xxL Stack", DESCR: "c92xxL Stack"\nPID: C9200L-24T-4G {5}, VID: V01 {2}, SN: \S+\n/,
    );
  });

  it("pushes a long line sideways with a dollar sign, unless the terminal is widened", async () => {
    const text = `description ${"x".repeat(90)}`;
    await typist.say("conf t");
    await typist.say("interface gi1/0/1");
    typist.type(`${text}\n`);
    expect(await typist.until(/#$/)).toContain("\b$x");
    await typist.say("do terminal width 0");
    typist.type(`${text}\n`);
    expect(await typist.until(/#$/)).toBe(`${text}\nSW1(config-if)#`);
    expect(switch1.running()).toContain(` ${text}\n`);
  });

  it("takes a question mark as a call for help, unless Ctrl-V stands before it", async () => {
    await typist.say("conf t");
    await typist.say("interface gi1/0/1");
    typist.type("description who?");
    expect(await typist.until(/description who$/)).toMatch(/description who\?\n/);
    typist.type("\u0016?\n");
    await typist.until(/#$/);
    expect(switch1.running()).toContain(" description who?\n");
  });

  it("shows log lines as they come to whoever asked for them", async () => {
    await typist.say("terminal monitor");
    switch1.handEdit(["vlan 10"], "li");
    expect(await typist.until(/on console\n$/)).toMatch(
      /\*\w{3} [ \d]\d [\d:.]+: %SYS-5-CONFIG_I: Configured from console by li on console\n$/,
    );
  });

  it("pings whoever it has a way to, and nobody else", async () => {
    await typist.say("conf t");
    for (const line of [
      "vlan 99",
      "interface gi1/0/1",
      "switchport mode access",
      "switchport access vlan 99",
    ])
      await typist.say(line);
    for (const line of ["interface vlan99", "ip address 10.1.99.11 255.255.255.0", "no shutdown", "end"])
      await typist.say(line);
    const near = await typist.say("ping 10.1.99.1 repeat 3 timeout 1");
    expect(near).toMatch(
      /^Type escape sequence to abort\.\nSending 3, 100-byte ICMP Echos to 10\.1\.99\.1, timeout is 1 seconds:\n!!!\nSuccess rate is 100 percent \(3\/3\), round-trip/,
    );
    const nobody = "\n.....\nSuccess rate is 0 percent (0/5)";
    expect(await typist.say("ping 10.1.99.2")).toContain(nobody);
    expect(await typist.say("ping 10.1.20.5")).toContain(nobody);
    for (const line of ["conf t", "ip route 10.1.0.0 255.255.0.0 10.1.99.1", "end"]) await typist.say(line);
    expect(await typist.say("ping 10.1.20.5")).toContain("\n!!!!!\nSuccess rate is 100 percent (5/5)");
    for (const line of ["conf t", "interface vlan99", "shutdown", "end"]) await typist.say(line);
    expect(await typist.say("ping 10.1.99.1")).toContain(nobody);
  });
});
