import type { CompiledFilter } from "./compiled.ts";
import { compileFilters } from "./compiled.ts";
import type { CubeIndex } from "./cube-index.ts";
import { createCubeIndex, touching } from "./cube-index.ts";
import type { DiagramLeaf } from "./diagram.ts";
import { buildDiagram, visitDiagram } from "./diagram.ts";
import { defaultNodeBudget, defaultStepBudget } from "./engine.ts";
import type { Expression } from "./expression.ts";
import type { Region } from "./region.ts";
import { visitRegion } from "./region-walk.ts";
import type { Space } from "./space.ts";
import { baseAxes, familyBox } from "./space.ts";
import type { FilterList, FlowOptions, Proof, UnknownReason } from "./types.ts";
import { describeFlow } from "./witness.ts";

/** Regions over one common space. */
export interface CompiledRegions {
  readonly space: Space;
  readonly leaves: readonly CompiledFilter[];
  readonly indexes: readonly CubeIndex[];
  readonly expressions: readonly Expression[];
  /** Why some leaf is inexact, if one is. */
  readonly inexact: UnknownReason | undefined;
}

/** Compiles regions so that they share axes; equal filter objects become one leaf. */
export function compileRegions(regions: readonly Region[]): CompiledRegions {
  const filters: FilterList[] = [];
  const expressions = regions.map((region) => expressionOf(region, filters));
  const leaves = compileFilters(filters.length === 0 ? [{ rules: [], defaultAction: "deny" }] : filters);
  const space = (leaves[0] as CompiledFilter).space;
  const indexes = leaves.map((leaf) =>
    createCubeIndex(space.dims, space.max, leaf.data, leaf.count, leaves.length),
  );
  const inexact = leaves.find((leaf) => leaf.inexact !== undefined)?.inexact;
  return { space, leaves, indexes, expressions, inexact };
}

function expressionOf(region: Region, filters: FilterList[]): Expression {
  switch (region.kind) {
    case "everything":
      return { kind: "constant", value: true };
    case "nothing":
      return { kind: "constant", value: false };
    case "permitted":
      if (!filters.includes(region.filter)) filters.push(region.filter);
      return { kind: "leaf", leaf: filters.indexOf(region.filter) };
    case "not":
      return { kind: "not", part: expressionOf(region.part, filters) };
    case "union":
      return { kind: "or", parts: region.parts.map((part) => expressionOf(part, filters)) };
    case "intersection":
      return { kind: "and", parts: region.parts.map((part) => expressionOf(part, filters)) };
  }
}

/** What a visit of all boxes came to. */
export type VisitOutcome = "all" | "stopped" | "budget";

/** Visits boxes that together make up an expression, until `visit` returns true: by cubes first, then by the diagram.
 *  When the cube engine gives up half way, boxes may come twice.
 *  @param box - where to look; both families when absent */
export function visitBoxes(
  regions: CompiledRegions,
  expression: Expression,
  options: FlowOptions,
  visit: (box: Int32Array, certain: boolean) => boolean,
  box?: Int32Array,
): VisitOutcome {
  const areas = box === undefined ? [familyBox(regions.space, 4), familyBox(regions.space, 6)] : [box];
  for (const area of areas) {
    const outcome = visitArea(regions, expression, options, visit, area);
    if (outcome !== "all") return outcome;
  }
  return "all";
}

function visitArea(
  regions: CompiledRegions,
  expression: Expression,
  options: FlowOptions,
  visit: (box: Int32Array, certain: boolean) => boolean,
  area: Int32Array,
): VisitOutcome {
  const use = options.engine ?? "auto";
  if (use !== "diagram") {
    const budget = options.stepBudget ?? defaultStepBudget;
    const outcome = visitRegion({ regions, expression, area, budget, visit });
    if (outcome !== "budget" || use === "cubes") return outcome;
  }
  const leaves = regions.leaves.map((leaf, number) =>
    leafOf(leaf, regions.indexes[number] as CubeIndex, area),
  );
  const diagram = buildDiagram(area, leaves, expression, options.nodeBudget ?? defaultNodeBudget);
  if (diagram === undefined) return "budget";
  return visitDiagram(diagram, visit) ? "stopped" : "all";
}

function leafOf(leaf: CompiledFilter, index: CubeIndex, area: Int32Array): DiagramLeaf {
  const count = touching(index, area, 0, 0, leaf.count);
  return {
    data: leaf.data,
    ids: index.ids.slice(0, count),
    permits: (id) => leaf.permits[leaf.ruleOf[id] as number] === 1,
    loose: (id) => leaf.loose[leaf.ruleOf[id] as number] === 1,
    otherwise: leaf.defaultAction === "permit",
  };
}

/** Uncertain boxes that are looked at again, to see whether they hold whatever the conditions say. */
const secondLooks = 32;

/** Proves that a region is empty, or shows a packet: a certain one if there is one. */
export function findInRegion(regions: CompiledRegions, number: number, options: FlowOptions): Proof {
  const expression = regions.expressions[number] as Expression;
  let certainBox: Int32Array | undefined;
  let unsureBox: Int32Array | undefined;
  let looks = 0;
  const outcome = visitBoxes(regions, expression, options, (box, certain) => {
    if (certain && isUnconditional(regions.space, box)) certainBox = box.slice();
    else {
      unsureBox ??= box.slice();
      looks += 1;
      if (certain && looks <= secondLooks) certainBox = holdsAnyway(regions, expression, options, box);
    }
    return certainBox !== undefined;
  });
  const found = certainBox ?? unsureBox;
  if (found === undefined)
    return outcome === "budget" ? { verdict: "unknown", reason: "budget" } : { verdict: "proved" };
  const { box, witness } = describeFlow(regions.space, found, options.hints);
  if (certainBox !== undefined) return { verdict: "violated", witness, box };
  const reason = outcome === "budget" ? "budget" : (regions.inexact ?? "condition");
  return { verdict: "unknown", witness, box, reason };
}

/** Tells whether a box holds whatever the inexact conditions say. */
export function isUnconditional(space: Space, box: Int32Array): boolean {
  for (let dim = 0; dim < space.dims; dim += 1) {
    if ((space.active[dim] as number) >= baseAxes && box[dim * 2] === box[dim * 2 + 1]) return false;
  }
  return true;
}

/** Widens a box over all conditions; returns it when the expression holds all over it. */
function holdsAnyway(
  regions: CompiledRegions,
  expression: Expression,
  options: FlowOptions,
  box: Int32Array,
): Int32Array | undefined {
  const wide = box.slice();
  for (let dim = 0; dim < regions.space.dims; dim += 1) {
    if ((regions.space.active[dim] as number) < baseAxes) continue;
    wide[dim * 2] = 0;
    wide[dim * 2 + 1] = 1;
  }
  const opposite: Expression = { kind: "not", part: expression };
  return visitBoxes(regions, opposite, options, () => true, wide) === "all" ? wide : undefined;
}
