import { defineCheck } from "../define.ts";
import { perVlan } from "../lib/group-vlans.ts";
import { indexOf, isUserVlan } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

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
  find: (site) => {
    const open = perVlan(
      site,
      (device, vlan) => isUserVlan(site, vlan.id) && !device.layer2.arpInspection.includes(vlan.id),
      "ARP is not inspected in",
    );
    const blind = indexOf(site).switches.flatMap((device) =>
      device.layer2.arpInspection
        .filter((vlan) => !device.layer2.dhcpSnooping.includes(vlan))
        .map(
          (vlan): Problem => ({
            where: device.origin,
            severity: "error",
            message: `${device.name} inspects ARP in VLAN ${vlan} without DHCP snooping: all of it is dropped`,
            hint: "turn DHCP snooping on for the same VLAN",
          }),
        ),
    );
    return [...open, ...blind];
  },
});
