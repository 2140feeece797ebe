import { parsePrefix } from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { complementAddresses, everyAddress, prefixRange } from "../flows/ranges.ts";
import type { AddressRange, Family, FlowZone } from "../flows/types.ts";

/** Space that no network of a site claims falls to one of these (reserved in every policy). */
export const INTERNET = "internet";
export const UNASSIGNED = "unassigned";

/** Space that no stranger on the internet has: what is not claimed there is `unassigned`, never `internet`. Private
 *  space (RFC 1918, RFC 6598, RFC 4193), and what never is a host's address (RFC 6890). */
const NEVER_OUTSIDE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"],
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"],
  ...["::/127", "fe80::/10", "ff00::/8"],
];

/** The addresses of both families as zones of one site: a partition, one range a subnet. */
export interface ZonePartition {
  readonly zones: readonly FlowZone[];
  /** Ranges of a zone; empty for a zone that the site has no network in. */
  rangesOf(zone: string): readonly AddressRange[];
}

/** Cuts the address space of a site into its zones, with `internet` and `unassigned` as the rest. */
export function zonePartition(site: Pick<Site, "networks" | "wan">): ZonePartition {
  const claimed = new Map<string, AddressRange[]>();
  const claim = (zone: string | undefined, text: string | undefined): void => {
    const range = text === undefined ? undefined : rangeOf(text);
    if (zone === undefined || range === undefined) return;
    claimed.set(zone, [...(claimed.get(zone) ?? []), range]);
  };
  for (const network of site.networks) {
    for (const text of [network.ipv4, network.ipv6, ...network.secondary]) claim(network.zone, text);
  }
  const inner = [...claimed.values()].flat();
  const withinSpace = NEVER_OUTSIDE.map(rangeOf).filter((range) => range !== undefined);
  const outside = subtract([everyAddress(4), everyAddress(6)], [...inner, ...withinSpace]);
  const unassigned = subtract(withinSpace, inner);
  add(claimed, INTERNET, outside);
  add(claimed, UNASSIGNED, unassigned);
  const zones = [...claimed].map(([id, ranges]) => ({ id, ranges })).sort((a, b) => compareText(a.id, b.id));
  return { zones, rangesOf: (zone) => claimed.get(zone) ?? [] };
}

/** The addresses of a prefix or of a single address; undefined where the text is neither. */
export function rangeOf(text: string): AddressRange | undefined {
  const parsed = parsePrefix(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  if (parsed === undefined) return undefined;
  const { version, base, length } = parsed.prefix;
  return prefixRange(version, base, length);
}

/** What of `ranges` lies in none of `holes`. */
export function subtract(ranges: readonly AddressRange[], holes: readonly AddressRange[]): AddressRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const rest = freeOf(holes, family);
    const wanted = ranges.filter((range) => range.family === family);
    return wanted.flatMap((range) => rest.flatMap((free) => intersect(range, free)));
  });
}

function freeOf(holes: readonly AddressRange[], family: Family): AddressRange[] {
  // Ranges have a complement always; only wildcards can be too wide to expand.
  return complementAddresses(holes, family) ?? [];
}

/** What two ranges share: one range, or none. */
export function intersect(a: AddressRange, b: AddressRange): AddressRange[] {
  if (a.family !== b.family) return [];
  const lo = a.lo > b.lo ? a.lo : b.lo;
  const hi = a.hi < b.hi ? a.hi : b.hi;
  return lo > hi ? [] : [{ family: a.family, lo, hi }];
}

function add(zones: Map<string, AddressRange[]>, zone: string, ranges: readonly AddressRange[]): void {
  if (ranges.length > 0) zones.set(zone, [...(zones.get(zone) ?? []), ...ranges]);
}
