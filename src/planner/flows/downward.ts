import { boxAt, holdsBox, intersectBox } from "./boxes.ts";
import { smallCover } from "./covering.ts";
import { touching } from "./cube-index.ts";
import { findFree } from "./engine.ts";
import type { Examination } from "./examination.ts";

/** Whether a list would decide otherwise without a rule; `by` are the later rules that take its packets. */
export type Need =
  | { readonly kind: "needed" }
  | { readonly kind: "needless"; readonly by: readonly number[] }
  | { readonly kind: "unknown" };

interface Around {
  /** Cubes of earlier rules that match for certain. */
  readonly earlier: readonly number[];
  /** Cubes of later rules, in order. */
  readonly later: readonly number[];
}

/** Asks whether every packet that a rule decides would be decided the same by the rules after it. */
export function isNeeded(exam: Examination, rule: number): Need {
  const { filter } = exam;
  let unsure = false;
  const spans: Around[] = [];
  for (let cube = filter.start[rule] as number; cube < (filter.start[rule + 1] as number); cube += 1) {
    const around = lookAround(exam, rule, cube);
    const answer = cubeNeeded(exam, rule, cube, around);
    if (answer === "needed") return { kind: "needed" };
    if (answer === "unknown") unsure = true;
    spans.push(around);
  }
  if (unsure) return { kind: "unknown" };
  const same = spans.flatMap((around) => around.later.filter((id) => agrees(exam, rule, id)));
  const candidates = Int32Array.from(new Set(same)).sort();
  const given = [...new Set(spans.flatMap((around) => around.earlier))];
  return { kind: "needless", by: smallCover(exam, { rule, candidates, given, must: -1 }) };
}

function lookAround(exam: Examination, rule: number, cube: number): Around {
  const { filter, index, removed } = exam;
  const stride = filter.space.dims * 2;
  const found = touching(index, filter.data, cube * stride, 0, filter.count);
  const earlier: number[] = [];
  const later: number[] = [];
  for (let k = 0; k < found; k += 1) {
    const id = index.ids[k] as number;
    const other = filter.ruleOf[id] as number;
    if (other === rule || removed[other] === 1) continue;
    if (other > rule) later.push(id);
    else if (filter.loose[other] === 0) earlier.push(id);
  }
  return { earlier, later };
}

/** Later rules that agree and match for certain may take over; any other decides otherwise, or may. */
function agrees(exam: Examination, rule: number, id: number): boolean {
  const other = exam.filter.ruleOf[id] as number;
  return exam.filter.permits[other] === exam.filter.permits[rule] && exam.filter.loose[other] === 0;
}

function cubeNeeded(
  exam: Examination,
  rule: number,
  cube: number,
  around: Around,
): "needed" | "no" | "unknown" {
  const { filter, engine, options } = exam;
  const { dims } = filter.space;
  const action = filter.permits[rule] === 1 ? "permit" : "deny";
  const own = boxAt(filter.data, dims, cube);
  let unsure = false;
  const ask = (from: Int32Array, before: readonly number[]): "needed" | "no" => {
    const ids = Int32Array.from(before);
    const answer = findFree(engine, { from, at: 0, data: filter.data, ids, idCount: ids.length });
    if (answer === "unknown") unsure = true;
    return answer === "found" ? "needed" : "no";
  };
  const { earlier, later } = around;
  const same = later.filter((id) => agrees(exam, rule, id));
  if (options.countDefault !== true || filter.defaultAction !== action) {
    const others = later.filter(
      (id) => !agrees(exam, rule, id) && filter.loose[filter.ruleOf[id] as number] === 0,
    );
    const all = options.countDefault === true ? [...earlier, ...same] : [...earlier, ...same, ...others];
    if (ask(own, all) === "needed") return "needed";
  }
  const opposite = later.filter((id) => filter.permits[filter.ruleOf[id] as number] !== filter.permits[rule]);
  const wide = opposite.filter((id) => holdsBox(filter.data, id * dims * 2, own)).slice(0, 1);
  for (const id of [...wide, ...opposite]) {
    const overlap = intersectBox(own, filter.data, id * dims * 2);
    if (overlap === undefined) continue;
    const between = same.filter((other) => other < id);
    if (ask(overlap, [...earlier, ...between]) === "needed") return "needed";
  }
  return unsure ? "unknown" : "no";
}
