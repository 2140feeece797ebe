import { parsePrefix } from "../../../model/address.ts";
import { defineCheck } from "../define.ts";

/** Two routers need two addresses. */
export const ipp014 = defineCheck({
  id: "IPP-014",
  severity: "info",
  title: { en: "/31 between two routers", zh: "点到点互联使用 /31" },
  rationale: {
    en: "A wider network between two routers invites a third, and its broadcast address answers.",
    zh: "互联网段过大会给第三者留出位置，并浪费地址。",
  },
  mend: {
    en: "Write a /31 (RFC 3021) at the transit network.",
    zh: "互联网络（purpose: transit）写 /31（RFC 3021）。",
  },
  find: (site) =>
    site.networks.flatMap((network) => {
      const length = network.ipv4 === undefined ? undefined : parsePrefix(network.ipv4)?.prefix.length;
      if (
        network.purpose !== "transit" ||
        length === undefined ||
        length >= 30 ||
        network.routers.length !== 2
      )
        return [];
      return [
        {
          where: network.origin,
          message: `${network.name} joins two routers with ${network.ipv4}`,
          hint: "write a /31 (RFC 3021), or a /30 where a vendor cannot",
        },
      ];
    }),
});
