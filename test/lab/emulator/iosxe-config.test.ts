import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";

const PORTS = Array.from({ length: 6 }, (_, index) => `GigabitEthernet1/0/${index + 1}`);
const started: Emulator[] = [];
let device: Emulator;

async function boot(config?: string): Promise<Emulator> {
  const made = await startEmulator({
    platform: "iosxe",
    hostname: "SW1",
    users: [],
    ports: PORTS,
    ...(config === undefined ? {} : { config }),
  });
  started.push(made);
  return made;
}

/** The lines of a block of the running configuration. */
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

const has = (line: string): boolean => device.running().split("\n").includes(line);

beforeEach(async () => {
  device = await boot();
});

afterAll(async () => {
  await Promise.all(started.map((one) => one.stop()));
});

describe("an IOS-XE switch keeps what it is told in the vendor's spelling and order", () => {
  it.each([
    [["switchport trunk allowed vlan 10,20,30-32"], "switchport trunk allowed vlan 10,20,30-32"],
    [["switchport trunk allowed vlan 10,11"], "switchport trunk allowed vlan 10,11"],
    [
      ["switchport trunk allowed vlan 10", "switchport trunk allowed vlan add 20"],
      "switchport trunk allowed vlan 10,20",
    ],
    [
      ["switchport trunk allowed vlan 10,20,30", "switchport trunk allowed vlan remove 20"],
      "switchport trunk allowed vlan 10,30",
    ],
    [["switchport trunk allowed vlan except 2-4094"], "switchport trunk allowed vlan 1"],
    [["switchport trunk allowed vlan none"], "switchport trunk allowed vlan none"],
  ])("%j leaves %s", (lines, kept) => {
    device.handEdit(["interface gi1/0/1", ...lines]);
    expect(block("interface GigabitEthernet1/0/1")).toEqual([kept]);
  });

  it("does not print that a trunk lets all VLANs through", () => {
    device.handEdit([
      "interface gi1/0/1",
      "switchport trunk allowed vlan 10",
      "switchport trunk allowed vlan all",
    ]);
    expect(block("interface GigabitEthernet1/0/1")).toEqual([]);
  });

  it("breaks a long list of VLANs into `add` lines that mean the same when read back", async () => {
    const odd = Array.from({ length: 60 }, (_, index) => 100 + index * 2).join(",");
    device.handEdit(["interface gi1/0/1", `switchport trunk allowed vlan ${odd}`]);
    const lines = block("interface GigabitEthernet1/0/1");
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.slice(1).every((line) => line.startsWith("switchport trunk allowed vlan add "))).toBe(true);
    expect((await boot(device.running())).running()).toBe(device.running());
  });

  it("prints the lines of an access port in the switch's order, whatever order they were typed in", () => {
    device.handEdit([
      "interface GigabitEthernet 1/0/2",
      "spanning-tree bpduguard enable",
      "spanning-tree portfast",
      "storm-control broadcast level 1",
      "switchport mode access",
      "switchport voice vlan 30",
      "switchport access vlan 10",
      "switchport port-security maximum 2",
      "switchport port-security violation restrict",
      "switchport port-security",
      "ip dhcp snooping limit rate 15",
      "description user 1F",
    ]);
    expect(block("interface GigabitEthernet1/0/2")).toEqual([
      "description user 1F",
      "switchport access vlan 10",
      "switchport mode access",
      "switchport voice vlan 30",
      "switchport port-security maximum 2",
      "switchport port-security violation restrict",
      "switchport port-security",
      "storm-control broadcast level 1.00",
      "spanning-tree portfast",
      "spanning-tree bpduguard enable",
      "ip dhcp snooping limit rate 15",
    ]);
  });

  it("makes the VLAN that an access port names", () => {
    device.handEdit(["interface gi1/0/1", "switchport access vlan 55"]);
    expect(has("vlan 55")).toBe(true);
  });

  it("prints VLANs without a name together", () => {
    device.handEdit(["vlan 10,20-22", "vlan 20", "name SERVERS"]);
    expect(device.running()).toContain("vlan 10\n!\nvlan 20\n name SERVERS\n!\nvlan 21-22\n!\n");
  });

  it("leaves ports in a VLAN that was deleted under them", () => {
    device.handEdit(["interface gi1/0/1", "switchport access vlan 55", "no vlan 55"]);
    expect(has("vlan 55")).toBe(false);
    expect(block("interface GigabitEthernet1/0/1")).toEqual(["switchport access vlan 55"]);
  });

  it.each([
    [
      ["permit tcp 10.0.10.7 0.0.0.255 host 10.0.20.5 eq 80"],
      "10 permit tcp 10.0.10.0 0.0.0.255 host 10.0.20.5 eq www",
    ],
    [["permit udp any any eq 53"], "10 permit udp any any eq domain"],
    [["permit tcp any any range 8000 8010"], "10 permit tcp any any range 8000 8010"],
    [["permit 6 any any eq 22"], undefined],
    [["permit ip 0.0.0.0 255.255.255.255 10.0.0.1 0.0.0.0 log"], "10 permit ip any host 10.0.0.1 log"],
    [["permit icmp any any echo"], "10 permit icmp any any echo"],
    [["permit tcp any any established"], "10 permit tcp any any established"],
    [["25 deny ip any any", "permit ip any host 10.0.0.9"], "25 deny ip any any"],
    [["remark R0012 a remark"], "10 remark R0012 a remark"],
  ])("an extended list understands %j", (lines, kept) => {
    const type = (): void => device.handEdit(["ip access-list extended A", ...lines]);
    if (kept === undefined) expect(type).toThrow(/refused/);
    else {
      type();
      expect(block("ip access-list extended A")).toContain(kept);
    }
  });

  it("prints standard lists as the switch does, hosts bare and `deny` padded", () => {
    device.handEdit([
      "access-list 5 permit 10.0.0.0 0.0.0.255",
      "access-list 5 permit host 10.1.1.1",
      "access-list 5 deny any",
    ]);
    expect(block("ip access-list standard 5")).toEqual([
      "10 permit 10.0.0.0 0.0.0.255",
      "20 permit 10.1.1.1",
      "30 deny   any",
    ]);
  });

  it("numbers entries by tens, deletes by number or text, and renumbers", () => {
    device.handEdit([
      "ip access-list extended A",
      "permit ip any host 10.0.0.1",
      "permit ip any host 10.0.0.2",
      "15 permit ip any host 10.0.0.3",
      "no 10",
      "no permit ip any host 10.0.0.2",
      "permit ip any host 10.0.0.4",
      "exit",
      "ip access-list resequence A 100 5",
    ]);
    expect(block("ip access-list extended A")).toEqual([
      "100 permit ip any host 10.0.0.3",
      "105 permit ip any host 10.0.0.4",
    ]);
  });

  it("refuses to put an entry on a number that is taken", () => {
    device.handEdit(["ip access-list extended A", "10 permit ip any any"]);
    expect(() => device.handEdit(["ip access-list extended A", "10 deny ip any any"])).toThrow(
      /Duplicate sequence number/,
    );
  });

  it("keeps a filter on an interface whose list was deleted", () => {
    device.handEdit([
      "vlan 10",
      "interface Vlan10",
      "ip access-group A in",
      "ip access-list extended A",
      "permit ip any any",
      "no ip access-list extended A",
    ]);
    expect(block("interface Vlan10")).toContain("ip access-group A in");
  });

  it("bundles ports, makes the port-channel, and hands its changes down to the members", () => {
    device.handEdit([
      "interface range gi1/0/1-2",
      "channel-group 1 mode active",
      "interface port-channel 1",
      "switchport mode trunk",
      "switchport trunk allowed vlan 10",
    ]);
    expect(block("interface Port-channel1")).toEqual([
      "switchport trunk allowed vlan 10",
      "switchport mode trunk",
    ]);
    expect(block("interface GigabitEthernet1/0/2")).toEqual([
      "switchport trunk allowed vlan 10",
      "switchport mode trunk",
      "channel-group 1 mode active",
    ]);
  });

  it.each([
    [["no interface gi1/0/1"], /Removal of physical interfaces is not permitted/],
    [["interface gi1/0/99"], /refused/],
    [["no vlan 1"], /may not be deleted/],
    [["interface gi1/0/1", "switchport port-security"], /dynamic port/],
    [["interface gi1/0/1", "ip address 10.0.0.1 255.255.255.0"], /may not be configured on L2 links/],
    [["vlan 10", "name A", "vlan 20", "name A"], /identical name/],
    [["ip route 10.0.0.1 255.255.255.0 10.0.0.254"], /Inconsistent address and mask/],
    [
      [
        "interface Vlan10",
        "ip address 10.0.0.1 255.255.255.0",
        "interface Vlan20",
        "ip address 10.0.0.2 255.255.255.0",
      ],
      /overlaps with Vlan10/,
    ],
    [["switchport mode access"], /refused/],
    [["spanning-tree vlan 10 priority 5"], /increments of 4096/],
  ])("refuses %j", (lines, message) => {
    expect(() => device.handEdit(lines)).toThrow(message);
  });

  it.each([
    [
      "permit tcp 2001:db8::/64 host 2001:0db8:0:0::5 eq 80",
      "sequence 10 permit tcp 2001:DB8::/64 host 2001:DB8::5 eq www",
    ],
    ["sequence 25 deny ipv6 any any log", "sequence 25 deny ipv6 any any log"],
    ["permit udp any any eq 53", "sequence 10 permit udp any any eq domain"],
    ["permit icmp any any nd-na", "sequence 10 permit icmp any any nd-na"],
  ])("an IPv6 list keeps %s as the switch spells it", (typed, kept) => {
    device.handEdit(["ipv6 access-list SIX", typed]);
    expect(block("ipv6 access-list SIX")).toEqual([kept]);
  });

  it("keeps a VRRP group in a view of its own, once version 3 is spoken", () => {
    const group = [
      "vlan 10",
      "interface Vlan10",
      "ip address 10.0.10.2 255.255.255.0",
      "vrrp 10 address-family ipv4",
    ];
    expect(() => device.handEdit(group)).toThrow(/refused/);
    device.handEdit([
      "fhrp version vrrp v3",
      ...group,
      "priority 120",
      "no preempt",
      "address 10.0.10.1 primary",
      "exit-vrrp",
      "shutdown",
    ]);
    expect(device.running()).toContain(
      "interface Vlan10\n ip address 10.0.10.2 255.255.255.0\n vrrp 10 address-family ipv4\n  priority 120\n  no preempt\n  address 10.0.10.1 primary\n  exit-vrrp\n shutdown\n",
    );
  });

  it("keeps secrets as type 9 hashes with a fresh salt each time", () => {
    device.handEdit(["username ops privilege 15 algorithm-type scrypt secret Very-secret-1"]);
    const first = /^username ops privilege 15 secret 9 (\$9\$\S+)$/m.exec(device.running())?.[1];
    device.handEdit(["username ops privilege 15 secret Very-secret-1"]);
    const second = /^username ops privilege 15 secret 9 (\$9\$\S+)$/m.exec(device.running())?.[1];
    expect(first).toMatch(/^\$9\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}$/);
    expect(second).not.toBe(first);
  });

  it("keeps a banner of several lines, and does not confuse it with commands", async () => {
    device.handEdit(["banner login @Keep out", "vlan 99", "@"]);
    expect(device.running()).toContain("banner login ^CKeep out\nvlan 99\n^C\n");
    expect(device.running()).not.toMatch(/\nvlan 99\n!/);
    expect((await boot(device.running())).running()).toBe(device.running());
  });

  it("sets an interface back to its defaults", () => {
    device.handEdit(["interface gi1/0/1", "shutdown", "description x", "default interface gi1/0/1"]);
    expect(block("interface GigabitEthernet1/0/1")).toEqual([]);
  });

  it("gives terminal lines 0-4 and 5-15 their own blocks when a range is typed across them", () => {
    device.handEdit(["line vty 0 15", "access-class MGMT in vrf-also", "exec-timeout 5 0"]);
    expect(block("line vty 0 4")).toEqual([
      "access-class MGMT in vrf-also",
      "exec-timeout 5 0",
      "login",
      "transport input ssh",
    ]);
    expect(block("line vty 5 15")).toEqual(block("line vty 0 4"));
  });

  it("does not print defaults", () => {
    const before = device.running();
    device.handEdit([
      "interface gi1/0/1",
      "switchport access vlan 1",
      "no shutdown",
      "switchport mode dynamic auto",
      "speed auto",
      "snmp trap link-status",
      "exit",
      "ip domain lookup",
      "ip http server",
    ]);
    expect(device.running()).toBe(before);
  });

  it("hides the VLANs of a VTP server, and finds them again after a reload without a save", async () => {
    device.handEdit(["vtp mode server", "vlan 10", "name OFFICE"]);
    expect(has("vlan 10")).toBe(false);
    const server = await boot("vtp mode server\n");
    server.handEdit(["vlan 77", "name KEPT"]);
    await server.powerCycle();
    server.handEdit(["vtp mode transparent"]);
    expect(server.running()).toContain("vlan 77\n name KEPT\n");
  });

  it("reads back what it printed, for any mix of lines (law)", async () => {
    const vlan = fc.integer({ min: 2, max: 1001 });
    const line = fc.oneof(
      vlan.map((id) => [`vlan ${id}`]),
      vlan.map((id) => [`vlan ${id}`, `name N${id}`]),
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), vlan)
        .map(([port, id]) => [
          `interface gi1/0/${port}`,
          "switchport mode access",
          `switchport access vlan ${id}`,
        ]),
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), fc.array(vlan, { minLength: 1, maxLength: 40 }))
        .map(([port, ids]) => [
          `interface gi1/0/${port}`,
          "switchport mode trunk",
          `switchport trunk allowed vlan ${ids.join(",")}`,
        ]),
      fc
        .tuple(fc.constantFrom("A", "B"), fc.integer({ min: 1, max: 65535 }))
        .map(([name, port]) => [
          `ip access-list extended ${name}`,
          `permit tcp any host 10.0.0.1 eq ${port}`,
        ]),
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 }))
        .map(([port, group]) => [
          `interface gi1/0/${port}`,
          `no channel-group`,
          `channel-group ${group} mode active`,
        ]),
      vlan.map((id) => [`interface Vlan${id}`, "no ip proxy-arp", "shutdown"]),
      vlan.map((id) => [`no vlan ${id}`]),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (edits) => {
        const one = await startEmulator({ platform: "iosxe", hostname: "SW1", users: [], ports: PORTS });
        for (const edit of edits) one.handEdit(edit);
        const text = one.running();
        const two = await startEmulator({
          platform: "iosxe",
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
