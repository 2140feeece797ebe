import type { CompiledFilter } from "./compiled.ts";
import type { Block } from "./expand.ts";
import { expandMatches, serviceMax } from "./expand.ts";
import { enterRule, judgeCells, startMatrix, touchedCells } from "./matrix-cells.ts";
import type { MatrixState } from "./matrix-state.ts";
import { placeZones } from "./matrix-zones.ts";
import type { AddressAxis, Space } from "./space.ts";
import { cubesIn, extendAxis, rankMaps, writeBlock } from "./space.ts";
import type { FilterRule, MatrixInput } from "./types.ts";

/** Replaces a rule and judges again the cells that the old or the new one touches.
 *  @throws Error when the filter has no rule of that id */
export function replaceInMatrix(state: MatrixState, rule: FilterRule): MatrixState {
  const place = state.input.filter.rules.findIndex((known) => known.id === rule.id);
  const old = state.input.filter.rules[place];
  if (old === undefined) throw new Error(`the filter has no rule ${rule.id}`);
  const rules = state.input.filter.rules.with(place, rule);
  const input: MatrixInput = { ...state.input, filter: { ...state.input.filter, rules } };
  const expansion = expandMatches(rule.matches);
  const plain = rule.exact && old.exact && expansion.exact && expandMatches(old.matches).exact;
  if (!plain || !fitsSpace(state.filter.space, expansion.blocks)) return startMatrix(input, state.options);
  const cells = touchedCells(state, place);
  for (const cell of cells) dropSuspects(state, cell, place);
  const ranges = expansion.blocks.flatMap((block) => [...block.src, ...block.dst]);
  const axis = extendAxis(state.filter.space.axis, ranges);
  const moved = axis === undefined ? state : moveToAxis(state, axis);
  const filter = withRule(moved.filter, place, rule, expansion.blocks);
  const next: MatrixState = { ...moved, input, filter, index: undefined };
  enterRule(next, place);
  for (const cell of touchedCells(next, place)) cells.add(cell);
  for (const cell of cells) next.suspects.get(cell)?.sort((a, b) => a.rule - b.rule || a.cube - b.cube);
  judgeCells(next, cells);
  return next;
}

/** A rule that narrows an axis which nobody used so far needs a new space. */
function fitsSpace(space: Space, blocks: readonly Block[]): boolean {
  return blocks.every((block) =>
    block.services.every((row) =>
      serviceMax.every(
        (max, axis) => space.active.includes(axis + 2) || (row[axis * 2] === 0 && row[axis * 2 + 1] === max),
      ),
    ),
  );
}

function dropSuspects(state: MatrixState, cell: number, rule: number): void {
  const list = state.suspects.get(cell);
  if (list === undefined) return;
  const rest = list.filter((suspect) => suspect.rule !== rule);
  if (rest.length === 0) state.suspects.delete(cell);
  else state.suspects.set(cell, rest);
}

/** New addresses split intervals of the axis: every rank moves. */
function moveToAxis(state: MatrixState, axis: AddressAxis): MatrixState {
  const old = state.filter.space;
  const space: Space = { ...old, axis, max: old.max.map((max, dim) => (dim < 2 ? axis.size - 1 : max)) };
  const maps = rankMaps(old.axis, axis);
  const move = (filter: CompiledFilter): CompiledFilter => {
    const data = filter.data.slice();
    for (let at = 0; at < data.length; at += space.dims * 2) {
      data[at] = maps.low[data[at] as number] as number;
      data[at + 1] = maps.high[data[at + 1] as number] as number;
      data[at + 2] = maps.low[data[at + 2] as number] as number;
      data[at + 3] = maps.high[data[at + 3] as number] as number;
    }
    return { ...filter, space, data };
  };
  return {
    ...state,
    filter: move(state.filter),
    allowed: state.allowed.map(move),
    zones: placeZones(axis, state.input.zones),
  };
}

/** Puts the cubes of a rule in the place of its old ones. */
function withRule(
  filter: CompiledFilter,
  place: number,
  rule: FilterRule,
  blocks: readonly Block[],
): CompiledFilter {
  const stride = filter.space.dims * 2;
  const cubes = blocks.reduce((sum, block) => sum + cubesIn(block), 0);
  const numbers = new Int32Array(cubes * stride);
  let next = 0;
  for (const block of blocks) next = writeBlock(filter.space, block, -1, numbers, next);
  const first = filter.start[place] as number;
  const end = filter.start[place + 1] as number;
  const growth = cubes - (end - first);
  const data = new Int32Array(filter.data.length + growth * stride);
  data.set(filter.data.subarray(0, first * stride));
  data.set(numbers, first * stride);
  data.set(filter.data.subarray(end * stride), (end + growth) * stride);
  const start = filter.start.map((cube, index) => (index > place ? cube + growth : cube));
  const count = filter.count + growth;
  const ruleOf = new Int32Array(count);
  ruleOf.set(filter.ruleOf.subarray(0, first));
  ruleOf.fill(place, first, end + growth);
  ruleOf.set(filter.ruleOf.subarray(end), end + growth);
  const permits = filter.permits.slice();
  permits[place] = rule.action === "permit" ? 1 : 0;
  return { ...filter, rules: filter.rules.with(place, rule), data, start, count, ruleOf, permits };
}
