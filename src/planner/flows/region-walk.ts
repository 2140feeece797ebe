import { holdsBox, intersectBox } from "./boxes.ts";
import type { CompiledFilter } from "./compiled.ts";
import type { CompiledRegions, VisitOutcome } from "./compiled-regions.ts";
import type { CoverSolver } from "./cover.ts";
import { createCoverSolver, visitUncovered } from "./cover.ts";
import type { CubeIndex } from "./cube-index.ts";
import { touching } from "./cube-index.ts";
import type { Expression } from "./expression.ts";

/** A walk over the boxes of an expression with the cube engine. */
export interface RegionWalk {
  readonly regions: CompiledRegions;
  readonly expression: Expression;
  readonly area: Int32Array;
  /** Splits before it gives up. */
  readonly budget: number;
  readonly visit: Visit;
}

/** Gets a box that it may keep; returns true to stop. */
type Visit = (box: Int32Array, certain: boolean) => boolean;

interface Walk {
  readonly regions: CompiledRegions;
  /** One solver for each level of nesting. */
  readonly solvers: CoverSolver[];
  depth: number;
  left: number;
  exhausted: boolean;
}

/** Visits boxes, not always disjoint, that together make up the expression inside the area. */
export function visitRegion(request: RegionWalk): VisitOutcome {
  const walk: Walk = {
    regions: request.regions,
    solvers: [],
    depth: 0,
    left: request.budget,
    exhausted: false,
  };
  const stopped = walkExpression(walk, request.expression, true, request.area, true, request.visit);
  if (walk.exhausted) return "budget";
  return stopped ? "stopped" : "all";
}

/** @param want - visit where the expression is true, or where it is false */
function walkExpression(
  walk: Walk,
  expression: Expression,
  want: boolean,
  box: Int32Array,
  certain: boolean,
  visit: Visit,
): boolean {
  switch (expression.kind) {
    case "constant":
      return expression.value === want && visit(box, certain);
    case "not":
      return walkExpression(walk, expression.part, !want, box, certain, visit);
    case "leaf":
      return walkLeaf(walk, expression.leaf, want, box, certain, visit);
    case "and":
      return (want ? walkAll : walkAny)(walk, expression.parts, want, box, certain, visit);
    case "or":
      return (want ? walkAny : walkAll)(walk, expression.parts, want, box, certain, visit);
  }
}

/** Where every part is as wanted. */
function walkAll(
  walk: Walk,
  parts: readonly Expression[],
  want: boolean,
  box: Int32Array,
  certain: boolean,
  visit: Visit,
): boolean {
  const [first, ...rest] = parts;
  if (first === undefined) return visit(box, certain);
  return walkExpression(walk, first, want, box, certain, (part, sure) =>
    walkAll(walk, rest, want, part, sure, visit),
  );
}

/** Where at least one part is as wanted. */
function walkAny(
  walk: Walk,
  parts: readonly Expression[],
  want: boolean,
  box: Int32Array,
  certain: boolean,
  visit: Visit,
): boolean {
  return parts.some((part) => walkExpression(walk, part, want, box, certain, visit));
}

/** The packets of the box that a filter decides as wanted: each rule of that action, and the default if it is of that
 *  action, without the earlier rules of the other action. */
function walkLeaf(
  walk: Walk,
  leafNumber: number,
  want: boolean,
  box: Int32Array,
  certain: boolean,
  visit: Visit,
): boolean {
  const leaf = walk.regions.leaves[leafNumber] as CompiledFilter;
  const index = walk.regions.indexes[leafNumber] as CubeIndex;
  const stride = leaf.space.dims * 2;
  const count = touching(index, box, 0, 0, leaf.count);
  const ids = index.ids.slice(0, count);
  const opposite = new Int32Array(count);
  const seen: number[] = [];
  let opposites = 0;
  let unsure = false;
  for (const id of ids) {
    const rule = leaf.ruleOf[id] as number;
    const loose = leaf.loose[rule] === 1;
    if ((leaf.permits[rule] === 1) !== want) {
      if (loose) unsure = true;
      else opposite[opposites++] = id;
      if (!loose && holdsBox(leaf.data, id * stride, box)) return false;
      continue;
    }
    const part = intersectBox(box, leaf.data, id * stride);
    if (part === undefined || isRepeat(leaf, seen, part)) continue;
    if (!loose && seen.length < 512) seen.push(id * stride);
    const sure = certain && !loose && !unsure;
    if (walkFree(walk, leaf, part, opposite, opposites, (free) => visit(free, sure))) return true;
    if (!loose && holdsBox(leaf.data, id * stride, box)) return false;
  }
  if ((leaf.defaultAction === "permit") !== want) return false;
  return walkFree(walk, leaf, box, opposite, opposites, (free) => visit(free, certain && !unsure));
}

/** An earlier rule of the same action that holds the part had fewer others before it: it has been visited. */
function isRepeat(leaf: CompiledFilter, seen: readonly number[], part: Int32Array): boolean {
  return seen.some((at) => holdsBox(leaf.data, at, part));
}

function walkFree(
  walk: Walk,
  leaf: CompiledFilter,
  box: Int32Array,
  ids: Int32Array,
  idCount: number,
  onFree: (box: Int32Array) => boolean,
): boolean {
  walk.left -= 1;
  if (walk.left < 0) {
    walk.exhausted = true;
    return true;
  }
  if (idCount === 0) return onFree(box);
  walk.solvers[walk.depth] ??= createCoverSolver(leaf.space.dims);
  const solver = walk.solvers[walk.depth] as CoverSolver;
  walk.depth += 1;
  let steps = 0;
  const query = { from: box, at: 0, data: leaf.data, ids, idCount, budget: walk.left };
  const outcome = visitUncovered(solver, query, () => {
    walk.left -= solver.steps - steps;
    steps = solver.steps;
    return walk.left < 0 || onFree(solver.free.slice());
  });
  walk.depth -= 1;
  walk.left -= solver.steps - steps;
  if (outcome === "budget" || walk.left < 0) walk.exhausted = true;
  return outcome !== "none" || walk.exhausted;
}
