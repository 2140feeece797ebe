import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** Inside one subnet no filter stands between two machines. */
export const zon007 = defineCheck({
  id: "ZON-007",
  severity: "error",
  title: { en: "Important and other machines not in one subnet", zh: "重要与非重要资产不在同一网段" },
  rationale: {
    en: "Neighbours in a subnet reach each other past every firewall; assessors fail a site for it.",
    zh: "同网段主机互访不经任何防火墙，等保测评中属高风险项。",
  },
  mend: {
    en: "Put important servers into a network whose zone has `important: true`, and everything else elsewhere.",
    zh: "重要服务器放入 `important: true` 的区，其余放到别处。",
  },
  find: (site) => {
    const { zones, networks } = indexOf(site);
    const important = (zone: string | undefined): boolean => zones.get(zone ?? "")?.important === true;
    const strangers = site.hosts.flatMap((host): Problem[] => {
      const network = networks.get(host.network ?? "");
      if (network === undefined || host.zone === undefined || host.zone === network.zone) return [];
      if (important(host.zone) === important(network.zone)) return [];
      return [
        {
          where: host.origin,
          message: `${host.name} (${host.zone}) shares the subnet ${network.name} (${network.zone ?? "no zone"})`,
          hint: `give it a network of the zone ${host.zone}`,
          related: [network.origin],
        },
      ];
    });
    const misplaced = indexOf(site).servers.flatMap((server): Problem[] => {
      const { criticality } = server.assetFields;
      const network = networks.get(server.management.network);
      if (network === undefined || (criticality !== "high" && criticality !== "critical")) return [];
      if (important(network.zone)) return [];
      const others = site.hosts.filter(
        (host) => host.network === network.name && host.name !== server.name && host.kind === "host",
      );
      const open = network.dhcp !== undefined || others.length > 0;
      if (!open) return [];
      return [
        {
          where: server.origin,
          message: `${server.name} is ${criticality} and shares the subnet ${network.name} with other machines`,
          hint: "give it a network of its own, in a zone with important: true",
          related: [network.origin],
        },
      ];
    });
    const clients = site.networks
      .filter((network) => important(network.zone) && network.dhcp !== undefined)
      .map(
        (network): Problem => ({
          where: network.origin,
          severity: "warning",
          message: `${network.name} is important (${network.zone}), and DHCP lets any machine in`,
          hint: "take dhcp: away, or write reservations only",
        }),
      );
    return [...strangers, ...misplaced, ...clients];
  },
});
