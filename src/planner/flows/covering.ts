import { boxAt, touchesBox } from "./boxes.ts";
import { findFree } from "./engine.ts";
import type { Examination } from "./examination.ts";

/** A rule to be covered. */
export interface CoverTask {
  readonly rule: number;
  /** Cubes that may be chosen, in list order; together with `given` they cover the rule. */
  readonly candidates: Int32Array;
  /** Cubes that take part without being named. */
  readonly given: readonly number[];
  /** A rule that must be among the chosen, or -1. */
  readonly must: number;
}

/** Sets larger than this are not searched for needless members. */
const pruneLimit = 64;

/** Chooses a small set of rules that together cover a rule: one if one suffices, else those that decide its packets,
 *  without those that the others make needless.
 *  @returns rule numbers, ascending */
export function smallCover(exam: Examination, task: CoverTask): number[] {
  const alone = coversAlone(exam, task);
  if (alone >= 0) return [alone];
  const chosen = new Set<number>(task.must >= 0 ? [task.must] : []);
  for (;;) {
    const free = freePart(exam, task, chosen);
    if (free === undefined) break;
    const next = firstHolding(exam, task, chosen, free);
    if (next === undefined) break;
    chosen.add(next);
  }
  const sorted = [...chosen].sort((a, b) => a - b);
  if (sorted.length > pruneLimit) return sorted;
  for (const rule of [...sorted].reverse()) {
    if (rule === task.must) continue;
    chosen.delete(rule);
    if (freePart(exam, task, chosen) !== undefined) chosen.add(rule);
  }
  return [...chosen].sort((a, b) => a - b);
}

function coversAlone(exam: Examination, task: CoverTask): number {
  if (task.must >= 0) return freePart(exam, task, new Set([task.must])) === undefined ? task.must : -1;
  const { filter } = exam;
  const rules = new Set(Array.from(task.candidates, (id) => filter.ruleOf[id] as number));
  for (const rule of rules) if (freePart(exam, task, new Set([rule])) === undefined) return rule;
  return -1;
}

/** A part of the rule that the chosen do not cover; undefined when there is none.
 *  When the engines give up it counts as not covered, so that the set grows rather than lies. */
function freePart(exam: Examination, task: CoverTask, chosen: ReadonlySet<number>): Int32Array | undefined {
  const { filter, engine } = exam;
  const { dims } = filter.space;
  const picked = task.candidates.filter((id) => chosen.has(filter.ruleOf[id] as number));
  const ids = Int32Array.from([...task.given, ...picked]);
  for (
    let cube = filter.start[task.rule] as number;
    cube < (filter.start[task.rule + 1] as number);
    cube += 1
  ) {
    const query = { from: filter.data, at: cube * dims * 2, data: filter.data, ids, idCount: ids.length };
    const answer = findFree(engine, query);
    if (answer === "found") return engine.free.slice();
    if (answer === "unknown") return boxAt(filter.data, dims, cube);
  }
  return undefined;
}

/** The first rule not yet chosen that holds the low corner of the box, or else touches the box. */
function firstHolding(
  exam: Examination,
  task: CoverTask,
  chosen: ReadonlySet<number>,
  box: Int32Array,
): number | undefined {
  const { filter } = exam;
  const corner = box.slice();
  for (let d = 0; d < corner.length; d += 2) corner[d + 1] = corner[d] as number;
  for (const area of [corner, box]) {
    for (const id of task.candidates) {
      const rule = filter.ruleOf[id] as number;
      if (!chosen.has(rule) && touchesBox(filter.data, id * box.length, area)) return rule;
    }
  }
  return undefined;
}
