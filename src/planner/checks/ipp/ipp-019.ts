import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

/** Requests reach a DHCP server that is elsewhere. Resolving reports networks that nobody answers in. */
export const ipp019 = defineCheck({
  id: "IPP-019",
  severity: "error",
  decidedBy: ["check", "resolve"],
  title: { en: "A relay where the DHCP server is elsewhere", zh: "跨网段 DHCP 配置中继" },
  rationale: {
    en: "A request is a broadcast and ends at the router, unless the router passes it on.",
    zh: "DHCP 请求是广播，到路由器为止，除非配置中继。",
  },
  mend: {
    en: "Give the network a gateway on a device that can relay, or let the gateway answer (`dhcp: {on: …}`).",
    zh: "网关放在支持中继的设备上，或由网关自身应答（`dhcp: {on: …}`）。",
  },
  find: (site) =>
    site.networks.flatMap((network) => {
      const server = network.dhcp?.server;
      if (server === undefined) return [];
      if (network.routers.some((router) => router.device === server)) return [];
      if (indexOf(site).hosts.get(server)?.network === network.name) return [];
      const answers = site.devices.some(
        (device) =>
          device.name === server && device.gateways.some((gateway) => gateway.network === network.name),
      );
      const relayed = site.devices.some((device) =>
        device.gateways.some((gateway) => gateway.network === network.name && gateway.dhcpRelay.length > 0),
      );
      if (answers || relayed) return [];
      return [
        {
          where: network.origin,
          message: `${network.name}: ${server} answers DHCP from elsewhere, and nobody relays`,
          hint: "give the network a gateway that relays, or dhcp: {on: its gateway}",
        },
      ];
    }),
});
