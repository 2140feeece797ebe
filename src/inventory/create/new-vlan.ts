import { firstOf, formatPrefix, overlaps, type Prefix, parsePrefix, sizeOf } from "../../model/address.ts";
import type { Network, Site } from "../../model/site.ts";
import { listNames } from "../shape/suggest.ts";
import {
  checkName,
  type Draft,
  type Ground,
  mostCommon,
  setInYaml,
  siteOf,
  textOf,
  WishError,
} from "./draft.ts";

/** What a person says of a new network; everything else is chosen. */
export interface VlanWish {
  readonly name: string | undefined;
  readonly vlan: number | undefined;
  readonly zone: string | undefined;
  /** Length of the IPv4 prefix to find room for. */
  readonly length: number;
}

const LAST_USABLE_VLAN = 1001;
const TIDY_STEP = 10;
/** A site's networks lie together in one block of this length. */
const SITE_LENGTH = 16;

/** A network with a free VLAN id, a free prefix beside the site's others, and the gateway that its zone has. */
export function newVlan(ground: Ground, siteId: string, wish: VlanWish): Draft {
  const site = siteOf(ground, siteId);
  const name = checkName(
    wish.name,
    site.networks.map((network) => network.name),
    "vlan",
  );
  const zone = zoneOf(site, wish.zone ?? name);
  const vlan = freeVlan(site, wish.vlan);
  const prefix = freePrefix(ground, site, wish.length, vlan);
  const on = gatewayFor(site, zone);
  const path = `inventory/${siteId}/site.yaml`;
  const text = setInYaml(textOf(ground, path), ["networks", name], {
    vlan,
    zone,
    ipv4: formatPrefix(prefix),
    ...(on === undefined ? {} : { gateway: { address: 1, on } }),
  });
  return {
    files: new Map([[path, text]]),
    chosen: [`VLAN ${vlan}`, formatPrefix(prefix), `zone ${zone}`, `gateway on ${on ?? "no device"}`],
  };
}

function zoneOf(site: Site, wanted: string): string {
  const zones = site.policy.zones.map((zone) => zone.name);
  if (zones.includes(wanted)) return wanted;
  throw new WishError(`there is no zone ${wanted}`, `add --zone Z; known: ${listNames(zones)}`);
}

function freeVlan(site: Site, wanted: number | undefined): number {
  const used = new Set(site.networks.flatMap((network) => network.vlan ?? []));
  if (wanted !== undefined) {
    const owner = site.networks.find((network) => network.vlan === wanted);
    if (owner === undefined) return wanted;
    throw new WishError(
      `VLAN ${wanted} is ${owner.name}`,
      `leave --vlan away, or take ${freeVlan(site, undefined)}`,
    );
  }
  for (let id = TIDY_STEP; id <= LAST_USABLE_VLAN; id += TIDY_STEP) if (!used.has(id)) return id;
  for (let id = 2; id <= LAST_USABLE_VLAN; id += 1) if (!used.has(id)) return id;
  throw new WishError(`${site.id} has no free VLAN id`, "name one with --vlan");
}

/** Free room beside the site's networks, where the third number says the VLAN if that place is free. */
function freePrefix(ground: Ground, site: Site, length: number, vlan: number): Prefix {
  if (!Number.isInteger(length) || length <= SITE_LENGTH || length > 30) {
    throw new WishError(`a network cannot be a /${length}`, `give --length 17 to 30`);
  }
  const taken = ground.sites
    .filter(({ client }) => client === site.client)
    .flatMap((sister) => prefixesOf(sister.networks));
  const home = mostCommon(prefixesOf(site.networks).map((prefix) => (prefix.base >> 16n) << 16n));
  if (home === undefined) {
    throw new WishError(
      `${site.id} has no network to put another one beside`,
      "write its first network by hand",
    );
  }
  const block: Prefix = { version: 4, base: home, length: SITE_LENGTH };
  const size = sizeOf({ ...block, length });
  const isFree = (base: bigint): boolean =>
    !taken.some((other) => overlaps(other, { ...block, base, length }));
  const spoken = home + BigInt(vlan) * 256n;
  if (vlan < 256 && spoken % size === 0n && isFree(spoken)) return { ...block, base: spoken, length };
  const last = firstOf(block).value + sizeOf(block) - size;
  for (let base = home; base <= last; base += size) if (isFree(base)) return { ...block, base, length };
  throw new WishError(`${formatPrefix(block)} has no room for a /${length}`, "write the network by hand");
}

function prefixesOf(networks: readonly Network[]): Prefix[] {
  return networks.flatMap((network) =>
    [network.ipv4, ...network.secondary].flatMap((text) => {
      const prefix = text === undefined ? undefined : parsePrefix(text)?.prefix;
      return prefix?.version === 4 ? [prefix] : [];
    }),
  );
}

/** The device that routes for this zone, else the one that routes most. */
function gatewayFor(site: Site, zone: string): string | undefined {
  const routers = (networks: readonly Network[]): string[] =>
    networks.flatMap((network) =>
      network.routers.length === 1 ? network.routers.map(({ device }) => device) : [],
    );
  return (
    mostCommon(routers(site.networks.filter((network) => network.zone === zone))) ??
    mostCommon(routers(site.networks))
  );
}
