import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";
import { connect, open, type Typist, USERS } from "./client.ts";

let device: Emulator;
let typist: Typist;
const QUESTION = /(\[Y\/N\]:?|\[vrpcfg\.zip\]:)$/;

beforeEach(async () => {
  device = await startEmulator({
    platform: "vrp",
    hostname: "HW",
    users: USERS,
    neighbours: ["10.1.99.1", "10.1.20.5"],
    ports: ["GigabitEthernet0/0/1", "GigabitEthernet0/0/2"],
    minuteMs: 200,
    rebootMs: 50,
  });
  typist = await open(device);
});

afterEach(async () => {
  typist.end();
  await device.stop();
});

/** Types a line and reads up to a question. */
async function ask(line: string): Promise<string> {
  typist.type(`${line}\n`);
  return (await typist.until(QUESTION)).slice(line.length + 1);
}

describe("a VRP command line answers as the real one", () => {
  it("shows which view it is in", async () => {
    const prompts: string[] = [];
    for (const line of [
      "",
      "system-view",
      "interface g0/0/1",
      "vlan 10",
      "interface Vlanif 10",
      "interface Eth-Trunk 1",
      "acl 2000",
      "acl number 3000",
      "acl name X advance",
      "aaa",
      "user-interface vty 0 4",
      "quit",
      "return",
    ]) {
      typist.type(`${line}\n`);
      const text = await typist.until(/\n[<[]\S+[\]>]$/);
      prompts.push(text.slice(text.lastIndexOf("\n") + 1));
    }
    expect(prompts).toEqual([
      "<HW>",
      "[HW]",
      "[HW-GigabitEthernet0/0/1]",
      "[HW-vlan10]",
      "[HW-Vlanif10]",
      "[HW-Eth-Trunk1]",
      "[HW-acl-basic-2000]",
      "[HW-acl-adv-3000]",
      "[HW-acl-adv-X]",
      "[HW-aaa]",
      "[HW-ui-vty0-4]",
      "[HW]",
      "<HW>",
    ]);
  });

  it.each([
    ["displayy", `${" ".repeat("<HW>".length)}^\nError: Unrecognized command found at '^' position.\n`],
    [
      "display foo",
      `${" ".repeat("<HW>display ".length)}^\nError: Unrecognized command found at '^' position.\n`,
    ],
    [
      "display vlan 5000",
      `${" ".repeat("<HW>display vlan ".length)}^\nError: Wrong parameter found at '^' position.\n`,
    ],
    [
      "display clock now",
      `${" ".repeat("<HW>display clock ".length)}^\nError: Too many parameters found at '^' position.\n`,
    ],
    [
      "display",
      `${" ".repeat("<HW>display".length + 1)}^\nError:Incomplete command found at '^' position.\n`,
    ],
    ["s", `${" ".repeat("<HW>".length)}^\nError:Ambiguous command found at '^' position.\n`],
  ])("answers %s with its own error", async (line, answer) => {
    expect(await typist.say(line)).toBe(answer);
  });

  it("does not know configuration commands in the user view, nor `save` in the system view", async () => {
    expect(await typist.say("vlan 10")).toMatch(/Unrecognized command/);
    await typist.say("system-view");
    expect(await typist.say("save")).toMatch(/Error: Unrecognized command/);
  });

  it("stops at each page, and takes all when paging is off", async () => {
    typist.type("display current-configuration\n");
    expect((await typist.until(/ {2}---- More ----$/)).split("\n").length).toBe(1 + 23 + 1);
    typist.type("q");
    await typist.until(/<HW>$/);
    expect(await typist.say("screen-length 0 temporary")).toBe(
      "Info: The configuration takes effect on the current user terminal interface only.\n",
    );
    const text = await typist.say("display current-configuration");
    expect(text).toMatch(/^!Software Version V200R\d{3}C\d{2}SPC\d{3}\n#\nsysname HW\n#\n/);
    expect(text).toMatch(/\n#\nreturn\n$/);
  });

  it("asks before it saves, asks again when the answer is neither, and asks for a name the first time", async () => {
    expect(await ask("save")).toBe(
      "The current configuration will be written to the device.\nAre you sure to continue?[Y/N]",
    );
    expect(await ask("what")).toContain("Are you sure to continue?[Y/N]");
    expect(await ask("y")).toContain("Please input the file name ( *.cfg, *.zip ) [vrpcfg.zip]:");
    expect(await typist.say("")).toContain("Save the configuration successfully.");
    expect(device.saved()).toBe(device.running());
    expect(await ask("save")).toContain("written to flash:/vrpcfg.zip.");
    await typist.say("n");
  });

  it("saves a copy under another name without making it the next start", async () => {
    expect(await ask("save before.cfg")).toContain(
      "Are you sure to save the configuration to flash:/before.cfg? [Y/N]:",
    );
    await typist.say("y");
    expect(await typist.say("display startup")).toMatch(/Next startup saved-configuration file: +NULL\n/);
    expect(await ask("save before.cfg")).toContain("[Y/N]");
    expect(await ask("y")).toContain("flash:/before.cfg exists, overwrite? [Y/N]:");
    await typist.say("y");
    expect(await typist.say("startup saved-configuration before.cfg")).toContain(
      "Info: Succeeded in setting the configuration",
    );
    expect(await typist.say("display startup")).toMatch(
      /Next startup saved-configuration file: +flash:\/before\.cfg\n/,
    );
    expect(await typist.say("startup saved-configuration none.cfg")).toContain(
      "Error: The configuration file does not exist.",
    );
  });

  it("reboots to the saved configuration at the time that was set, unless it is cancelled", async () => {
    await ask("save");
    await ask("y");
    await typist.say("");
    device.handEdit(["vlan batch 77"]);
    expect(await ask("schedule reboot delay 1")).toMatch(
      /^Info: Reboot system at \d\d:\d\d:\d\d \d{4}\/\d\d\/\d\d UTC\S* \(in 0 hours and 1 minutes\)\.\nConfirm\? \[Y\/N\]:$/,
    );
    await typist.say("y");
    expect(await typist.say("display schedule reboot")).toMatch(/^Info: System will reboot at/);
    expect(await typist.say("undo schedule reboot")).toBe("Info: Reboot is canceled.\n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(device.running()).toContain("vlan batch 77");
    await ask("schedule reboot delay 1");
    await typist.say("y");
    expect(await typist.gone()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(device.running()).not.toContain("vlan batch 77");
  });

  it("compares with what was saved", async () => {
    await ask("save");
    await ask("y");
    await typist.say("");
    expect(await typist.say("compare configuration")).toBe(
      "The current configuration is the same as the next startup configuration file.\n",
    );
    device.handEdit(["vlan batch 77"]);
    const text = await typist.say("compare configuration");
    expect(text).toMatch(
      /^Warning: The current configuration is not the same as the next startup configuration file\./,
    );
    expect(text).toMatch(/====== Current configuration line \d+ ======\n[\s\S]*vlan batch 77/);
  });

  it("records who typed what from where", async () => {
    await typist.say("system-view");
    await typist.say("vlan batch 10");
    await typist.say("aaa");
    await typist.say("local-user a1 password irreversible-cipher Very-secret-1");
    const log = await typist.say("display logbuffer | include CMDRECORD");
    expect(log).toMatch(
      /^\w{3} \d+ \d{4} \d\d:\d\d:\d\d HW %%01SHELL\/5\/CMDRECORD\(l\)\[\d+\]:Recorded command information\. \(Task=VT0, Ip=127\.0\.0\.1, VpnName=, User=ops, AuthenticationMethod="Local-user", Command="vlan batch 10"\)$/m,
    );
    expect(log).not.toContain("Very-secret-1");
  });

  it("lets a login of level 2 look, and not configure or save", async () => {
    const reader = await open(device, { username: "reader", password: "reader-password" });
    await reader.say("screen-length 0 temporary");
    expect(await reader.say("display current-configuration")).toContain("\nsysname HW\n");
    expect(await reader.say("system-view")).toMatch(/Error: Unrecognized command/);
    expect(await reader.say("save")).toMatch(/Error: Unrecognized command/);
    reader.end();
  });

  it("lets local accounts in that SSH is open to, and nobody else", async () => {
    device.handEdit([
      "aaa",
      "local-user li password irreversible-cipher Very-secret-1",
      "local-user li privilege level 15",
    ]);
    await expect(open(device, { username: "li", password: "Very-secret-1" })).rejects.toMatchObject({
      level: "client-authentication",
    });
    device.handEdit([
      "aaa",
      "local-user li service-type ssh",
      "quit",
      "ssh user li",
      "ssh user li authentication-type password",
      "ssh user li service-type stelnet",
    ]);
    const li = await open(device, { username: "li", password: "Very-secret-1" });
    li.end();
    await expect(open(device, { username: "li", password: "wrong" })).rejects.toMatchObject({
      level: "client-authentication",
    });
  });

  it("refuses exec requests, as VRP5 does", async () => {
    const client = await connect(device);
    await expect(
      new Promise((resolve, reject) => {
        client.exec("display version", (error, channel) => (error ? reject(error) : resolve(channel)));
      }),
    ).rejects.toThrow(/Unable to exec/);
    client.end();
  });

  it("names tables as a recorded device does", async () => {
    await typist.say("screen-length 0 temporary");
    device.handEdit([
      "vlan batch 10",
      "vlan 10",
      "description OFFICE",
      "interface g0/0/2",
      "port link-type trunk",
      "port trunk allow-pass vlan 10",
    ]);
    const vlans = await typist.say("display vlan");
    expect(vlans).toContain("\nU: Up;         D: Down;         TG: Tagged;         UT: Untagged;\n");
    expect(vlans).toContain("\n10   common  TG:GE0/0/2(U)\n");
    expect(vlans).toContain("\n10   enable  default  enable  disable  OFFICE\n");
    expect(await typist.say("display port vlan")).toContain(
      "\nGigabitEthernet0/0/2        trunk        1     1 10 \n",
    );
    const brief = await typist.say("display interface brief");
    expect(brief).toContain(
      "\nInterface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n",
    );
    expect(brief).toMatch(/\nGigabitEthernet0\/0\/1 {8}up {4}up {10}0% {5}0% {10}0 {10}0\n/);
    expect(await typist.say("display version")).toMatch(
      /^Huawei Versatile Routing Platform Software\nVRP \(R\) software, Version 5\.170 \(S5735-L V200R019C10SPC500\)\n/,
    );
    expect(await typist.say("display clock")).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n\w+day\nTime Zone\(DefaultZoneName\) : UTC\n$/,
    );
  });

  it("asks before it switches off what others hang on", async () => {
    await typist.say("system-view");
    await typist.say("dhcp enable");
    expect(await ask("undo dhcp enable")).toBe(
      "Warning: All DHCP functions will be disabled. Continue? [Y/N]",
    );
    await typist.say("n");
    expect(device.running()).toContain("\ndhcp enable\n");
  });

  it("asks for a new password at login where the first one was never changed", async () => {
    const fresh = await startEmulator({
      platform: "vrp",
      hostname: "HW",
      users: [{ name: "ops", password: "ops-password", privilege: 15, mustChangePassword: true }],
    });
    const client = await connect(fresh);
    const text = await new Promise<string>((resolve, reject) => {
      client.shell((error, channel) => {
        if (error) return reject(error);
        let got = "";
        return channel.on("data", (data: Buffer) => {
          got += data.toString();
          if (/Change now\? \[Y\/N\]:$/.test(got)) channel.write("n\n");
          if (/<HW>$/.test(got)) resolve(got);
        });
      });
    });
    expect(text).toContain("Change now? [Y/N]:");
    client.end();
    await fresh.stop();
  });

  it("asks twice for an SNMP password that was not typed with the command, and shows neither", async () => {
    await typist.say("system-view");
    typist.type("snmp-agent usm-user v3 mon authentication-mode sha2-256\n");
    await typist.until(/Enter Password:$/);
    typist.type("Auth-password-1\n");
    await typist.until(/Confirm Password:$/);
    typist.type("Auth-password-1\n");
    expect(await typist.until(/\]$/)).not.toContain("Auth-password-1");
    expect(device.running()).toMatch(
      /\nsnmp-agent usm-user v3 mon authentication-mode sha2-256 cipher %\^%#\S+%\^%#\n/,
    );
  });

  it("pings whoever it has a way to, and nobody else", async () => {
    await typist.say("system-view");
    for (const line of [
      "vlan 99",
      "quit",
      "interface g0/0/1",
      "port link-type access",
      "port default vlan 99",
    ])
      await typist.say(line);
    for (const line of ["interface Vlanif 99", "ip address 10.1.99.11 24", "return"]) await typist.say(line);
    const near = await typist.say("ping -c 2 -t 500 10.1.99.1");
    expect(near).toContain(
      "  PING 10.1.99.1: 56  data bytes, press CTRL_C to break\n    Reply from 10.1.99.1: ",
    );
    expect(near).toContain("    2 packet(s) transmitted\n    2 packet(s) received\n    0.00% packet loss\n");
    const nobody = "    Request time out\n\n  --- ";
    expect(await typist.say("ping 10.1.99.2")).toContain(nobody);
    expect(await typist.say("ping 10.1.20.5")).toContain(
      "    0 packet(s) received\n    100.00% packet loss\n",
    );
    for (const line of ["system-view", "ip route-static 10.1.0.0 16 10.1.99.1", "return"])
      await typist.say(line);
    expect(await typist.say("ping 10.1.20.5")).toContain("    5 packet(s) received\n");
    for (const line of ["system-view", "interface Vlanif 99", "shutdown", "return"]) await typist.say(line);
    expect(await typist.say("ping 10.1.99.1")).toContain(nobody);
  });
});
