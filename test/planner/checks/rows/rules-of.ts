import type { PolicyException } from "../../../../src/model/policy.ts";
import type { Rule } from "../../../../src/model/site.ts";
import { end } from "../site-policy.ts";
import type { Draft, World } from "../world.ts";

/** The one rule of the site. */
export function ruleOf(world: World): Draft<Rule> {
  const rule = world.site.rules[0];
  if (!rule) throw new Error("no rule");
  return rule;
}

/** A cell of the matrix. */
export function cellOf(world: World, from: string, to: string) {
  const cell = world.site.policy.matrix.cells.find((each) => each.from === from && each.to === to);
  if (!cell) throw new Error("no cell");
  return cell;
}

/** An end that means everything. */
export const any = { ...end("any", ""), ref: "any", kind: "any", prefixes: [] } as unknown as Draft<
  Rule["from"][number]
>;

/** A deny of what the rule permits. */
export function addDeny(world: World, change: Partial<Draft<Rule>> = {}): Draft<Rule> {
  const deny = { ...structuredClone(ruleOf(world)), id: "R0050", action: "deny" as const, ...change };
  world.site.rules.push(deny);
  return deny;
}

/** A private address that no network of the site holds. */
export const nowhere = {
  ...end("unassigned", "10.77.0.5/32"),
  ref: "10.77.0.5",
  kind: "address",
} as unknown as Draft<Rule["from"][number]>;

/** An exception from the guests to the servers. */
export function addException(world: World, change: Partial<Draft<PolicyException>>): void {
  world.site.policy.exceptions.push({
    id: "EX-7",
    from: "guest",
    to: "servers",
    source: [],
    destination: [],
    services: [],
    matches: [],
    owner: "z",
    approver: "c",
    ticket: "t",
    reason: "r",
    risk: "low",
    expires: "2027-06-01",
    origin: { file: "policies/acme/exceptions.yaml", line: 1, column: 1 },
    ...change,
  });
}
