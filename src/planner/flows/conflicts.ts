import { boxAt, intersectBox } from "./boxes.ts";
import { compileFilters } from "./compiled.ts";
import { touching } from "./cube-index.ts";
import type { Examination } from "./examination.ts";
import { examine, nameOf, ruleHolds } from "./examination.ts";
import type { FilterList, FlowOptions, PartialConflict } from "./types.ts";
import { describeFlow } from "./witness.ts";

/** What the search for partial conflicts looks for. */
export interface ConflictOptions extends FlowOptions {
  /** Conflicts that are listed with a packet (default 1000); all are counted. */
  readonly limit?: number;
}

/** Pairs of rules that contradict each other in part. */
export interface ConflictReport {
  /** Sorted by the later rule's place, then the earlier one's. */
  readonly conflicts: readonly PartialConflict[];
  /** All of them, listed or not. */
  readonly total: number;
  /** Pairs for which neither engine could tell whether one holds the other; they are counted and listed. */
  readonly undecided: number;
}

const defaultLimit = 1000;

/** Finds pairs of rules of different action that share packets, neither inside the other (RUL-003). */
export function partialConflicts(list: FilterList, options: ConflictOptions = {}): ConflictReport {
  const [filter] = compileFilters([list], options);
  if (filter === undefined) return { conflicts: [], total: 0, undecided: 0 };
  const exam = examine(filter, options);
  const conflicts: PartialConflict[] = [];
  let total = 0;
  let undecided = 0;
  for (let later = 0; later < filter.rules.length; later += 1) {
    for (const [earlier, overlap] of oppositeOverlaps(exam, later)) {
      const inside = ruleHolds(exam, earlier, later);
      if (inside === "yes") continue;
      const around = ruleHolds(exam, later, earlier);
      if (around === "yes") continue;
      if (inside === "unknown" || around === "unknown") undecided += 1;
      total += 1;
      if (total > (options.limit ?? defaultLimit)) continue;
      const witness = describeFlow(filter.space, overlap, options.hints).witness;
      conflicts.push({
        code: "RUL-003",
        earlier: nameOf(filter, earlier),
        later: nameOf(filter, later),
        witness,
      });
    }
  }
  return { conflicts, total, undecided };
}

/** Earlier rules of the other action that share packets with a rule, each with one common box, in list order. */
function oppositeOverlaps(exam: Examination, later: number): (readonly [number, Int32Array])[] {
  const { filter, index } = exam;
  const { dims } = filter.space;
  const first = filter.start[later] as number;
  const overlaps = new Map<number, Int32Array>();
  for (let cube = first; cube < (filter.start[later + 1] as number); cube += 1) {
    const count = touching(index, filter.data, cube * dims * 2, 0, first);
    for (let k = 0; k < count; k += 1) {
      const id = index.ids[k] as number;
      const earlier = filter.ruleOf[id] as number;
      if (filter.permits[earlier] === filter.permits[later] || overlaps.has(earlier)) continue;
      const overlap = intersectBox(boxAt(filter.data, dims, cube), filter.data, id * dims * 2);
      if (overlap !== undefined) overlaps.set(earlier, overlap);
    }
  }
  return [...overlaps].sort((a, b) => a[0] - b[0]);
}
