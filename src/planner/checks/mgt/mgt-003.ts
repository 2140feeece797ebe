import { defineCheck } from "../define.ts";
import { indexOf, zoneOfNetwork } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** Devices are managed in a network of their own. */
export const mgt003 = defineCheck({
  id: "MGT-003",
  severity: "warning",
  title: {
    en: "Management in a VRF or a network of its own, not VLAN 1",
    zh: "管理使用独立 VRF 或专用网段，且不在 VLAN 1",
  },
  rationale: {
    en: "In a shared network every user is a neighbour of the switch that he is plugged into.",
    zh: "若管理与业务同网段，每个用户都是设备的二层邻居，可直接攻击管理面。",
  },
  mend: {
    en: "Give management a network with `zone:` of kind management (and `vrf:` where the platform has it), other than VLAN 1.",
    zh: "为管理建立专用网络，zone 的 kind 设为 management（可加 vrf），且不用 VLAN 1。",
  },
  find: (site) =>
    indexOf(site).networkDevices.flatMap((device): Problem[] => {
      const { network, vlan } = device.management;
      if (vlan === 1)
        return [
          {
            where: device.origin,
            severity: "error",
            message: `${device.name} is managed in VLAN 1`,
            hint: `give the network ${network} another VLAN id`,
          },
        ];
      const entry = indexOf(site).networks.get(network);
      if (entry?.vrf !== undefined || zoneOfNetwork(site, network)?.kind === "management") return [];
      return [
        {
          where: device.origin,
          message: `${device.name} is managed in ${network}, which is no management network`,
          hint: `write management: {network: …} with one whose zone has kind: management`,
          ...(entry ? { related: [entry.origin] } : {}),
        },
      ];
    }),
});
