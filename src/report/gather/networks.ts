import {
  type Address,
  compareAddresses,
  containsAddress,
  type Prefix,
  parseAddress,
  parsePrefix,
  sizeOf,
} from "../../model/address.ts";
import type { Network, Site } from "../../model/site.ts";
import type { ReportAddress, ReportNetwork, ReportPrefix } from "../report-types.ts";

/** Lists the networks of a site with who has which address, and how full each block is. */
export function gatherNetworks(site: Site): ReportNetwork[] {
  return site.networks.map((network) => {
    const addresses = addressesOf(site, network);
    const blocks = [network.ipv4, network.ipv6, ...network.secondary].filter((text) => text !== undefined);
    return {
      name: network.name,
      description: network.description ?? null,
      vlan: network.vlan ?? null,
      zone: network.zone ?? null,
      purpose: network.purpose,
      gateway: network.gateway ?? null,
      gateway6: network.gateway6 ?? null,
      dhcpServer: network.dhcp?.server ?? null,
      prefixes: blocks.flatMap((text) => prefixOf(text, network, addresses)),
      addresses,
    };
  });
}

function addressesOf(site: Site, network: Network): ReportAddress[] {
  const plain = { mac: null, port: null, owner: null, description: null };
  const found = new Map<string, ReportAddress>();
  const add = (entry: ReportAddress): void => {
    if (!found.has(entry.address)) found.set(entry.address, entry);
  };
  for (const host of site.hosts.filter((each) => each.network === network.name)) {
    for (const address of [host.address, host.address6]) {
      if (address === undefined) continue;
      add({
        address,
        name: host.name,
        what: host.kind,
        mac: host.mac ?? null,
        port: host.port ?? null,
        owner: host.owner ?? null,
        description: host.description ?? null,
      });
    }
  }
  for (const router of network.routers)
    add({ ...plain, address: bare(router.address), name: router.device, what: "device" });
  for (const address of [network.gateway, network.gateway6])
    if (address !== undefined) add({ ...plain, address, name: network.name, what: "gateway" });
  for (const device of site.devices)
    for (const pool of device.dhcpPools.filter((each) => each.network === network.name))
      for (const { name, address, mac } of pool.reservations)
        add({ ...plain, address, name, what: "host", mac });
  return [...found.values()].sort((a, b) => compareSpelled(a.address, b.address));
}

function bare(address: string): string {
  return address.split("/")[0] ?? address;
}

function compareSpelled(a: string, b: string): number {
  const [left, right] = [parseAddress(a), parseAddress(b)];
  return left && right ? compareAddresses(left, right) : 0;
}

function prefixOf(text: string, network: Network, addresses: readonly ReportAddress[]): ReportPrefix[] {
  const prefix = parsePrefix(text)?.prefix;
  if (prefix === undefined) return [];
  const fixed = addresses
    .map(({ address }) => parseAddress(address))
    .filter((address) => inside(prefix, address));
  if (prefix.version === 6) {
    return [{ ...EMPTY, prefix: text, fixed: fixed.length }];
  }
  const ranges = (network.dhcp?.ranges ?? []).flatMap(([from, to]) => {
    const [lo, hi] = [parseAddress(from), parseAddress(to)];
    return inside(prefix, lo) && inside(prefix, hi) ? [[lo.value, hi.value] as const] : [];
  });
  const size = Number(sizeOf(prefix));
  const usable = size > 2 ? size - 2 : size;
  const dynamic = ranges.reduce((sum, [lo, hi]) => sum + Number(hi - lo) + 1, 0);
  // A reservation within a range is one address, not two.
  const outside = fixed.filter(({ value }) => !ranges.some(([lo, hi]) => lo <= value && value <= hi));
  return [
    {
      prefix: text,
      usable,
      fixed: fixed.length,
      dynamic,
      usedPercent: Math.round(((outside.length + dynamic) / usable) * 100),
      dynamicSpans: ranges.map(([lo, hi]) => [place(prefix, lo), place(prefix, hi + 1n)] as const),
      fixedPlaces: fixed.map(({ value }) => place(prefix, value)),
    },
  ];
}

const EMPTY = { usable: null, dynamic: 0, usedPercent: null, dynamicSpans: [], fixedPlaces: [] };

function inside(prefix: Prefix, address: Address | undefined): address is Address {
  return address !== undefined && containsAddress(prefix, address);
}

/** Where an address lies in its block, in percent with one decimal. */
function place(prefix: Prefix, value: bigint): number {
  return Math.round((Number(value - prefix.base) / Number(sizeOf(prefix))) * 1000) / 10;
}
