import { containsAddress, parseInterfaceAddress, parsePrefix } from "../../../model/address.ts";
import type { Network } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

/** The length that a network has for an address of a device, where the address lies in it. */
function lengthFor(network: Network, text: string): number | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed === undefined) return undefined;
  return [network.ipv4, network.ipv6, ...network.secondary]
    .flatMap((entry) => (entry === undefined ? [] : (parsePrefix(entry)?.prefix ?? [])))
    .find((prefix) => containsAddress(prefix, parsed.address))?.length;
}

/** All machines of a network agree how large it is. */
export const ipp018 = defineCheck({
  id: "IPP-018",
  severity: "error",
  title: { en: "One mask in each VLAN", zh: "同一 VLAN 内掩码一致" },
  rationale: {
    en: "Machines with different masks reach some neighbours directly and ask the router for others.",
    zh: "掩码不一致的主机对部分邻居直连、对其余走网关，时通时断。",
  },
  mend: {
    en: "Write the address as a host number; the network's prefix gives the mask.",
    zh: "地址只写主机号，掩码由网络的前缀决定。",
  },
  find: (site) =>
    site.devices.flatMap((device) =>
      [...device.gateways, ...device.interfaces].flatMap((leg) => {
        const network = indexOf(site).networks.get(leg.network ?? "");
        if (network === undefined) return [];
        return leg.addresses
          .filter((text) => {
            const length = lengthFor(network, text);
            return length === undefined || length !== parseInterfaceAddress(text)?.prefix.length;
          })
          .map((text) => ({
            where: leg.origin,
            message: `${device.name} has ${text} in ${network.name} (${network.ipv4 ?? network.ipv6 ?? "no prefix"})`,
            hint: "write a host number, and let the network give the length",
            related: [network.origin],
          }));
      }),
    ),
});
