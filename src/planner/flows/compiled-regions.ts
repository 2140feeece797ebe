import type { CompiledFilter } from "./compiled.ts";
import { compileFilters } from "./compiled.ts";
import type { CubeIndex } from "./cube-index.ts";
import { createCubeIndex } from "./cube-index.ts";
import type { Expression } from "./expression.ts";
import type { Space } from "./space.ts";
import type { FilterList, FlowOptions, Region, UnknownReason } from "./types.ts";

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
export function compileRegions(regions: readonly Region[], options: FlowOptions): CompiledRegions {
  const filters: FilterList[] = [];
  const expressions = regions.map((region) => expressionOf(region, filters));
  const leaves = compileFilters(
    filters.length === 0 ? [{ rules: [], defaultAction: "deny" }] : filters,
    options,
  );
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
