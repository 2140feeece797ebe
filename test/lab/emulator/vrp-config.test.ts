import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";

const PORTS = Array.from({ length: 6 }, (_, index) => `GigabitEthernet0/0/${index + 1}`);
const started: Emulator[] = [];
let device: Emulator;

async function boot(config?: string, asksBeforeLinkType = false): Promise<Emulator> {
  const made = await startEmulator({
    platform: "vrp",
    hostname: "SW1",
    users: [],
    ports: PORTS,
    asksBeforeLinkType,
    ...(config === undefined ? {} : { config }),
  });
  started.push(made);
  return made;
}

function block(header: string): string[] {
  const lines = device.running().split("\n");
  const start = lines.indexOf(header);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith(" ")),
    )
    .map((line) => line.trim());
}

beforeEach(async () => {
  device = await boot();
});

afterAll(async () => {
  await Promise.all(started.map((one) => one.stop()));
});

describe("a VRP switch keeps what it is told in the vendor's spelling and order", () => {
  it("keeps VLANs as runs, ten a line", () => {
    device.handEdit(["vlan batch 10 20 to 22 30", "undo vlan batch 21"]);
    expect(device.running()).toContain("\n#\nvlan batch 10 20 22 30\n#\n");
    device.handEdit([`vlan batch ${Array.from({ length: 13 }, (_, index) => 100 + index * 2).join(" ")}`]);
    expect(device.running()).toMatch(
      /\nvlan batch 10 20 22 30 100 102 104 106 108 110\nvlan batch 112 114 116 118 120 122 124\n/,
    );
  });

  it("lets a trunk carry VLAN 1 until told otherwise, and prints that on a line of its own", () => {
    device.handEdit([
      "interface GigabitEthernet0/0/1",
      "port link-type trunk",
      "port trunk allow-pass vlan 10 to 12 20",
      "undo port trunk allow-pass vlan 1",
      "port trunk pvid vlan 999",
    ]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual([
      "port link-type trunk",
      "port trunk pvid vlan 999",
      "undo port trunk allow-pass vlan 1",
      "port trunk allow-pass vlan 10 to 12 20",
    ]);
    device.handEdit([
      "interface g0/0/1",
      "port trunk allow-pass vlan 1",
      "undo port trunk allow-pass vlan 11",
    ]);
    expect(block("interface GigabitEthernet0/0/1").slice(2)).toEqual(["port trunk allow-pass vlan 10 12 20"]);
  });

  it("refuses another link type while the port's VLANs are not at their defaults", () => {
    device.handEdit(["vlan batch 10", "interface g0/0/1", "port link-type access", "port default vlan 10"]);
    expect(() => device.handEdit(["interface g0/0/1", "port link-type trunk"])).toThrow(
      /Please renew the default configurations/,
    );
    expect(() => device.handEdit(["interface g0/0/1", "undo port link-type"])).toThrow(
      /Please renew the default configurations/,
    );
    device.handEdit(["interface g0/0/1", "undo port default vlan", "port link-type trunk"]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual(["port link-type trunk"]);
  });

  it("drops the port's VLANs with its link type where the release asks first", async () => {
    device = await boot(undefined, true);
    device.handEdit([
      "vlan batch 10",
      "interface g0/0/1",
      "port link-type access",
      "port default vlan 10",
      "port link-type trunk",
    ]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual(["port link-type trunk"]);
  });

  it.each([
    [["interface g0/0/1", "port default vlan 10"], /is not access/],
    [["interface g0/0/1", "port link-type access", "port default vlan 10"], /VLAN does not exist/],
    [["interface g0/0/99"], /Wrong parameter/],
    [["interface Vlanif10"], /VLAN does not exist/],
    [["undo interface g0/0/1"], /physical interface cannot be deleted/],
    [["undo vlan 1"], /cannot be deleted/],
    [["undo vlan 77"], /does not exist/],
    [["vlan batch 10", "interface Vlanif10", "undo vlan 10"], /has a L3 interface/],
    [["interface g0/0/1", "eth-trunk 1"], /does not exist/],
    [
      ["interface g0/0/1", "port link-type trunk", "interface Eth-Trunk1", "interface g0/0/1", "eth-trunk 1"],
      /default link type/,
    ],
    [["interface Eth-Trunk1", "trunkport g0/0/1", "mode lacp"], /has member interfaces/],
    [["interface Eth-Trunk1", "trunkport g0/0/1", "undo interface Eth-Trunk1"], /has member interfaces/],
    [["interface g0/0/1", "traffic-filter inbound acl 3000"], /ACL does not exist/],
    [
      ["acl 3000", "rule permit ip", "interface g0/0/1", "traffic-filter inbound acl 3000", "undo acl 3000"],
      /in use/,
    ],
    [["dhcp snooping enable"], /enable DHCP first/],
    [["interface g0/0/1", "dhcp snooping trusted"], /DHCP snooping/],
    [["aaa", "local-user ops password irreversible-cipher short"], /at least 8 characters/],
    [["aaa", "local-user ops privilege level 15"], /user does not exist/],
    [["ip route-static 10.0.0.1 24 10.0.0.254"], /do not match/],
    [["undo ip route-static 10.0.0.0 24"], /does not exist/],
    [["description nothing"], /refused/],
  ])("refuses %j", (lines, message) => {
    expect(() => device.handEdit(lines)).toThrow(message);
  });

  it("takes access ports back to VLAN 1 when their VLAN goes, while trunks keep naming it", () => {
    device.handEdit([
      "vlan batch 10",
      "interface g0/0/1",
      "port link-type access",
      "port default vlan 10",
      "interface g0/0/2",
      "port link-type trunk",
      "port trunk allow-pass vlan 10",
      "undo vlan 10",
    ]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual(["port link-type access"]);
    expect(block("interface GigabitEthernet0/0/2")).toEqual([
      "port link-type trunk",
      "port trunk allow-pass vlan 10",
    ]);
  });

  it("bundles ports whose VLANs are at their defaults", () => {
    device.handEdit([
      "interface Eth-Trunk 1",
      "mode lacp-static",
      "port link-type trunk",
      "interface range g0/0/1 to g0/0/2",
      "eth-trunk 1",
    ]);
    expect(block("interface Eth-Trunk1")).toEqual(["port link-type trunk", "mode lacp"]);
    expect(block("interface GigabitEthernet0/0/2")).toEqual(["eth-trunk 1"]);
  });

  it.each([
    [
      "rule permit tcp source 10.0.10.7 0.0.0.255 destination 10.0.20.5 0 destination-port eq 80",
      "rule 5 permit tcp source 10.0.10.0 0.0.0.255 destination 10.0.20.5 0 destination-port eq www",
    ],
    ["rule permit udp destination-port eq 53", "rule 5 permit udp destination-port eq dns"],
    ["rule 12 deny ip source any", "rule 12 deny ip"],
    [
      "rule permit tcp destination-port range 8000 8010",
      "rule 5 permit tcp destination-port range 8000 8010",
    ],
    ["rule permit 17 source 10.0.0.1 0", "rule 5 permit udp source 10.0.0.1 0"],
    ["rule deny ip logging", "rule 5 deny ip logging"],
  ])("an advanced list keeps %s as the device spells it", (typed, kept) => {
    device.handEdit(["acl number 3000", typed]);
    expect(block("acl number 3000")).toEqual([kept]);
  });

  it("keeps IPv6 lists apart from IPv4 lists of the same number", () => {
    device.handEdit([
      "acl 3000",
      "rule permit ip",
      "acl ipv6 number 3000",
      "rule permit tcp source 2001:db8::/64 destination-port eq 443",
      "interface g0/0/1",
      "traffic-filter inbound acl ipv6 3000",
    ]);
    expect(block("acl ipv6 number 3000")).toEqual([
      "rule 5 permit tcp source 2001:DB8::/64 destination-port eq 443",
    ]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual(["traffic-filter inbound acl ipv6 3000"]);
  });

  it("gives an SNMP user a line of their own, and takes all of it away together", () => {
    device.handEdit([
      "snmp-agent usm-user v3 mon group NMS",
      "snmp-agent usm-user v3 mon authentication-mode sha2-256 cipher Auth-password-1",
    ]);
    expect(device.running()).toMatch(
      /\nsnmp-agent usm-user v3 mon\nsnmp-agent usm-user v3 mon group NMS\nsnmp-agent usm-user v3 mon authentication-mode sha2-256 cipher %\^%#\S+\n/,
    );
    device.handEdit(["undo snmp-agent usm-user v3 mon"]);
    expect(device.running()).not.toContain("usm-user");
  });

  it("reads a whole file before it judges what interfaces build on", async () => {
    const text =
      "interface Eth-Trunk1\n dhcp snooping trusted\n#\ninterface GigabitEthernet0/0/1\n eth-trunk 1\n traffic-filter inbound acl 3000\n#\ndhcp enable\ndhcp snooping enable\n#\nacl number 3000\n rule 5 deny ip\n#\n";
    device = await boot(text);
    expect(device.log.filter((entry) => entry.kind === "boot-refused")).toEqual([]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual([
      "eth-trunk 1",
      "traffic-filter inbound acl 3000",
    ]);
  });

  it("numbers rules by the step and replaces a rule of the same number", () => {
    device.handEdit([
      "acl 2000",
      "step 10",
      "rule permit source 10.0.0.1 0",
      "rule permit source 10.0.0.2 0",
      "rule 10 deny",
      "rule 20 description second",
      "undo rule 20",
    ]);
    expect(block("acl number 2000")).toEqual(["step 10", "rule 10 deny"]);
  });

  it("gives named lists a number", () => {
    device.handEdit(["acl name OFFICE-IN advance", "rule permit ip", "acl name MGMT basic"]);
    expect(device.running()).toContain("\nacl name OFFICE-IN 3999\n rule 5 permit ip\n#\n");
    expect(device.running()).toContain("\nacl name MGMT 2999\n#\n");
  });

  it("keeps passwords one way, with a fresh salt each time", () => {
    device.handEdit(["aaa", "local-user ops password irreversible-cipher Very-secret-1"]);
    const first = /local-user ops password irreversible-cipher (\S+)/.exec(device.running())?.[1];
    device.handEdit(["aaa", "local-user ops password irreversible-cipher Very-secret-1"]);
    const second = /local-user ops password irreversible-cipher (\S+)/.exec(device.running())?.[1];
    expect(first).toMatch(/^\$1c\$.{10}\$.{32}\$$/);
    expect(second).not.toBe(first);
  });

  it("prints the lines of each account together", () => {
    device.handEdit([
      "aaa",
      "local-user a1 password irreversible-cipher Very-secret-1",
      "local-user b1 password irreversible-cipher Very-secret-2",
      "local-user a1 service-type ssh",
      "local-user b1 privilege level 3",
      "local-user a1 privilege level 15",
    ]);
    const users = block("aaa").filter((line) => line.startsWith("local-user"));
    expect(users.map((line) => line.split(" ").slice(1, 3).join(" "))).toEqual([
      "a1 password",
      "a1 privilege",
      "a1 service-type",
      "b1 password",
      "b1 privilege",
    ]);
  });

  it("takes DHCP snooping off every port with DHCP itself", () => {
    device.handEdit([
      "dhcp enable",
      "dhcp snooping enable",
      "interface g0/0/1",
      "dhcp snooping trusted",
      "undo dhcp enable",
    ]);
    expect(device.running()).not.toContain("dhcp");
  });

  it("empties an interface that is cleared, and leaves it shut", () => {
    device.handEdit(["interface g0/0/1", "description x", "quit", "clear configuration interface g0/0/1"]);
    expect(block("interface GigabitEthernet0/0/1")).toEqual(["shutdown"]);
  });

  it("keeps a login text of several lines", async () => {
    device.handEdit(["header login information %Keep out", "vlan batch 99", "%"]);
    expect(device.running()).toContain('\nheader login information "Keep out\nvlan batch 99\n"\n#\n');
    expect((await boot(device.running())).running()).toBe(device.running());
  });

  it("prints blocks in a switch's order between # and return", () => {
    device.handEdit([
      "ip route-static 0.0.0.0 0 10.0.0.1",
      "acl 3000",
      "rule deny ip",
      "vlan 10",
      "description X",
      "interface Vlanif10",
      "ip address 10.0.0.2 24",
      "snmp-agent sys-info contact noc",
      "ntp-service unicast-server 10.0.0.9",
      "interface Eth-Trunk1",
    ]);
    const order = [
      "!Software Version",
      "sysname ",
      "vlan batch 10",
      "acl number 3000",
      "vlan 10",
      "aaa",
      "ntp-service",
      "interface Vlanif10",
      "interface Eth-Trunk1",
      "interface GigabitEthernet0/0/1",
      "interface NULL0",
      "ip route-static 0.0.0.0 0.0.0.0 10.0.0.1",
      "snmp-agent",
      "stelnet server enable",
      "user-interface con 0",
      "return",
    ];
    const places = order.map((text) =>
      device
        .running()
        .split("\n")
        .findIndex((line) => line.startsWith(text)),
    );
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("reads back what it printed, for any mix of lines (law)", async () => {
    const vlan = fc.integer({ min: 2, max: 4094 });
    const port = fc.integer({ min: 1, max: 6 });
    const line = fc.oneof(
      fc.array(vlan, { minLength: 1, maxLength: 20 }).map((ids) => [`vlan batch ${ids.join(" ")}`]),
      vlan.map((id) => [`vlan ${id}`, `description N${id}`]),
      fc
        .tuple(port, vlan)
        .map(([number, id]) => [
          `vlan batch ${id}`,
          `clear configuration interface g0/0/${number}`,
          `interface g0/0/${number}`,
          "port link-type access",
          `port default vlan ${id}`,
        ]),
      fc
        .tuple(port, fc.array(vlan, { minLength: 1, maxLength: 30 }))
        .map(([number, ids]) => [
          `clear configuration interface g0/0/${number}`,
          `interface g0/0/${number}`,
          "port link-type trunk",
          `port trunk allow-pass vlan ${ids.join(" ")}`,
          "undo port trunk allow-pass vlan 1",
        ]),
      fc
        .tuple(fc.integer({ min: 3000, max: 3999 }), fc.integer({ min: 1, max: 65535 }))
        .map(([number, to]) => [`acl ${number}`, `rule permit tcp destination-port eq ${to}`]),
      fc
        .tuple(port, fc.integer({ min: 0, max: 9 }))
        .map(([number, trunk]) => [
          `interface Eth-Trunk${trunk}`,
          `clear configuration interface g0/0/${number}`,
          `interface g0/0/${number}`,
          `eth-trunk ${trunk}`,
        ]),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (edits) => {
        const one = await startEmulator({ platform: "vrp", hostname: "SW1", users: [], ports: PORTS });
        for (const edit of edits) one.handEdit(edit);
        const text = one.running();
        const two = await startEmulator({
          platform: "vrp",
          hostname: "OTHER",
          users: [],
          ports: PORTS,
          config: text,
        });
        expect(two.running()).toBe(text);
        expect(two.log.filter((entry) => entry.kind === "boot-refused")).toEqual([]);
        await Promise.all([one.stop(), two.stop()]);
      }),
      { numRuns: 40 },
    );
  });
});
