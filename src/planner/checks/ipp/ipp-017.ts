import { containsPrefix, formatAddress, parsePrefix } from "../../../model/address.ts";
import { defineCheck } from "../define.ts";
import { connectedOf } from "../lib/connected.ts";
import type { Problem } from "../types.ts";

/** No route leads nowhere. Resolving reports (and leaves out) a route to a network that the device has itself. */
export const ipp017 = defineCheck({
  id: "IPP-017",
  severity: "error",
  decidedBy: ["check", "resolve"],
  title: { en: "No route to an own network, or to oneself", zh: "静态路由不指向直连网段或自身" },
  rationale: {
    en: "A route that points back at its own device drops all it takes; one to an own network splits it.",
    zh: "指向自身的路由会丢弃全部流量；指向直连网段的路由会割裂该网段。",
  },
  mend: { en: "Take the route away, or correct its `via:`.", zh: "删除该路由，或更正 `via:`。" },
  find: (site) =>
    site.devices.flatMap((device) => {
      const connected = connectedOf(device);
      const own = new Set(connected.map(({ address }) => formatAddress(address)));
      return device.routes.flatMap((route): Problem[] => {
        if (own.has(route.nextHop))
          return [
            {
              where: route.origin,
              message: `${device.name}: the route to ${route.prefix} points at ${device.name} itself (${route.nextHop})`,
              hint: "name the next router in via:",
            },
          ];
        const prefix = parsePrefix(route.prefix)?.prefix;
        const inside = prefix && connected.find((leg) => containsPrefix(leg.prefix, prefix));
        if (prefix === undefined || inside === undefined) return [];
        return [
          {
            where: route.origin,
            severity: "warning",
            message: `${device.name}: the route to ${route.prefix} is for a network that it has itself`,
            hint: "take the route away",
          },
        ];
      });
    }),
});
