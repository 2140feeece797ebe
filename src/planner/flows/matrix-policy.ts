import { holdsBox } from "./boxes.ts";
import type { CompiledFilter } from "./compiled.ts";
import type { Engine } from "./engine.ts";
import { findFree } from "./engine.ts";
import { familyBox } from "./space.ts";
import type { FilterList, Match, MatrixInput } from "./types.ts";

/** What the cells allow, each distinct set once. */
export interface CellPolicies {
  /** Policy of each pair of zones, `from * zones + to`; -1 allows all. */
  readonly ofCell: Int32Array;
  /** The distinct sets, as filters that permit what is allowed; exceptions are part of each. */
  readonly filters: readonly FilterList[];
}

/** Collects the distinct policies of a matrix. */
export function collectPolicies(input: MatrixInput): CellPolicies {
  const zones = new Map(input.zones.map((zone, number) => [zone.id, number]));
  const filters: FilterList[] = [];
  const byText = new Map<string, number>();
  const byList = new Map<readonly Match[], number>();
  const exceptions = input.exceptions ?? [];
  const policyOf = (allowed: "all" | readonly Match[]): number => {
    if (allowed === "all") return -1;
    const text = JSON.stringify(allowed, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
    const known = byList.get(allowed) ?? byText.get(text);
    if (known !== undefined) return known;
    const matches = [...allowed, ...exceptions];
    const rules = matches.map(
      (match, index) =>
        ({ id: `allowed ${index}`, action: "permit", matches: [match], exact: true }) as const,
    );
    filters.push({ rules, defaultAction: "deny" });
    byText.set(text, filters.length - 1);
    byList.set(allowed, filters.length - 1);
    return filters.length - 1;
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

/** Proves that a policy allows a cube's service whatever the addresses, within the cube's family. */
export function allowsService(engine: Engine, policy: CompiledFilter, data: Int32Array, at: number): boolean {
  const { space } = policy;
  const stride = space.dims * 2;
  const family = (data[at] as number) < space.axis.starts4.length ? 4 : 6;
  const wide = familyBox(space, family);
  for (let k = 4; k < stride; k += 1) wide[k] = data[at + k] as number;
  const addresses = wide.slice(0, 4);
  const ids = new Int32Array(policy.count);
  let idCount = 0;
  for (let id = 0; id < policy.count; id += 1) {
    const anywhere = holdsBox(policy.data.subarray(id * stride, id * stride + 4), 0, addresses);
    if (anywhere && policy.loose[policy.ruleOf[id] as number] === 0) ids[idCount++] = id;
  }
  return findFree(engine, { from: wide, at: 0, data: policy.data, ids, idCount }) === "none";
}
