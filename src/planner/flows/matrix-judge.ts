import { intersectBox, touchesBox } from "./boxes.ts";
import type { CompiledFilter } from "./compiled.ts";
import { touching } from "./cube-index.ts";
import { findFree } from "./engine.ts";
import type { MatrixState, Suspect } from "./matrix-state.ts";
import { baseAxes, isUnconditional } from "./space.ts";
import type { MatrixViolation, UnknownReason } from "./types.ts";
import { describeFlow } from "./witness.ts";

/** Decides whether a suspect lets a packet through that its cell does not allow, and that no earlier rule takes.
 *  @returns undefined when it is proved that it does not */
export function judgeSuspect(
  state: MatrixState,
  cell: number,
  suspect: Suspect,
): MatrixViolation | undefined {
  const box = clip(state, suspect);
  if (box === undefined) return undefined;
  const allowed = state.allowed[state.policies.ofCell[cell] as number] as CompiledFilter;
  const cover = [...allowedCubes(allowed, box), ...earlierCubes(state, suspect, box, false)];
  const answer = ask(state, box, cover);
  if (answer === "none") return undefined;
  if (answer === "unknown") return violationOf(state, cell, suspect, box, "budget");
  const free = state.engine.free.slice();
  const loose = state.filter.loose[suspect.rule] === 1;
  if (state.filter.inexact === undefined) return violationOf(state, cell, suspect, free, undefined);
  if (loose || !mayBeUnconditional(state, suspect)) {
    return violationOf(state, cell, suspect, free, state.filter.inexact);
  }
  const certain = [...allowedCubes(allowed, box), ...earlierCubes(state, suspect, box, true)];
  const second = ask(state, box, certain);
  if (second === "found" && isUnconditional(state.filter.space, state.engine.free)) {
    return violationOf(state, cell, suspect, state.engine.free.slice(), undefined);
  }
  return violationOf(state, cell, suspect, free, state.filter.inexact);
}

/** The part of a suspect's cube between its two subnets. */
function clip(state: MatrixState, suspect: Suspect): Int32Array | undefined {
  const { filter, zones } = state;
  const stride = filter.space.dims * 2;
  const at = ((filter.start[suspect.rule] as number) + suspect.cube) * stride;
  const area = filter.data.slice(at, at + stride);
  area[0] = zones.lo[suspect.from] as number;
  area[1] = zones.hi[suspect.from] as number;
  area[2] = zones.lo[suspect.to] as number;
  area[3] = zones.hi[suspect.to] as number;
  return intersectBox(area, filter.data, at);
}

function allowedCubes(allowed: CompiledFilter, box: Int32Array): Int32Array[] {
  const cubes: Int32Array[] = [];
  for (let id = 0; id < allowed.count; id += 1) {
    if (allowed.loose[allowed.ruleOf[id] as number] === 1) continue;
    const cube = allowed.data.subarray(id * box.length, (id + 1) * box.length);
    if (touchesBox(cube, 0, box)) cubes.push(cube);
  }
  return cubes;
}

/** Cubes of earlier rules that take packets of the box.
 *  @param forSure - ask what is left for certain: an inexact denial then takes all that it might, and an inexact permit
 *  takes nothing, because what it lets through breaks the matrix as well */
function earlierCubes(state: MatrixState, suspect: Suspect, box: Int32Array, forSure: boolean): Int32Array[] {
  const { filter } = state;
  const cubes: Int32Array[] = [];
  for (const id of earlierIds(state, filter.start[suspect.rule] as number, box)) {
    const rule = filter.ruleOf[id] as number;
    const cube = filter.data.subarray(id * box.length, (id + 1) * box.length);
    const conditional = filter.loose[rule] === 1 || !isUnconditional(filter.space, cube);
    if (!conditional) cubes.push(cube);
    else if (forSure && filter.permits[rule] === 0) cubes.push(widen(state, cube));
    else if (!forSure && filter.loose[rule] === 0) cubes.push(cube);
  }
  return cubes;
}

function earlierIds(state: MatrixState, end: number, box: Int32Array): Iterable<number> {
  const { index, filter } = state;
  if (index !== undefined) {
    const count = touching(index, box, 0, 0, end);
    return index.ids.slice(0, count);
  }
  const ids: number[] = [];
  for (let id = 0; id < end; id += 1) if (touchesBox(filter.data, id * box.length, box)) ids.push(id);
  return ids;
}

function widen(state: MatrixState, cube: Int32Array): Int32Array {
  const wide = cube.slice();
  const { space } = state.filter;
  for (let dim = 0; dim < space.dims; dim += 1) {
    if ((space.active[dim] as number) >= baseAxes) wide[dim * 2] = 0;
  }
  return wide;
}

function mayBeUnconditional(state: MatrixState, suspect: Suspect): boolean {
  const { filter } = state;
  const stride = filter.space.dims * 2;
  const at = ((filter.start[suspect.rule] as number) + suspect.cube) * stride;
  return isUnconditional(filter.space, filter.data.subarray(at, at + stride));
}

function ask(
  state: MatrixState,
  box: Int32Array,
  cubes: readonly Int32Array[],
): "none" | "found" | "unknown" {
  const data = new Int32Array(cubes.length * box.length);
  const ids = new Int32Array(cubes.length);
  for (const [number, cube] of cubes.entries()) {
    data.set(cube, number * box.length);
    ids[number] = number;
  }
  return findFree(state.engine, { from: box, at: 0, data, ids, idCount: cubes.length });
}

function violationOf(
  state: MatrixState,
  cell: number,
  suspect: Suspect,
  box: Int32Array,
  reason: UnknownReason | undefined,
): MatrixViolation {
  const { zones } = state.input;
  const flow = describeFlow(state.filter.space, box, state.options.hints);
  const rule = state.input.filter.rules[suspect.rule]?.id;
  return {
    from: zones[Math.floor(cell / zones.length)]?.id ?? "",
    to: zones[cell % zones.length]?.id ?? "",
    ...(rule === undefined ? {} : { rule }),
    witness: flow.witness,
    box: flow.box,
    verdict: reason === undefined ? "violated" : "unknown",
    ...(reason === undefined ? {} : { reason }),
  };
}
