import { changedRules } from "./changed-rules.ts";
import type { CompiledRegions } from "./compiled-regions.ts";
import { compileRegions } from "./compiled-regions.ts";
import { createEngine } from "./engine.ts";
import type { Expression } from "./expression.ts";
import { minimizeBoxes } from "./minimize.ts";
import { minus, permitted } from "./region.ts";
import { visitBoxes } from "./region-search.ts";
import { isUnconditional } from "./space.ts";
import type { FilterComparison, FilterList, Flow, FlowOptions, Region, UnknownReason } from "./types.ts";
import { describeFlow } from "./witness.ts";

/** A set of packets as boxes. */
export interface FlowSet {
  readonly flows: readonly Flow[];
  /** `unknown` when the list is not complete or not certain. */
  readonly verdict: "proved" | "unknown";
  readonly reason?: UnknownReason;
}

/** Boxes that one answer lists; beyond it the answer is `unknown`. */
const maxBoxes = 20_000;

/** Lists what a filter permits. */
export function permittedSet(filter: FilterList, options: FlowOptions = {}): FlowSet {
  return listRegion(permitted(filter), options);
}

/** Lists a region as few boxes, each with a packet. */
export function listRegion(region: Region, options: FlowOptions = {}): FlowSet {
  const regions = compileRegions([region], options);
  return listBoxes(regions, regions.expressions[0] as Expression, options, undefined);
}

/** Lists the flows that a new version of a filter opens and closes. Only packets that a changed rule matches are looked
 *  at: the others meet the same first rule in both. */
export function compareFilters(
  old: FilterList,
  next: FilterList,
  options: FlowOptions = {},
): FilterComparison {
  const before = permitted(old);
  const after = permitted(next);
  const changed = changedRules(old, next);
  const scope = changed === undefined ? undefined : permitted(changed);
  const questions = [minus(after, before), minus(before, after), ...(scope === undefined ? [] : [scope])];
  const regions = compileRegions(questions, options);
  const opened = listBoxes(regions, regions.expressions[0] as Expression, options, regions.expressions[2]);
  const closed = listBoxes(regions, regions.expressions[1] as Expression, options, regions.expressions[2]);
  const reason = opened.reason ?? closed.reason;
  return {
    opened: opened.flows,
    closed: closed.flows,
    verdict: reason === undefined ? "proved" : "unknown",
    ...(reason === undefined ? {} : { reason }),
  };
}

function listBoxes(
  regions: CompiledRegions,
  expression: Expression,
  options: FlowOptions,
  scope: Expression | undefined,
): FlowSet {
  const sure: Int32Array[] = [];
  const unsure: Int32Array[] = [];
  const whole: Expression = scope === undefined ? expression : { kind: "and", parts: [scope, expression] };
  const outcome = visitBoxes(regions, whole, options, (box, certain) => {
    (certain ? sure : unsure).push(box.slice());
    return sure.length + unsure.length >= maxBoxes;
  });
  const engine = createEngine(regions.space.dims, options);
  const flows = [
    ...minimizeBoxes(engine, sure).map((box) => flowOf(regions, box, true, options)),
    ...minimizeBoxes(engine, unsure).map((box) => flowOf(regions, box, false, options)),
  ];
  const reason =
    outcome === "all"
      ? flows.some((flow) => !flow.certain)
        ? (regions.inexact ?? "condition")
        : undefined
      : "budget";
  return {
    flows,
    verdict: reason === undefined ? "proved" : "unknown",
    ...(reason === undefined ? {} : { reason }),
  };
}

function flowOf(regions: CompiledRegions, box: Int32Array, certain: boolean, options: FlowOptions): Flow {
  const flow = describeFlow(regions.space, box, options.hints);
  return { ...flow, certain: certain && isUnconditional(regions.space, box) };
}
