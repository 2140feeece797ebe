import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

/** Between the outside and what matters stands a firewall. */
export const zon003 = defineCheck({
  id: "ZON-003",
  severity: "error",
  title: { en: "Important zones not next to the outside", zh: "重要区域不与外部边界直接相邻" },
  rationale: {
    en: "A router that has a line and an important network on it is one mistake away from opening it.",
    zh: "同一台无防火墙功能的设备既接外线又接重要区域，一个失误即可敞开。",
  },
  mend: {
    en: "Move the line, or the gateway of the important network, to a firewall.",
    zh: "将外线或重要网络的网关迁到防火墙。",
  },
  find: (site) => {
    const { zones, networks } = indexOf(site);
    return site.devices.flatMap((device) => {
      const line = site.wan.find((link) => link.device === device.name);
      if (line === undefined || device.firewall !== undefined) return [];
      return device.gateways
        .map((gateway) => networks.get(gateway.network))
        .filter((network) => network !== undefined)
        .filter((network) => zones.get(network.zone ?? "")?.important === true)
        .map((network) => ({
          where: device.origin,
          message: `${device.name} has the line ${line.name} and routes for ${network.name} (${network.zone}), without a firewall`,
          hint: "move the line or the gateway to a firewall",
          related: [line.origin, network.origin],
        }));
    });
  },
});
