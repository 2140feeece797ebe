import type { ZoningPlace, ZoningRule } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import type { AddressRange } from "../flows/types.ts";
import { intersect, rangeOf, subtract, UNASSIGNED, type ZonePartition } from "./zones.ts";

/** Addresses that an own rule speaks of, none of them in two: one range a subnet. */
export interface OwnSpace {
  readonly range: AddressRange;
  /** The site's own network behind it; absent on other sites' and on the space outside. */
  readonly network?: string;
  /** As findings call it: a zone, `site/network` of another site. */
  readonly label: string;
  readonly isFrom: boolean;
  readonly isTo: boolean;
}

/** Cuts the address space of one site by what the ends of an own rule mean. Networks of other sites count where this
 *  site has no such addresses itself. */
export function ownSpaces(site: Site, partition: ZonePartition, rule: ZoningRule): OwnSpace[] {
  const places = new Map<string, { place: ZoningPlace; isFrom: boolean; isTo: boolean }>();
  for (const [end, list] of [
    ["isFrom", rule.from],
    ["isTo", rule.to],
  ] as const) {
    for (const place of list) {
      const key = `${place.site} ${place.network} ${place.zone}`;
      places.set(key, { ...(places.get(key) ?? { place, isFrom: false, isTo: false }), [end]: true });
    }
  }
  const rank = ({ site: of }: ZoningPlace): number => (of === site.id ? 0 : of === undefined ? 2 : 1);
  const ordered = [...places.values()].sort((a, b) => rank(a.place) - rank(b.place));
  let spaces: readonly OwnSpace[] = [];
  for (const { place, isFrom, isTo } of ordered) {
    const own = place.site === site.id;
    for (const range of rangesOf(place, own, partition)) {
      const label = own || place.network === undefined ? (place.zone ?? place.network ?? "") : labelOf(place);
      const network = own && place.network !== undefined ? { network: place.network } : {};
      spaces = laidOver(spaces, { range, ...network, label, isFrom, isTo });
    }
  }
  return [...spaces];
}

function labelOf({ site = "", network = "" }: ZoningPlace): string {
  return `${site.slice(site.indexOf("/") + 1)}/${network}`;
}

function rangesOf(place: ZoningPlace, own: boolean, partition: ZonePartition): readonly AddressRange[] {
  if (place.site === undefined) return partition.rangesOf(place.zone ?? UNASSIGNED);
  const ranges = place.prefixes.flatMap((text) => rangeOf(text) ?? []);
  if (own) return ranges;
  const inside = partition.zones.filter(({ id }) => id !== UNASSIGNED && id !== "internet");
  return subtract(
    ranges,
    inside.flatMap((zone) => zone.ranges),
  );
}

/** Adds a space; what is known already keeps its name and becomes an end of the rule on both accounts. */
function laidOver(spaces: readonly OwnSpace[], added: OwnSpace): OwnSpace[] {
  const apart: OwnSpace[] = [];
  for (const known of spaces) {
    const [shared] = intersect(known.range, added.range);
    if (shared === undefined) {
      apart.push(known);
      continue;
    }
    apart.push(...subtract([known.range], [shared]).map((range) => ({ ...known, range })));
    const isFrom = known.isFrom || added.isFrom;
    const isTo = known.isTo || added.isTo;
    apart.push({ ...known, range: shared, isFrom, isTo });
  }
  const rest = subtract(
    [added.range],
    spaces.map(({ range }) => range),
  );
  return [...apart, ...rest.map((range) => ({ ...added, range }))];
}
