import type { PortIntent } from "../../../../src/model/intent.ts";
import { port, trunk } from "../site-devices.ts";
import { type Draft, deviceOf, named, respell, type World } from "../world.ts";
import type { Row } from "./row.ts";

function portOf(world: World, name: string, device = "sw-1"): Draft<PortIntent> {
  return named(deviceOf(world, device).ports, name);
}

/** Layer 2. */
export const L2_ROWS: readonly Row[] = [
  {
    id: "L2-001",
    title: "a trunk whose native VLAN is 1 is told",
    spoil: (w) => {
      portOf(w, "Te1/1/1").nativeVlan = 1;
    },
    says: "native VLAN 1",
  },
  {
    id: "L2-001",
    title: "a native VLAN that carries office traffic between switches is told",
    spoil: (w) => {
      portOf(w, "Te1/1/1").nativeVlan = 10;
      portOf(w, "Te1/1/1", "core-1").nativeVlan = 10;
    },
    says: "carries traffic of its own",
  },
  {
    id: "L2-002",
    title: "a trunk that carries VLAN 1 is told",
    spoil: (w) => {
      portOf(w, "Te1/1/1").taggedVlans.push(1);
    },
    says: "carries VLAN 1",
  },
  {
    id: "L2-002",
    title: "an open port in VLAN 1 is told",
    spoil: (w) => {
      portOf(w, "Gi1/0/1").accessVlan = 1;
    },
    says: "access port in VLAN 1",
  },
  {
    id: "L2-004",
    title: "a port that would negotiate a trunk is told",
    spoil: (w) => respell(w, "sw-1", " switchport nonegotiate\n", ""),
    says: "GigabitEthernet1/0/1 would negotiate",
  },
  {
    id: "L2-004",
    title: "a dynamic port is told",
    spoil: (w) => respell(w, "sw-1", "switchport mode access", "switchport mode dynamic auto"),
    says: "negotiates its mode",
  },
  {
    id: "L2-005",
    title: "host ports of one range without BPDU guard are told once",
    spoil: (w) => {
      for (const name of ["Gi1/0/1", "Gi1/0/2"]) portOf(w, name).bpduGuard = false;
    },
    says: "sw-1:Gi1/0/1 and 1 more have no BPDU guard",
    at: "sw-1.yaml",
  },
  {
    id: "L2-005",
    title: "a host port that is no edge port is mentioned",
    spoil: (w) => {
      portOf(w, "Gi1/0/1").edge = false;
    },
    says: "no edge port",
    severity: "info",
  },
  {
    id: "L2-006",
    title: "a site without a decided root is told",
    spoil: (w) => {
      for (const name of ["core-1", "core-2"]) deviceOf(w, name).layer2.spanningTree = { mode: "rapid-pvst" };
    },
    says: "no switch of the site is to be the root",
  },
  {
    id: "L2-006",
    title: "two switches that both want to be the root are told",
    spoil: (w) => {
      deviceOf(w, "core-2").layer2.spanningTree.priority = 4096;
    },
    says: "both want to be the root",
  },
  {
    id: "L2-006",
    title: "a downlink of the root without root guard is mentioned",
    spoil: (w) => {
      portOf(w, "Te1/1/1", "core-1").rootGuard = false;
    },
    says: "without root guard",
    severity: "info",
  },
  {
    id: "L2-006",
    title: "a switch without loop guard is told",
    spoil: (w) => respell(w, "sw-1", "spanning-tree loopguard default\n", ""),
    says: "no loop guard",
  },
  {
    id: "L2-007",
    title: "a user VLAN without DHCP snooping is told",
    spoil: (w) => {
      const sw = deviceOf(w, "sw-1");
      sw.layer2.dhcpSnooping = [];
      sw.layer2.arpInspection = [];
      named(sw.vlans, "office").dhcpSnooping = false;
    },
    says: "anybody may answer DHCP in office (VLAN 10) on sw-1",
    at: "site.yaml",
  },
  {
    id: "L2-007",
    title: "a trusted host port is an error",
    spoil: (w) => {
      portOf(w, "Gi1/0/1").dhcpTrust = true;
    },
    says: "are believed",
    severity: "error",
  },
  {
    id: "L2-008",
    title: "a user VLAN without ARP inspection is mentioned",
    spoil: (w) => {
      deviceOf(w, "sw-1").layer2.arpInspection = [];
    },
    says: "ARP is not inspected in office (VLAN 10) on sw-1",
    severity: "info",
  },
  {
    id: "L2-008",
    title: "ARP inspection without snooping is an error, for it drops everything",
    spoil: (w) => {
      deviceOf(w, "sw-1").layer2.dhcpSnooping = [];
    },
    says: "all of it is dropped",
    severity: "error",
  },
  {
    id: "L2-009",
    title: "user ports without source guard are mentioned",
    spoil: (w) => respell(w, "sw-1", " ip verify source\n", ""),
    says: "any source address",
    severity: "info",
  },
  {
    id: "L2-010",
    title: "an unused port that is up is an error",
    spoil: (w) => {
      portOf(w, "Gi1/0/4").enabled = true;
    },
    says: "unused and up",
    severity: "error",
  },
  {
    id: "L2-010",
    title: "an unused port outside the parking VLAN is told",
    spoil: (w) => {
      portOf(w, "Gi1/0/4").accessVlan = 10;
    },
    says: "no parking VLAN",
  },
  {
    id: "L2-011",
    title: "a host port without storm control is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").ports[1] = withoutKey(port("Gi1/0/2", 10), "stormControlPercent");
    },
    says: "no storm control",
  },
  {
    id: "L2-012",
    title: "two kinds of spanning tree at one site are told",
    spoil: (w) => {
      deviceOf(w, "sw-1").layer2.spanningTree.mode = "mstp";
    },
    says: "1 of 3 switches speak MSTP",
  },
  {
    id: "L2-012",
    title: "the slow spanning tree is told",
    spoil: (w) => respell(w, "sw-1", "mode rapid-pvst", "mode pvst"),
    says: "slow or off",
  },
  {
    id: "L2-013",
    title: "a user port that takes any number of machines is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").ports[1] = withoutKey(port("Gi1/0/2", 10, { dot1x: false }), "macLimit");
    },
    says: "no limit of MAC addresses",
  },
  {
    id: "L2-014",
    title: "a user port without 802.1X is told",
    spoil: (w) => {
      portOf(w, "Gi1/0/2").dot1x = false;
    },
    says: "no 802.1X",
  },
  {
    id: "L2-016",
    title: "a VTP server is an error",
    spoil: (w) => respell(w, "sw-1", "vtp mode transparent", "vtp mode server"),
    says: "VTP may overwrite",
    severity: "error",
  },
  {
    id: "L2-018",
    title: "one VLAN for voice and data is told",
    spoil: (w) => {
      portOf(w, "Gi1/0/1").voiceVlan = 10;
    },
    says: "same VLAN for voice and data",
  },
  {
    id: "L2-018",
    title: "a voice VLAN that was not made for voice is told",
    spoil: (w) => {
      named(w.site.networks, "phones").purpose = "data";
    },
    says: "not made for voice",
  },
  {
    id: "L2-021",
    title: "unknown unicast on user ports is mentioned",
    spoil: (w) => respell(w, "sw-1", " switchport block unicast\n", ""),
    says: "unknown addresses",
    severity: "info",
  },
  {
    id: "L2-022",
    title: "multicast that floods is mentioned",
    spoil: (w) => respell(w, "sw-1", "vtp mode", "no ip igmp snooping\nvtp mode"),
    says: "multicast goes to every port",
    severity: "info",
  },
  {
    id: "RED-006",
    title: "an aggregation without LACP is told",
    spoil: (w) => {
      const { mode: _mode, ...base } = trunk("Po1", "core-1", "hq/devices/sw-1.yaml");
      deviceOf(w, "sw-1").lags.push({
        ...(base as Draft<typeof base>),
        mode: "trunk",
        id: 1,
        lacp: "static",
        members: ["Te1/1/1"],
      });
    },
    says: "without LACP",
  },
];

function withoutKey(value: PortIntent, key: keyof PortIntent): Draft<PortIntent> {
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => name !== key),
  ) as unknown as Draft<PortIntent>;
}
