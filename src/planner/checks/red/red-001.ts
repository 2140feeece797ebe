import { defineCheck } from "../define.ts";
import { isRouting } from "../lib/connected.ts";
import { outageSeverity } from "../lib/criticality.ts";
import { indexOf } from "../lib/site-index.ts";

/** The boxes that all traffic passes are two. */
export const red001 = defineCheck({
  id: "RED-001",
  severity: "warning",
  title: {
    en: "Core and firewall in pairs, or the single point accepted",
    zh: "核心与防火墙成对部署，或书面接受单点",
  },
  rationale: {
    en: "When the only router fails the site stands still until somebody has driven there with another.",
    zh: "唯一的路由设备故障后，全站停摆直到有人带备机到场。",
  },
  mend: {
    en: "Make it a pair or stack (`members:`), share its gateways by VRRP (`group:`), or accept it with a waiver.",
    zh: "组成双机或堆叠（`members:`），网关用 VRRP（`group:`），或以豁免形式书面接受。",
  },
  find: (site, context) =>
    site.devices
      .filter((device) => isRouting(device) && device.members.length < 2)
      .filter(
        (device) => context.facts.get(site.id)?.devices.get(device.name)?.acceptedSinglePoint === undefined,
      )
      .map((device) => ({
        device,
        alone: device.gateways.filter(
          (gateway) =>
            gateway.vrrp === undefined &&
            !gateway.management &&
            indexOf(site).networks.get(gateway.network)?.purpose !== "transit",
        ),
      }))
      .filter(({ alone }) => alone.length > 0)
      .map(({ device, alone }) => ({
        where: device.origin,
        severity: outageSeverity(site),
        message: `${device.name} is a single box, and ${alone.length} networks have no other router`,
        hint: "write members: with a second box, or share the gateways by VRRP",
      })),
});
