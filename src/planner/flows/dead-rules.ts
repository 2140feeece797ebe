import { boxAt, intersectBox } from "./boxes.ts";
import type { CompiledFilter } from "./compiled.ts";
import { compileFilters } from "./compiled.ts";
import { smallCover } from "./covering.ts";
import { touching } from "./cube-index.ts";
import { isNeeded } from "./downward.ts";
import type { Answer } from "./engine.ts";
import { findFree } from "./engine.ts";
import type { DeadRuleOptions, Examination } from "./examination.ts";
import { dropLoose, examine, nameOf, ruleHolds } from "./examination.ts";
import { baseAxes } from "./space.ts";
import type { DeadRule, DeadRulesReport, FilterList, UnknownReason } from "./types.ts";
import { describeFlow } from "./witness.ts";

/** Finds the rules that do nothing, exactly: a rule covered by several earlier ones together counts.
 *
 *  A rule that may or may not match covers nothing. Rules reported because of later ones stay needless when all
 *  reported rules are taken out at once. */
export function deadRules(list: FilterList, options: DeadRuleOptions = {}): DeadRulesReport {
  const [filter] = compileFilters([list], options);
  if (filter === undefined) return { dead: [], unknown: [], checked: 0 };
  const exam = examine(filter, options);
  const dead: DeadRule[] = [];
  const unknown: { rule: string; reason: UnknownReason }[] = [];
  for (let rule = 0; rule < filter.rules.length; rule += 1) {
    const answer = coveredEarlier(exam, rule);
    if (answer === "unknown") unknown.push({ rule: nameOf(filter, rule), reason: "budget" });
    if (answer !== "none") continue;
    exam.removed[rule] = 1;
    dead.push(explainDead(exam, rule));
  }
  if (options.downward !== false) findDownward(exam, dead, unknown);
  const place = new Map(filter.rules.map((rule, index) => [rule.id, index]));
  dead.sort((a, b) => (place.get(a.rule) ?? 0) - (place.get(b.rule) ?? 0));
  return { dead, unknown, checked: filter.rules.length };
}

/** Asks whether earlier rules take all packets of a rule (`none`: they do). */
function coveredEarlier(exam: Examination, rule: number): Answer {
  const { filter, index } = exam;
  const first = filter.start[rule] as number;
  const stride = filter.space.dims * 2;
  let answer: Answer = "none";
  for (let cube = first; cube < (filter.start[rule + 1] as number); cube += 1) {
    const found = touching(index, filter.data, cube * stride, 0, first);
    const idCount = dropLoose(filter, index.ids, found);
    const one = findFree(exam.engine, {
      from: filter.data,
      at: cube * stride,
      data: filter.data,
      ids: index.ids,
      idCount,
    });
    if (one === "found") return "found";
    if (one === "unknown") answer = "unknown";
  }
  return answer;
}

function explainDead(exam: Examination, rule: number): DeadRule {
  const { filter } = exam;
  const name = nameOf(filter, rule);
  if (filter.start[rule] === filter.start[rule + 1]) {
    return { code: "RUL-017", rule: name, because: "never", covering: [] };
  }
  const candidates = earlierCubes(exam, rule);
  const twin = findTwin(exam, rule, candidates);
  if (twin >= 0) return { code: "RUL-016", rule: name, because: "earlier", covering: [nameOf(filter, twin)] };
  const shadow = findShadow(exam, rule, candidates);
  const cover = smallCover(exam, { rule, candidates, given: [], must: shadow?.by ?? -1 });
  const covering = cover.map((index) => nameOf(filter, index));
  if (shadow === undefined) return { code: "RUL-002", rule: name, because: "earlier", covering };
  if (shadow.box === undefined) return { code: "RUL-001", rule: name, because: "earlier", covering };
  const flow = describeFlow(filter.space, shadow.box, exam.options.hints);
  const witness = { packet: flow.witness, decidedBy: nameOf(filter, shadow.by) };
  return { code: "RUL-001", rule: name, because: "earlier", covering, witness };
}

/** Cubes of earlier rules that touch one of the rule's, ascending. */
function earlierCubes(exam: Examination, rule: number): Int32Array {
  const { filter, index } = exam;
  const first = filter.start[rule] as number;
  const stride = filter.space.dims * 2;
  const ids = new Set<number>();
  for (let cube = first; cube < (filter.start[rule + 1] as number); cube += 1) {
    const count = dropLoose(filter, index.ids, touching(index, filter.data, cube * stride, 0, first));
    for (let k = 0; k < count; k += 1) ids.add(index.ids[k] as number);
  }
  return Int32Array.from(ids).sort();
}

/** An earlier rule of the same action that matches exactly the same packets, or -1. */
function findTwin(exam: Examination, rule: number, candidates: Int32Array): number {
  const { filter } = exam;
  for (const earlier of new Set(Array.from(candidates, (id) => filter.ruleOf[id] as number))) {
    if (filter.permits[earlier] !== filter.permits[rule]) continue;
    if (ruleHolds(exam, earlier, rule) === "yes" && ruleHolds(exam, rule, earlier) === "yes") return earlier;
  }
  return -1;
}

/** The first earlier rule of the other action that really decides a packet of this rule, and where. */
function findShadow(
  exam: Examination,
  rule: number,
  candidates: Int32Array,
): { by: number; box: Int32Array | undefined } | undefined {
  const { filter, engine } = exam;
  const { dims } = filter.space;
  let unsure: { by: number; box: undefined } | undefined;
  for (let cube = filter.start[rule] as number; cube < (filter.start[rule + 1] as number); cube += 1) {
    const own = boxAt(filter.data, dims, cube);
    for (const [place, id] of candidates.entries()) {
      const by = filter.ruleOf[id] as number;
      if (filter.permits[by] === filter.permits[rule] || asksMore(filter, id, own)) continue;
      const from = intersectBox(own, filter.data, id * dims * 2);
      if (from === undefined) continue;
      const answer = findFree(engine, { from, at: 0, data: filter.data, ids: candidates, idCount: place });
      if (answer === "found") return { by, box: engine.free.slice() };
      if (answer === "unknown") unsure ??= { by, box: undefined };
    }
  }
  return unsure;
}

/** A rule that asks a condition which this one does not ask may not decide its packets at all. */
function asksMore(filter: CompiledFilter, id: number, own: Int32Array): boolean {
  if (filter.inexact === undefined) return false;
  const { dims, active } = filter.space;
  for (let dim = dims - 1; dim >= 0 && (active[dim] as number) >= baseAxes; dim -= 1) {
    if (filter.data[(id * dims + dim) * 2] !== own[dim * 2]) return true;
  }
  return false;
}

function findDownward(
  exam: Examination,
  dead: DeadRule[],
  unknown: { rule: string; reason: UnknownReason }[],
): void {
  const { filter } = exam;
  for (let rule = 0; rule < filter.rules.length; rule += 1) {
    if (exam.removed[rule] === 1) continue;
    const answer = isNeeded(exam, rule);
    if (answer.kind === "needed") continue;
    const name = nameOf(filter, rule);
    if (answer.kind === "unknown") {
      if (!unknown.some((item) => item.rule === name)) unknown.push({ rule: name, reason: "budget" });
      continue;
    }
    exam.removed[rule] = 1;
    const covering = answer.by.map((index) => nameOf(filter, index));
    dead.push({ code: "RUL-002", rule: name, because: "later", covering });
  }
}
