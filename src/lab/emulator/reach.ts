import { lengthOf, overlaps } from "./ipv4.ts";

/** An address with its netmask, or a network with its. */
export interface Block {
  readonly address: string;
  readonly mask: string;
}

/** The ways that a device has now. */
export interface Ways {
  /** Addresses on interfaces that are up. */
  readonly own: readonly Block[];
  readonly routes: readonly (Block & { readonly gateway: string })[];
}

/** Reads network, netmask and next hop out of a route's line; undefined where it leads to no address. */
export function routeOf(text: string): Ways["routes"][number] | undefined {
  const [address, mask, gateway] = text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? [];
  return address === undefined || mask === undefined || gateway === undefined
    ? undefined
    : { address, mask, gateway };
}

/** Tells whether an echo would be answered: by the device itself, or by a neighbour that is on one of its networks or
 *  behind a next hop that is. Knows IPv4 only. */
export function answersEcho(target: string, ways: Ways, neighbours: readonly string[]): boolean {
  if (ways.own.some((own) => own.address === target)) return true;
  if (!neighbours.includes(target) || target.includes(":")) return false;
  const near = (address: string) => ways.own.some((own) => holds(own, address));
  if (near(target)) return true;
  const [best] = ways.routes
    .filter((route) => holds(route, target))
    .sort((a, b) => lengthOf(b.mask) - lengthOf(a.mask));
  return best !== undefined && near(best.gateway);
}

function holds(block: Block, address: string): boolean {
  return overlaps(block.address, block.mask, address, "255.255.255.255");
}
