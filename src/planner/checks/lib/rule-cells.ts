import { type Cell, cellFor } from "../../../model/policy.ts";
import type { Rule, Site } from "../../../model/site.ts";

/** A permit rule between two different zones, with the cell that judges it. */
export interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly cell: Cell;
}

const known = new WeakMap<Rule, readonly Crossing[]>();

/** The pairs of different zones that a rule joins, each with its cell. */
export function crossingsOf(site: Site, rule: Rule): readonly Crossing[] {
  const before = known.get(rule);
  if (before) return before;
  const zones = (ends: Rule["from"]): string[] => [...new Set(ends.flatMap((end) => end.zones))];
  const made = zones(rule.from).flatMap((from) =>
    zones(rule.to)
      .filter((to) => to !== from)
      .map((to) => ({ from, to, cell: cellFor(site.policy, from, to) })),
  );
  known.set(rule, made);
  return made;
}

/** Rules of a site that let something through. */
export function permitsOf(site: Site): Rule[] {
  return site.rules.filter((rule) => rule.action === "permit");
}

/** Whether an end means everything, or a whole zone. */
export function isWide(rule: Rule["from"]): boolean {
  return rule.some((end) => end.kind === "any" || end.kind === "zone");
}
