import { containsAddress, parseAddress } from "../../../model/address.ts";
import { defineCheck } from "../define.ts";
import { connectedOf } from "../lib/connected.ts";

/** A next hop is a neighbour. Resolving reports gateways of lines that are none. */
export const ipp015 = defineCheck({
  id: "IPP-015",
  severity: "error",
  decidedBy: ["check", "resolve"],
  title: { en: "Next hops are directly connected", zh: "静态路由下一跳须直连" },
  rationale: {
    en: "A route over a hop that is no neighbour is not installed, or is looked up in circles.",
    zh: "下一跳不直连的路由不会生效，或造成递归查找。",
  },
  mend: {
    en: "Write `via:` with an address in a network that the device has a leg in.",
    zh: "`via:` 写设备直连网段内的地址。",
  },
  find: (site) =>
    site.devices.flatMap((device) => {
      const connected = connectedOf(device);
      return device.routes.flatMap((route) => {
        const hop = parseAddress(route.nextHop);
        if (!hop || connected.some(({ prefix }) => containsAddress(prefix, hop))) return [];
        return [
          {
            where: route.origin,
            message: `${device.name}: the next hop ${route.nextHop} to ${route.prefix} is no neighbour`,
            hint: "name an address in one of the device's own networks",
            related: [device.origin],
          },
        ];
      });
    }),
});
