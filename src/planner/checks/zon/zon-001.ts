import { comparePrefixes, containsPrefix, type Prefix, parsePrefix } from "../../../model/address.ts";
import type { Zone } from "../../../model/policy.ts";
import type { Network, Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { zonesInUse } from "../lib/zones-in-use.ts";
import type { Problem } from "../types.ts";

const RESERVED = new Set(["internet", "unassigned", "self"]);

/** Pairs of networks of different zones that share addresses: a sweep over the sorted prefixes. */
function overlapping(site: Site): { readonly outer: Network; readonly inner: Network }[] {
  const claims = site.networks
    .flatMap((network) =>
      [network.ipv4, network.ipv6, ...network.secondary].flatMap((text) => {
        const prefix = text === undefined ? undefined : parsePrefix(text)?.prefix;
        return prefix === undefined ? [] : [{ network, prefix }];
      }),
    )
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const pairs: { outer: Network; inner: Network }[] = [];
  const open: { network: Network; prefix: Prefix }[] = [];
  for (const claim of claims) {
    while (open.length > 0 && !containsPrefix((open.at(-1) ?? claim).prefix, claim.prefix)) open.pop();
    const outer = open.at(-1)?.network;
    if (outer !== undefined && outer.zone !== claim.network.zone && outer.vrf === claim.network.vrf)
      pairs.push({ outer, inner: claim.network });
    open.push(claim);
  }
  return pairs;
}

/** Each address lies in one zone. */
export const zon001 = defineCheck({
  id: "ZON-001",
  severity: "error",
  title: { en: "Zones are a partition of the addresses", zh: "安全域是地址空间的划分" },
  rationale: {
    en: "An address in two zones is judged by two rows of the matrix, and one of them is wrong.",
    zh: "一个地址落在两个区，就会被矩阵的两行同时判定，必有一错。",
  },
  mend: {
    en: "Give each network its own prefix and one `zone:`; `internet`, `unassigned` and `self` take the rest by themselves.",
    zh: "每个网络一个前缀、一个 `zone:`；`internet`、`unassigned`、`self` 自动涵盖其余。",
  },
  find: (site, context) => {
    const overlaps = overlapping(site).map(
      ({ outer, inner }): Problem => ({
        where: inner.origin,
        message: `${inner.name} (${inner.zone ?? "no zone"}) lies in ${outer.name} (${outer.zone ?? "no zone"})`,
        hint: "give the two networks prefixes that do not overlap, or one zone",
        related: [outer.origin],
      }),
    );
    const reserved = site.networks
      .filter((network) => RESERVED.has(network.zone ?? ""))
      .map(
        (network): Problem => ({
          where: network.origin,
          message: `${network.name} is put into ${network.zone}, which means what no network claims`,
          hint: "name a zone of policies/zones.yaml",
        }),
      );
    const used = (zone: Zone): boolean =>
      // The provider's zones are there for all clients; a client's own for that client.
      zone.origin.file.startsWith(`policies/${site.client}/`)
        ? zonesInUse(context.sites, site.client).has(zone.name)
        : context.sites.some((other) => zonesInUse(context.sites, other.client).has(zone.name));
    const empty = site.policy.zones
      .filter((zone) => !zone.reserved && zone.kind !== "external" && zone.kind !== "device")
      .filter((zone) => !used(zone))
      .map(
        (zone): Problem => ({
          where: zone.origin,
          severity: "info",
          message: `no network is in the zone ${zone.name}`,
          hint: "put a network into it (zone:), or take it away",
        }),
      );
    return [...overlaps, ...reserved, ...empty];
  },
});
