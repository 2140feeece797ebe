import {
  type Address,
  firstOf,
  formatAddress,
  isUsableHost,
  lastOf,
  parseAddress,
  parsePrefix,
} from "../model/address.ts";
import type { Network, Site } from "../model/site.ts";

/** A run of addresses that nobody has, both ends included. */
export interface FreeRange {
  readonly from: string;
  readonly to: string;
  readonly count: bigint;
}

interface Taken {
  readonly from: bigint;
  readonly to: bigint;
}

/** The addresses of a network's IPv4 prefix that neither a host, a router nor a DHCP range of the site has, in order.
 *  Linear in what is taken, whatever the size of the prefix. */
export function freeAddresses(site: Site, network: Network): FreeRange[] {
  const prefix = network.ipv4 === undefined ? undefined : parsePrefix(network.ipv4)?.prefix;
  if (prefix === undefined) return [];
  const free: FreeRange[] = [];
  let next = isUsableHost(prefix, firstOf(prefix)) ? prefix.base : prefix.base + 1n;
  const last = isUsableHost(prefix, lastOf(prefix)) ? lastOf(prefix).value : lastOf(prefix).value - 1n;
  const add = (from: bigint, to: bigint): void => {
    if (from > to) return;
    const text = (value: bigint) => formatAddress({ version: 4, value });
    free.push({ from: text(from), to: text(to), count: to - from + 1n });
  };
  for (const { from, to } of takenIn(site, network)) {
    add(next, from - 1n < last ? from - 1n : last);
    if (to >= next) next = to + 1n;
  }
  add(next, last);
  return free;
}

function takenIn(site: Site, network: Network): Taken[] {
  const single = (text: string | undefined): Taken[] => {
    const value = ipv4Of(text)?.value;
    return value === undefined ? [] : [{ from: value, to: value }];
  };
  const taken = [
    ...single(network.gateway),
    ...network.routers.flatMap(({ address }) => single(address)),
    ...site.hosts.flatMap(({ address }) => single(address)),
    ...(network.dhcp?.ranges ?? []).flatMap(([from, to]) => {
      const [first, last] = [ipv4Of(from), ipv4Of(to)];
      return first && last ? [{ from: first.value, to: last.value }] : [];
    }),
  ];
  return taken.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

/** Addresses stand with their length here and there. */
function ipv4Of(text: string | undefined): Address | undefined {
  const address = text === undefined ? undefined : parseAddress(text.split("/")[0] ?? "");
  return address?.version === 4 ? address : undefined;
}
