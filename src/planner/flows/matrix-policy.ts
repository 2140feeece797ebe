import type { CompiledFilter } from "./compiled.ts";
import type { Engine } from "./engine.ts";
import { findFree } from "./engine.ts";
import { familyBox } from "./space.ts";
import type { FilterList, FilterRule, Match, MatrixInput } from "./types.ts";

/** What the cells allow, each distinct set once. */
export interface CellPolicies {
  /** Policy of each pair of zones, `from * zones + to`; -1 allows all. */
  readonly ofCell: Int32Array;
  /** The distinct sets, as filters that permit what is allowed; exceptions are part of each. */
  readonly filters: readonly FilterList[];
}

/** Collects the distinct policies of a matrix. Cells that share one `allowed` list, or its matches, cost least. */
export function collectPolicies(input: MatrixInput): CellPolicies {
  const zones = new Map(input.zones.map((zone, number) => [zone.id, number]));
  const filters: FilterList[] = [];
  const byKey = new Map<string, number>();
  const byList = new Map<readonly Match[], number>();
  const ruleOf = ruleBook();
  const exceptions = (input.exceptions ?? []).map(ruleOf);
  const policyOf = (allowed: "all" | readonly Match[]): number => {
    if (allowed === "all") return -1;
    const seen = byList.get(allowed);
    if (seen !== undefined) return seen;
    const rules = [...new Set([...allowed.map(ruleOf), ...exceptions])];
    const key = rules.map((rule) => rule.id).join(" ");
    const policy = byKey.get(key) ?? filters.push({ rules, defaultAction: "deny" }) - 1;
    byKey.set(key, policy);
    byList.set(allowed, policy);
    return policy;
  };
  const rest = policyOf(input.defaultAllowed ?? []);
  const ofCell = new Int32Array(input.zones.length ** 2).fill(rest);
  for (const cell of input.cells) {
    const from = zones.get(cell.from);
    const to = zones.get(cell.to);
    if (from === undefined || to === undefined) continue;
    ofCell[from * input.zones.length + to] = policyOf(cell.allowed);
  }
  return { ofCell, filters };
}

/** Makes one permitting rule of each distinct match, so that equal ones are expanded once. */
function ruleBook(): (match: Match) => FilterRule {
  const byMatch = new Map<Match, FilterRule>();
  const byText = new Map<string, FilterRule>();
  return (match) => {
    const known = byMatch.get(match);
    if (known !== undefined) return known;
    const text = JSON.stringify(match, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
    const rule = byText.get(text) ?? {
      id: `${byText.size}`,
      action: "permit",
      matches: [match],
      exact: true,
    };
    byText.set(text, rule);
    byMatch.set(match, rule);
    return rule;
  };
}

/** Remembers which services each policy allows between any addresses: most rules need no more than that. */
export interface ServiceTable {
  readonly services: Map<string, number>;
  /** For each service one byte a policy: 0 not asked, 1 allowed everywhere, 2 to be looked at. */
  readonly answers: Uint8Array[];
}

/** Number of a cube's service: all of it but the addresses, of which it keeps the family. */
export function serviceOf(table: ServiceTable, filter: CompiledFilter, at: number, policies: number): number {
  const { space, data } = filter;
  let key = (data[at] as number) < space.axis.starts4.length ? "4" : "6";
  for (let k = 4; k < space.dims * 2; k += 1) key += String.fromCharCode(data[at + k] as number);
  const known = table.services.get(key);
  if (known !== undefined) return known;
  table.services.set(key, table.answers.length);
  table.answers.push(new Uint8Array(policies));
  return table.answers.length - 1;
}

/** Notes the services that policies name for any addresses: a rule with one of them needs no proof. */
export function noteNamedServices(table: ServiceTable, policies: readonly CompiledFilter[]): void {
  for (const [number, policy] of policies.entries()) {
    for (let id = 0; id < policy.count; id += 1) {
      const at = id * policy.space.dims * 2;
      if (!isAnywhere(policy, at) || policy.loose[policy.ruleOf[id] as number] === 1) continue;
      (table.answers[serviceOf(table, policy, at, policies.length)] as Uint8Array)[number] = 1;
    }
  }
}

/** Tells whether a cube takes all addresses of its family on both sides. */
function isAnywhere(policy: CompiledFilter, at: number): boolean {
  const { axis } = policy.space;
  const split = axis.starts4.length;
  const four = (policy.data[at] as number) < split;
  const lo = four ? 0 : split;
  const hi = four ? split - 1 : axis.size - 1;
  const { data } = policy;
  return data[at] === lo && data[at + 1] === hi && data[at + 2] === lo && data[at + 3] === hi;
}

/** Proves that a policy allows a cube's service whatever the addresses, within the cube's family. */
export function allowsService(engine: Engine, policy: CompiledFilter, data: Int32Array, at: number): boolean {
  const { space } = policy;
  const stride = space.dims * 2;
  const family = (data[at] as number) < space.axis.starts4.length ? 4 : 6;
  const wide = familyBox(space, family);
  for (let k = 4; k < stride; k += 1) wide[k] = data[at + k] as number;
  const ids = new Int32Array(policy.count);
  let idCount = 0;
  for (let id = 0; id < policy.count; id += 1) {
    if (isAnywhere(policy, id * stride) && policy.loose[policy.ruleOf[id] as number] === 0)
      ids[idCount++] = id;
  }
  return findFree(engine, { from: wide, at: 0, data: policy.data, ids, idCount }) === "none";
}
