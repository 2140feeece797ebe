import {
  containsPrefix,
  parseInterfaceAddress,
  parsePrefix,
  prefixAround,
  reservedBlockOf,
} from "../../../model/address.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import type { CheckContext, Problem } from "../types.ts";

/** Public blocks that somebody has said are the client's: those of its lines, and those on record. */
function ownedPrefixes(site: Site, context: CheckContext) {
  const lines = site.wan
    .flatMap((link) => [link.ipv4, link.ipv6])
    .flatMap((text) => {
      const parsed = text === undefined ? undefined : parseInterfaceAddress(text);
      return parsed ? [prefixAround(parsed.address, parsed.prefix.length)] : [];
    });
  const facts = context.facts.get(site.id)?.ownedPrefixes ?? [];
  return [...lines, ...facts.flatMap((text) => parsePrefix(text)?.prefix ?? [])];
}

/** Public space is used by its owner. Resolving reports carrier space. */
export const ipp005 = defineCheck({
  id: "IPP-005",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: {
    en: "Private space inside, public space only where it is owned",
    zh: "内部用私有地址，公网地址须为自有",
  },
  rationale: {
    en: "Public addresses of somebody else, used inside, make his part of the internet unreachable from here.",
    zh: "内网擅用他人公网地址，会使对应的互联网站点不可达。",
  },
  mend: {
    en: "Take a block of RFC 1918, or a pool whose block the client owns (`ipv4: {pool: …, length: 24}`).",
    zh: "改用 RFC 1918 地址，或使用客户自有地址块的地址池。",
  },
  find: (site, context) =>
    site.networks.flatMap((network): Problem[] => {
      if (network.pools.length > 0) return [];
      return [network.ipv4, network.ipv6, ...network.secondary].flatMap((text): Problem[] => {
        const prefix = text === undefined ? undefined : parsePrefix(text)?.prefix;
        if (prefix === undefined || reservedBlockOf(prefix)) return [];
        if (ownedPrefixes(site, context).some((owned) => containsPrefix(owned, prefix))) return [];
        return [
          {
            where: network.origin,
            ...(prefix.version === 6 ? { severity: "info" } : {}),
            message: `${network.name} uses public space, ${text}, and nothing says that the client owns it`,
            hint: "take it from a pool of the client, or use a private block",
          },
        ];
      });
    }),
});
