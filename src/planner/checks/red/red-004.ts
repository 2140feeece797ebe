import type { DeviceIntent, GatewayIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { rootsOf } from "../lib/spanning-tree.ts";
import type { Problem } from "../types.ts";

interface Sharer {
  readonly device: DeviceIntent;
  readonly gateway: GatewayIntent;
  readonly vrrp: NonNullable<GatewayIntent["vrrp"]>;
}

/** Who shares each gateway, the leader first. */
function groupsOf(site: Site): Sharer[][] {
  const groups = new Map<string, Sharer[]>();
  for (const device of site.devices) {
    for (const gateway of device.gateways) {
      if (gateway.vrrp === undefined) continue;
      const sharer = { device, gateway, vrrp: gateway.vrrp };
      groups.set(gateway.network, [...(groups.get(gateway.network) ?? []), sharer]);
    }
  }
  return [...groups.values()].map((group) => group.sort((a, b) => b.vrrp.priority - a.vrrp.priority));
}

/** Who leads is decided, and leads in layer 2 as well. Resolving reports equal priorities. */
export const red004 = defineCheck({
  id: "RED-004",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: { en: "VRRP leader decided, and root of the tree", zh: "VRRP 主备明确，且与根桥一致" },
  rationale: {
    en: "When the router and the root are two boxes, every packet crosses the link between them.",
    zh: "VRRP 主与根桥不在同一台时，所有流量都要绕行互联链路。",
  },
  mend: {
    en: "Give the device with the lowest spanning-tree priority the highest VRRP priority, and the same `preempt` to both.",
    zh: "生成树优先级最小的设备应有最大的 VRRP 优先级，两端 `preempt` 一致。",
  },
  find: (site) => {
    const [root] = rootsOf(site);
    return groupsOf(site).flatMap((group): Problem[] => {
      const [leader, ...others] = group;
      if (leader === undefined) return [];
      const { network, origin } = leader.gateway;
      if (others.length === 0)
        return [
          {
            where: origin,
            message: `${network} has a VRRP group with ${leader.device.name} alone`,
            hint: "name a second device in gateway: {on: …}",
          },
        ];
      const odd = others.find((other) => other.vrrp.preempt !== leader.vrrp.preempt);
      const problems: Problem[] = odd
        ? [
            {
              where: origin,
              message: `${network}: ${leader.device.name} and ${odd.device.name} differ in preempt`,
              hint: "write preempt once, at the gateway",
            },
          ]
        : [];
      const sharesTree = root !== undefined && group.some((sharer) => sharer.device === root);
      if (!sharesTree || leader.device === root) return problems;
      return [
        ...problems,
        {
          where: origin,
          message: `${network}: ${leader.device.name} routes, while ${root.name} is the root of the tree`,
          hint: `give ${root.name} the highest priority of the group, or swap spanningTree priorities`,
          related: [root.origin],
        },
      ];
    });
  },
});
