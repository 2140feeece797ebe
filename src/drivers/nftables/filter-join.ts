import type { Step } from "../../planner/filters/chains.ts";
import { mergeRanges } from "../../planner/flows/ranges.ts";
import type { Match } from "../../planner/flows/types.ts";

/** Keys that lead to the same place are one way: a chain behind ten pairs of interfaces is then written out once. */
export function joinSteps(steps: readonly Step[]): Step[] {
  const ways = new Map<string, Step>();
  for (const step of steps) {
    const way = "chain" in step.verdict ? `${step.verdict.kind} ${step.verdict.chain}` : step.verdict.kind;
    const known = ways.get(way);
    const matches = [...(known?.predicate.matches ?? []), ...step.predicate.matches];
    ways.set(way, { ...step, predicate: { ...step.predicate, matches } });
  }
  return [...ways.values()].map((step) => ({
    ...step,
    predicate: {
      ...step.predicate,
      matches: joinMatches(joinMatches(step.predicate.matches, "egress"), "ingress"),
    },
  }));
}

/** Joins matches that differ only in the interfaces of one side. */
function joinMatches(matches: readonly Match[], side: "ingress" | "egress"): Match[] {
  const joined = new Map<string, Match>();
  for (const match of matches) {
    const { [side]: own, ...rest } = match;
    const key = JSON.stringify(rest, (_, value) => (typeof value === "bigint" ? value.toString() : value));
    const known = joined.get(key);
    if (own === undefined || known?.[side] === undefined)
      joined.set(own === undefined ? `${key} any` : key, match);
    else joined.set(key, { ...known, [side]: mergeRanges([...known[side], ...own]) });
  }
  return [...joined.values()];
}
