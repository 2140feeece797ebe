import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** Nothing carries traffic without a zone. Resolving reports a prefix without one. */
export const zon002 = defineCheck({
  id: "ZON-002",
  severity: "error",
  decidedBy: ["check", "resolve"],
  title: { en: "Each VLAN, prefix and line belongs to one zone", zh: "每个 VLAN、网段与线路归属唯一区域" },
  rationale: {
    en: "What lies in no zone is judged by nobody: the matrix has no row for it.",
    zh: "不属于任何区的网段不受矩阵约束，无人判定。",
  },
  mend: {
    en: "Write `zone:` at the network; VLANs for parking and native frames need none.",
    zh: "在网络写 `zone:`；停放与本征 VLAN 不需要。",
  },
  find: (site) => {
    const { zones, byVlan } = indexOf(site);
    const without = site.networks
      .filter((network) => network.purpose !== "parking" && network.purpose !== "native")
      .filter((network) => network.zone === undefined)
      .filter((network) => network.ipv4 === undefined && network.ipv6 === undefined)
      .map(
        (network): Problem => ({
          where: network.origin,
          message: `${network.name} (VLAN ${network.vlan}) is in no zone`,
          hint: `write zone: with one of ${
            site.policy.zones
              .filter((zone) => !zone.reserved)
              .map((zone) => zone.name)
              .slice(0, 6)
              .join(", ") || "policies/zones.yaml"
          }`,
        }),
      );
    const split = [...byVlan].flatMap(([vlan, networks]): Problem[] => {
      const [first, ...others] = networks;
      const other = others.find((network) => network.zone !== first?.zone);
      if (first === undefined || other === undefined) return [];
      return [
        {
          where: other.origin,
          message: `VLAN ${vlan} is in two zones: ${first.zone ?? "none"} and ${other.zone ?? "none"}`,
          hint: "give one of the two networks another VLAN",
          related: [first.origin],
        },
      ];
    });
    const lines = site.wan
      .filter((link) => zones.get(link.zone)?.kind !== "external")
      .map(
        (link): Problem => ({
          where: link.origin,
          severity: "warning",
          message: `the line ${link.name} is in ${link.zone}, which is no outside zone`,
          hint: "write zone: internet, or kind: external at its zone",
        }),
      );
    return [...without, ...split, ...lines];
  },
});
