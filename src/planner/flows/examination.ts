import { boxAt, holdsBox } from "./boxes.ts";
import type { CompiledFilter } from "./compiled.ts";
import type { CubeIndex } from "./cube-index.ts";
import { createCubeIndex } from "./cube-index.ts";
import type { Engine } from "./engine.ts";
import { createEngine, findFree } from "./engine.ts";
import type { FlowOptions } from "./types.ts";

/** What the search for dead rules looks for. */
export interface DeadRuleOptions extends FlowOptions {
  /** Also rules that later rules make needless (default true). */
  readonly downward?: boolean;
  /** Lets the default action count as a later rule (default false: a written deny at the end has its use). */
  readonly countDefault?: boolean;
}

/** One filter under examination. */
export interface Examination {
  readonly filter: CompiledFilter;
  readonly index: CubeIndex;
  readonly engine: Engine;
  readonly options: DeadRuleOptions;
  /** 1 where the rule is reported dead and no longer counts. */
  readonly removed: Uint8Array;
}

/** Prepares a compiled filter for questions about its rules. */
export function examine(filter: CompiledFilter, options: DeadRuleOptions): Examination {
  return {
    filter,
    index: createCubeIndex(filter.space.dims, filter.space.max, filter.data, filter.count),
    engine: createEngine(filter.space.dims, options),
    options,
    removed: new Uint8Array(filter.rules.length),
  };
}

/** Name of a rule by its place. */
export function nameOf(filter: CompiledFilter, rule: number): string {
  return filter.rules[rule]?.id ?? "";
}

/** Keeps the cubes of rules that match for certain; the list is changed in place. @returns how many stay */
export function dropLoose(filter: CompiledFilter, ids: Int32Array, count: number): number {
  if (filter.inexact === undefined) return count;
  let kept = 0;
  for (let k = 0; k < count; k += 1) {
    const id = ids[k] as number;
    if (filter.loose[filter.ruleOf[id] as number] === 0) ids[kept++] = id;
  }
  return kept;
}

/** Tells whether one rule's cubes hold all of another's. */
export function ruleHolds(exam: Examination, outer: number, inner: number): "yes" | "no" | "unknown" {
  const { filter, engine } = exam;
  const stride = filter.space.dims * 2;
  const first = filter.start[outer] as number;
  const idCount = (filter.start[outer + 1] as number) - first;
  const ids = Int32Array.from({ length: idCount }, (_, k) => first + k);
  let result: "yes" | "unknown" = "yes";
  for (let cube = filter.start[inner] as number; cube < (filter.start[inner + 1] as number); cube += 1) {
    if (idCount === 1) {
      if (!holdsBox(filter.data, first * stride, boxAt(filter.data, filter.space.dims, cube))) return "no";
      continue;
    }
    const answer = findFree(engine, {
      from: filter.data,
      at: cube * stride,
      data: filter.data,
      ids,
      idCount,
    });
    if (answer === "found") return "no";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}
