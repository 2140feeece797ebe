import {
  containsPrefix,
  formatPrefix,
  overlaps,
  type Prefix,
  parsePrefix,
  prefixAround,
} from "../../../model/address.ts";
import type { Network, Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";

interface Area {
  readonly site: Site;
  readonly cover: Prefix;
  readonly networks: readonly { readonly network: Network; readonly prefix: Prefix }[];
}

const areas = new WeakMap<readonly Site[], Map<string, Area[]>>();

function coverOf(prefixes: readonly Prefix[]): Prefix | undefined {
  let [cover] = prefixes;
  for (const prefix of prefixes) {
    while (cover !== undefined && !containsPrefix(cover, prefix)) {
      if (cover.length === 0) return cover;
      cover = prefixAround({ version: cover.version, value: cover.base }, cover.length - 1);
    }
  }
  return cover;
}

function areaOf(site: Site): Area | undefined {
  const networks = site.networks.flatMap((network) => {
    const prefix =
      network.ipv4 === undefined || network.reuse ? undefined : parsePrefix(network.ipv4)?.prefix;
    return prefix === undefined ? [] : [{ network, prefix }];
  });
  const cover = coverOf(networks.map(({ prefix }) => prefix));
  return cover === undefined ? undefined : { site, cover, networks };
}

/** What each site of a client covers, made once for a run. */
function areasOf(sites: readonly Site[]): Map<string, Area[]> {
  const before = areas.get(sites);
  if (before) return before;
  const made = new Map<string, Area[]>();
  for (const site of sites) {
    const area = areaOf(site);
    if (area) made.set(site.client, [...(made.get(site.client) ?? []), area]);
  }
  areas.set(sites, made);
  return made;
}

/** A site is one route to the others. */
export const ipp013 = defineCheck({
  id: "IPP-013",
  severity: "info",
  title: { en: "A site's networks can be summarised", zh: "站点网段可汇总" },
  rationale: {
    en: "Networks scattered over the plan need a route each, in every router and every tunnel.",
    zh: "零散的网段使每台路由器、每条隧道都要逐条配置路由。",
  },
  mend: {
    en: "Give each site a block, and its networks prefixes of it (a pool a site does so).",
    zh: "每站点分配一个地址块，其网络从中取段（每站点一个地址池即可）。",
  },
  find: (site, context) => {
    const all = areasOf(context.sites).get(site.client) ?? [];
    const mine = all.find((area) => area.site === site);
    if (mine === undefined || mine.networks.length < 2) return [];
    for (const other of all) {
      if (other === mine || !overlaps(mine.cover, other.cover)) continue;
      const inside = other.networks.find(({ prefix }) => containsPrefix(mine.cover, prefix));
      if (inside === undefined) continue;
      return [
        {
          where: site.origin,
          message: `one route to this site, ${formatPrefix(mine.cover)}, would take ${inside.network.name} of ${other.site.id}`,
          hint: "give each site a block of its own, and its networks prefixes of it",
          related: [inside.network.origin],
        },
      ];
    }
    return [];
  },
});
