import { complementAddresses } from "../flows/ranges.ts";
import type { AddressRange, AddressTerm, Family } from "../flows/types.ts";
import type { Predicate } from "./predicate.ts";

/** Keeps what lies in both lists. */
export function intersectAddresses(a: readonly AddressRange[], b: readonly AddressRange[]): AddressRange[] {
  return a.flatMap((x) =>
    b.flatMap((y): AddressRange[] => {
      if (x.family !== y.family) return [];
      const lo = x.lo > y.lo ? x.lo : y.lo;
      const hi = x.hi < y.hi ? x.hi : y.hi;
      return lo > hi ? [] : [{ family: x.family, lo, hi }];
    }),
  );
}

/** Takes holes out of ranges of one family. */
export function subtractAddresses(
  from: readonly AddressRange[],
  holes: readonly AddressRange[],
  family: Family,
): AddressRange[] {
  // Ranges always have a complement; only wildcards can be too wide to spell.
  return intersectAddresses(from, complementAddresses(holes, family) ?? []);
}

/** Addresses of one side, with the conditions of members that are not modelled (a domain name, a country). */
export interface AddressSet {
  readonly terms: readonly AddressTerm[];
  /** Each stands for further addresses that nobody knows. */
  readonly open: readonly string[];
}

/** One side of a rule as a predicate; where members are not known, any address may be meant, under their condition.
 *  `undefined` in negation: a set that nobody knows has no complement that anybody knows. */
export function sidePredicates(
  set: AddressSet,
  side: "src" | "dst",
  families: readonly Family[],
): Predicate[] {
  const known: Predicate = {
    matches: families.flatMap((family) => {
      const terms = set.terms.filter((term) => term.family === family);
      return terms.length === 0 ? [] : [{ family, [side]: terms }];
    }),
    conditions: [],
  };
  if (set.open.length === 0) return [known];
  return [
    known,
    {
      matches: families.map((family) => ({ family })),
      conditions: [`${side} in ${[...set.open].sort().join(" or ")}`],
    },
  ];
}

/** Everything but a set; a set with unknown members leaves a condition. */
export function otherSide(set: AddressSet, side: "src" | "dst", families: readonly Family[]): Predicate {
  const conditions: string[] = set.open.map((name) => `${side} not in ${name}`).sort();
  const matches = families.flatMap((family) => {
    const terms = complementAddresses(set.terms, family);
    if (terms === undefined) conditions.push(`${side} not in a wide wildcard`);
    return terms === undefined ? [{ family }] : terms.length === 0 ? [] : [{ family, [side]: terms }];
  });
  return { matches, conditions };
}
