import { defineCheck } from "../define.ts";
import { hostPorts, indexOf, isUserVlan } from "../lib/site-index.ts";

/** Nobody claims another one's address. */
export const l2008 = defineCheck({
  id: "L2-008",
  severity: "info",
  title: { en: "ARP inspection where DHCP is snooped", zh: "启用 DHCP Snooping 的 VLAN 同时启用 ARP 检测" },
  rationale: {
    en: "One forged ARP answer makes a neighbour's traffic pass through the forger.",
    zh: "一条伪造的 ARP 应答即可让邻居流量经过攻击者。",
  },
  mend: {
    en: "Keep `dhcpSnooping: true` at the network and take a switch whose model has arp-inspection; it follows from both.",
    zh: "网络保持 `dhcpSnooping: true`，并选用支持 arp-inspection 的型号；两者齐备即启用。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => {
      const used = new Set(hostPorts(site, device).map((port) => port.accessVlan));
      const inspected = new Set(device.layer2.arpInspection);
      const snooped = new Set(device.layer2.dhcpSnooping);
      const open = device.vlans.filter(
        (vlan) =>
          vlan.purpose === "data" &&
          used.has(vlan.id) &&
          isUserVlan(site, vlan.id) &&
          !inspected.has(vlan.id),
      );
      const blind = [...inspected].filter((vlan) => !snooped.has(vlan)).sort((a, b) => a - b);
      return [
        ...open.map((vlan) => ({
          where: vlan.origin,
          message: `${device.name} does not inspect ARP in ${vlan.name} (VLAN ${vlan.id})`,
          hint: `write dhcpSnooping: true at the network ${vlan.name}`,
          related: [device.origin],
        })),
        ...blind.map((vlan) => ({
          where: device.origin,
          severity: "error" as const,
          message: `${device.name} inspects ARP in VLAN ${vlan} without DHCP snooping: all of it is dropped`,
          hint: "turn DHCP snooping on for the same VLAN",
        })),
      ];
    }),
});
