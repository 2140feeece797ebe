import {
  type Address,
  firstOf,
  formatAddress,
  lastOf,
  type Prefix,
  parseAddress,
  parsePrefix,
  prefixAround,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { Places } from "../shape/plain.ts";
import type { Findings } from "./findings.ts";
import type { PoolBook, PoolRequest } from "./pools.ts";

/** What a thing says of its address: written by hand, or asked from a pool. */
export interface AddressAsk {
  readonly address?: number | string;
  readonly pool?: string;
}

/** Who asks, and where that is written. */
export interface Asker {
  /** `site/name`, or `site/server:interface`. */
  readonly user: string;
  readonly places: Places;
  readonly pools: PoolBook;
  readonly findings: Findings;
}

/** The address of a thing as written, or the one that its pool's lock file holds; undefined where it holds none. */
export function addressAsked(ask: AddressAsk, asker: Asker): number | string | undefined {
  if (ask.pool === undefined) return ask.address;
  const where = asker.places.value(ask, "pool");
  if (ask.address !== undefined) {
    asker.findings.report(
      "IPP-ADDRESS",
      where,
      `${asker.user} has an address and asks the pool ${ask.pool} for one`,
      "take one of the two away",
    );
    return ask.address;
  }
  const leased = asker.pools.allocated(hostRequest(ask.pool, asker.user, where, asker.pools), asker.findings);
  return leased && formatAddress(firstOf(leased));
}

/** A request for a single address, of the pool's IPv4 block where it has one. */
export function hostRequest(pool: string, user: string, where: FileWhere, pools: PoolBook): PoolRequest {
  const isV6 = pools.pools.get(pool)?.prefix4 === undefined && pools.pools.get(pool)?.prefix6 !== undefined;
  return { pool, user, where, version: isV6 ? 6 : 4, length: isV6 ? 128 : 32 };
}

/** Addresses of a site that no pool may give out: those of hosts, gateways and routers, what DHCP hands out, and
 *  network and broadcast addresses. */
export function takenAddresses(site: Site): Prefix[] {
  const single = (text: string | undefined): Prefix[] => {
    const address = text === undefined ? undefined : parseAddress(text.split("/")[0] ?? text);
    return address ? [prefixAround(address, address.version === 4 ? 32 : 128)] : [];
  };
  const ends = (text: string | undefined): Prefix[] => {
    const prefix = text === undefined ? undefined : parsePrefix(text)?.prefix;
    if (!prefix || prefix.version === 6) return [];
    return [firstOf(prefix), lastOf(prefix)].map((address) => prefixAround(address, 32));
  };
  return [
    ...site.hosts.flatMap((host) => [...single(host.address), ...single(host.address6)]),
    ...site.networks.flatMap((network) => [
      ...[network.gateway, network.gateway6, ...network.routers.map(({ address }) => address)].flatMap(
        single,
      ),
      ...[network.ipv4, ...network.secondary].flatMap(ends),
      ...(network.dhcp?.ranges ?? []).flatMap(([from, to]) => blocksOf(parseAddress(from), parseAddress(to))),
    ]),
  ];
}

/** A span of IPv4 addresses as the fewest blocks. */
function blocksOf(from: Address | undefined, to: Address | undefined): Prefix[] {
  const blocks: Prefix[] = [];
  if (!from || !to || from.version !== 4) return blocks;
  for (let value = from.value; value <= to.value; ) {
    let length = 32;
    const fits = (shorter: number): boolean => {
      const block = prefixAround({ version: 4, value }, shorter);
      return block.base === value && lastOf(block).value <= to.value;
    };
    while (length > 0 && fits(length - 1)) length -= 1;
    const block = prefixAround({ version: 4, value }, length);
    blocks.push(block);
    value = lastOf(block).value + 1n;
  }
  return blocks;
}
