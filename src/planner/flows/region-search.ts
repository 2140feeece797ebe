import type { CompiledFilter } from "./compiled.ts";
import type { CompiledRegions, VisitOutcome } from "./compiled-regions.ts";
import type { CubeIndex } from "./cube-index.ts";
import { touching } from "./cube-index.ts";
import type { DiagramLeaf } from "./diagram.ts";
import { buildDiagram, visitDiagram } from "./diagram.ts";
import { defaultNodeBudget, defaultStepBudget } from "./engine.ts";
import type { Expression } from "./expression.ts";
import { visitRegion } from "./region-walk.ts";
import { baseAxes, familyBox, isUnconditional } from "./space.ts";
import type { FlowOptions, Proof } from "./types.ts";
import { describeFlow } from "./witness.ts";

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
