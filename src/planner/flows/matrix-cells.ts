import type { CompiledFilter } from "./compiled.ts";
import { compileFilters } from "./compiled.ts";
import { createCubeIndex } from "./cube-index.ts";
import { createEngine } from "./engine.ts";
import { judgeSuspect } from "./matrix-judge.ts";
import { allowsService, collectPolicies, noteNamedServices, serviceOf } from "./matrix-policy.ts";
import type { MatrixState, Suspect } from "./matrix-state.ts";
import { placeZones, subnetsTouching } from "./matrix-zones.ts";
import type { FilterRule, FlowOptions, MatrixInput, MatrixViolation } from "./types.ts";

/** Compiles a matrix and judges all its cells. */
export function startMatrix(input: MatrixInput, options: FlowOptions): MatrixState {
  const policies = collectPolicies(input);
  const ranges = input.zones.flatMap((zone) => zone.ranges);
  const [filter, ...allowed] = compileFilters([withDefault(input), ...policies.filters], options, ranges);
  if (filter === undefined) throw new Error("a matrix needs a filter");
  const state: MatrixState = {
    input,
    options,
    engine: createEngine(filter.space.dims, options),
    policies,
    filter,
    index: undefined,
    allowed,
    zones: placeZones(filter.space.axis, input.zones),
    services: { services: new Map(), answers: [] },
    suspects: new Map(),
    violations: new Map(),
    pairs: new Int32Array(filter.rules.length),
    total: 0,
  };
  noteNamedServices(state.services, allowed);
  for (let rule = 0; rule < filter.rules.length; rule += 1) enterRule(state, rule);
  judgeCells(state, state.suspects.keys());
  return state;
}

/** A permitting default is one more rule, which matches everything. */
function withDefault(input: MatrixInput): MatrixInput["filter"] {
  if (input.filter.defaultAction === "deny") return input.filter;
  const last: FilterRule = { id: "", action: "permit", matches: [{}], exact: true };
  return { rules: [...input.filter.rules, last], defaultAction: "deny" };
}

/** Sorts the cubes of a permitting rule into cells: allowed outright, or suspect. */
export function enterRule(state: MatrixState, rule: number): void {
  const { filter, policies, services } = state;
  const permits = filter.permits[rule] === 1;
  const cells = new Set<number>();
  const stride = filter.space.dims * 2;
  const first = filter.start[rule] as number;
  const end = permits ? (filter.start[rule + 1] as number) : first;
  for (let cube = first; cube < end; cube += 1) {
    const at = cube * stride;
    const service = serviceOf(services, filter, at, state.allowed.length);
    const answers = services.answers[service] as Uint8Array;
    visitPairs(state, at, (cell, from, to) => {
      cells.add(cell);
      const policy = policies.ofCell[cell] as number;
      if (policy < 0) return;
      if (answers[policy] === 0) answers[policy] = judgeService(state, policy, at);
      if (answers[policy] !== 2) return;
      addSuspect(state, cell, { rule, cube: cube - first, from, to });
    });
  }
  state.total += cells.size - (state.pairs[rule] as number);
  state.pairs[rule] = cells.size;
}

function judgeService(state: MatrixState, policy: number, at: number): number {
  const allowed = state.allowed[policy] as CompiledFilter;
  return allowsService(state.engine, allowed, state.filter.data, at) ? 1 : 2;
}

/** Cells that a rule touches, whatever its action. */
export function touchedCells(state: MatrixState, rule: number): Set<number> {
  const { filter } = state;
  const cells = new Set<number>();
  for (let cube = filter.start[rule] as number; cube < (filter.start[rule + 1] as number); cube += 1) {
    visitPairs(state, cube * filter.space.dims * 2, (cell) => cells.add(cell));
  }
  return cells;
}

/** Visits the pairs of different subnets between which a cube has packets. */
function visitPairs(
  state: MatrixState,
  at: number,
  visit: (cell: number, from: number, to: number) => void,
): void {
  const { filter, zones } = state;
  const count = state.input.zones.length;
  const sources = subnetsTouching(zones, filter.data[at] as number, filter.data[at + 1] as number);
  const targets = subnetsTouching(zones, filter.data[at + 2] as number, filter.data[at + 3] as number);
  for (const from of sources) {
    const row = (zones.zone[from] as number) * count;
    for (const to of targets) if (from !== to) visit(row + (zones.zone[to] as number), from, to);
  }
}

function addSuspect(state: MatrixState, cell: number, suspect: Suspect): void {
  const list = state.suspects.get(cell);
  if (list === undefined) state.suspects.set(cell, [suspect]);
  else list.push(suspect);
}

/** More suspects than this are worth an index of the filter's cubes. */
const indexFrom = 200;

/** Judges cells, with an index of the filter when there is much to look at. */
export function judgeCells(state: MatrixState, cells: Iterable<number>): void {
  const list = [...cells];
  const work = list.reduce((sum, cell) => sum + (state.suspects.get(cell)?.length ?? 0), 0);
  const { space, data, count } = state.filter;
  if (work > indexFrom) state.index ??= createCubeIndex(space.dims, space.max, data, count);
  for (const cell of list) judgeCell(state, cell);
}

/** Judges the suspects of a cell: at most one violation a rule. */
function judgeCell(state: MatrixState, cell: number): void {
  const found: MatrixViolation[] = [];
  const blamed = new Map<number, number>();
  for (const suspect of state.suspects.get(cell) ?? []) {
    const before = blamed.get(suspect.rule);
    if (before !== undefined && found[before]?.verdict === "violated") continue;
    const violation = judgeSuspect(state, cell, suspect);
    if (violation === undefined) continue;
    if (before === undefined) {
      blamed.set(suspect.rule, found.length);
      found.push(violation);
    } else if (violation.verdict === "violated") found[before] = violation;
  }
  if (found.length === 0) state.violations.delete(cell);
  else state.violations.set(cell, found);
}
