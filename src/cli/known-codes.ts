import { INVENTORY_CODES } from "../inventory/finding-codes.ts";
import { CATALOGUE } from "../planner/checks/catalogue.ts";
import { OTHER_PAGES } from "../planner/checks/other-pages.ts";
import type { KnownCodes } from "../planner/checks/waivers.ts";

const AREAS = new Set(CATALOGUE.map((check) => check.area));
const OWN_ID = /^([A-Z][A-Z0-9]{1,7})-\d{3}$/;

/** Every code that a waiver or a weight can be for.
 *  @param rules - codes of the own rules in YAML
 *  @param reported - codes that were just reported
 *  @param own - ids of the workspace's own checks; where they were not loaded, an id of their form may be one of them */
export function knownCodes(
  reported: Iterable<string>,
  own: Iterable<string> | undefined,
  rules: Iterable<string>,
): KnownCodes {
  const codes = new Set([
    ...CATALOGUE.map((check) => check.id),
    ...INVENTORY_CODES.keys(),
    ...OTHER_PAGES.keys(),
    ...reported,
    ...(own ?? []),
    ...rules,
  ]);
  const mayBeOwn = (code: string): boolean => {
    const area = OWN_ID.exec(code)?.[1];
    return own === undefined && area !== undefined && !AREAS.has(area);
  };
  return {
    has: (code) => codes.has(code) || mayBeOwn(code),
    [Symbol.iterator]: () => codes.values(),
  };
}
