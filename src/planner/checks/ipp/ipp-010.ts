import { parseAddress, parsePrefix, sizeOf } from "../../../model/address.ts";
import type { Network, Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";

const WARN_PERCENT = 75;
const CRITICAL_PERCENT = 90;
/** Smaller networks are made to be full. */
const LONGEST = 28;

/** How many hosts of each network have an address, by the network's name. */
function fixedHosts(site: Site): Map<string, number> {
  const counts = new Map<string, number>();
  for (const host of site.hosts) {
    if (host.network === undefined || host.address === undefined) continue;
    counts.set(host.network, (counts.get(host.network) ?? 0) + 1);
  }
  return counts;
}

function rangeSize([from, to]: readonly [string, string]): number {
  const low = parseAddress(from);
  const high = parseAddress(to);
  return low && high && high.value >= low.value ? Number(high.value - low.value) + 1 : 0;
}

function percentUsed(network: Network, fixed: number): number | undefined {
  const prefix = network.ipv4 === undefined ? undefined : parsePrefix(network.ipv4)?.prefix;
  if (prefix === undefined || prefix.length > LONGEST || network.secondary.length > 0) return undefined;
  const dynamic = network.dhcp?.ranges.reduce((sum, range) => sum + rangeSize(range), 0) ?? 0;
  const room = Number(sizeOf(prefix)) - 2 - dynamic;
  return fixed === 0 ? 0 : Math.floor((fixed * 100) / Math.max(room, fixed));
}

/** Networks are not full: fixed addresses against what DHCP leaves. How full DHCP is, its leases tell. */
export const ipp010 = defineCheck({
  id: "IPP-010",
  severity: "warning",
  title: {
    en: "Room left in each network (75 % warns, 90 % is critical)",
    zh: "网段地址余量（75% 预警，90% 严重）",
  },
  rationale: {
    en: "When the last address is gone the next machine does not start, on a Monday morning.",
    zh: "最后一个地址用完后，下一台机器就上不了网。",
  },
  mend: {
    en: "Widen the network, or shrink the DHCP range to what is needed.",
    zh: "扩大网段，或将 DHCP 范围缩到实际所需。",
  },
  find: (site) => {
    const fixed = fixedHosts(site);
    return site.networks.flatMap((network) => {
      const percent = percentUsed(network, fixed.get(network.name) ?? 0);
      if (percent === undefined || percent < WARN_PERCENT) return [];
      return [
        {
          where: network.origin,
          severity: percent >= CRITICAL_PERCENT ? ("warning" as const) : ("info" as const),
          message: `${network.name} (${network.ipv4}): ${percent} % of the addresses beside DHCP are given out`,
          hint: "take a wider prefix, or move hosts to another network",
        },
      ];
    });
  },
});
