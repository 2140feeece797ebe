import { changedRules } from "./changed-rules.ts";
import { compileRegions } from "./compiled-regions.ts";
import { findInRegion } from "./region-search.ts";
import type { FilterList, FlowOptions, Match, Proof, Region } from "./types.ts";

/** All packets. */
export const everything: Region = { kind: "everything" };

/** No packet. */
export const nothing: Region = { kind: "nothing" };

/** The packets that a filter lets through. */
export function permitted(filter: FilterList): Region {
  return { kind: "permitted", filter };
}

/** The packets that one of the conditions matches. */
export function matching(matches: readonly Match[]): Region {
  const rules = [{ id: "match", action: "permit", matches, exact: true }] as const;
  return { kind: "permitted", filter: { rules, defaultAction: "deny" } };
}

/** Packets that lie in at least one region. */
export function union(...parts: readonly Region[]): Region {
  return { kind: "union", parts };
}

/** Packets that lie in every region. */
export function intersection(...parts: readonly Region[]): Region {
  return { kind: "intersection", parts };
}

/** Packets of `a` that are not in `b`. */
export function minus(a: Region, b: Region): Region {
  return { kind: "intersection", parts: [a, { kind: "not", part: b }] };
}

/** Proves that every packet of `a` lies in `b`, or shows one that does not. */
export function isSubset(a: Region, b: Region, options: FlowOptions = {}): Proof {
  return isEmpty(outside(a, b), options);
}

/** Proves several inclusions over one common set of axes: cheaper than one by one when they share filters. */
export function areSubsets(
  questions: readonly { readonly inner: Region; readonly outer: Region }[],
  options: FlowOptions = {},
): Proof[] {
  const regions = compileRegions(
    questions.map(({ inner, outer }) => outside(inner, outer)),
    options,
  );
  return questions.map((_, number) => findInRegion(regions, number, options));
}

/** Lists shorter than this are not worth a search for what changed. */
const scopeFrom = 16;

/** `a` without `b`. Where a filter that limits `a` and a filter that fills `b` are versions of each other, only packets
 *  that a changed rule matches can lie in the one and not in the other. */
function outside(a: Region, b: Region): Region {
  const limits = filtersOf(a, "intersection");
  const fills = filtersOf(b, "union");
  const scopes: Region[] = [];
  for (const limit of limits) {
    for (const fill of fills) {
      if (limit.rules.length < scopeFrom || scopes.length >= 2) continue;
      const changed = changedRules(fill, limit);
      if (changed === undefined || changed.rules.length * 4 >= limit.rules.length) continue;
      scopes.push(permitted(changed));
    }
  }
  return intersection(...scopes, minus(a, b));
}

function filtersOf(region: Region, kind: "union" | "intersection"): FilterList[] {
  const parts = region.kind === kind ? region.parts : [region];
  return parts.flatMap((part) => (part.kind === "permitted" ? [part.filter] : []));
}

/** Proves that a region holds no packet, or shows one. */
export function isEmpty(region: Region, options: FlowOptions = {}): Proof {
  return findInRegion(compileRegions([region], options), 0, options);
}
