import { keptCount, otherAlignments } from "./align.ts";
import type { SequenceSyntax } from "./dialect.ts";
import { IN_PLACE, type ListEdit, type ListPlan, putEdit, takeEdit } from "./list-edits.ts";
import { RouteProbes, readRoutes } from "./routes.ts";
import { chooseNumbers, type Numbered } from "./sequence-numbers.ts";
import type { Entry } from "./state.ts";

/** Lists up to this length are asked what they do with routes. */
const LONG = 60;
/** Edits that are tried in every order. */
const WHOLE = 8;
/** Ways to pair old with new entries that are looked at. */
const PAIRINGS = 60;

/** Plans the edit of a prefix list. Where entries may be overwritten, each pair of an old and a new one is one command if
 *  some order of them decides every route as the old or as the new list does; where an entry moves, such an order is
 *  sought, or another entry that moves in its stead.
 *  @param plan - the edit with the entries that stay by `keptFrom`
 *  @param planOther - the edit with other entries that stay */
export function planRoutes(
  sequence: SequenceSyntax,
  before: readonly Entry[],
  after: readonly Entry[],
  plan: ListPlan,
  keptFrom: readonly number[],
  planOther: (keptFrom: readonly number[]) => ListPlan,
): ListPlan {
  if (before.length + after.length > LONG || (plan.proved && plan.edits.length < 2)) return plan;
  if (plan.proved && (!sequence.overwrites || plan.edits.length === shortest(before, after, keptFrom)))
    return plan;
  const judge = RouteJudge.of(sequence, before, after);
  if (!judge) return plan;
  if (sequence.overwrites) {
    const paired = planPairs(sequence, judge, before, after, plan, keptFrom);
    if (paired) return paired;
  }
  if (plan.proved) return plan;
  for (const other of [plan, ...otherPlans(before, after, keptFrom, plan, planOther)]) {
    if (other.proved) return other;
    const edits = judge.safeOrder(other.edits);
    if (edits) return { edits, proved: true };
  }
  return { edits: judge.withStrays(plan.edits), proved: false };
}

/** No edit is shorter than this. */
function shortest(before: readonly Entry[], after: readonly Entry[], keptFrom: readonly number[]): number {
  return Math.max(before.length, after.length) - keptCount(keptFrom);
}

/** Edits of the same length in which other entries stay. */
function* otherPlans(
  before: readonly Entry[],
  after: readonly Entry[],
  keptFrom: readonly number[],
  plan: ListPlan,
  planOther: (keptFrom: readonly number[]) => ListPlan,
): Generator<ListPlan> {
  for (const kept of otherAlignments(before, after, keptFrom)) {
    const other = planOther(kept);
    if (other.edits.length <= plan.edits.length) yield other;
  }
}

/** The shortest edit that overwrites old entries by new ones, if it is shorter than the given one. An entry that could stay
 *  may be overwritten too, where others do not reach their places otherwise. */
function planPairs(
  sequence: SequenceSyntax,
  judge: RouteJudge,
  before: readonly Entry[],
  after: readonly Entry[],
  plan: ListPlan,
  keptFrom: readonly number[],
): ListPlan | undefined {
  if (before.some((entry) => entry.number === undefined)) return undefined;
  const old = before as readonly Numbered[];
  const size = (pairs: readonly number[]) => {
    const same = pairs.filter((i, j) => before[i]?.text === after[j]?.text).length;
    return before.length + after.length - keptCount(pairs) - same;
  };
  const pairings = [keptFrom, after.map(() => -1)].flatMap((kept) => [...pairingsOf(before.length, kept)]);
  pairings.sort((a, b) => size(a) - size(b));
  for (const pairs of pairings) {
    if (size(pairs) >= plan.edits.length) return undefined;
    const numbers = chooseNumbers(sequence, old, after, pairs);
    if (!numbers) continue;
    const stays = new Set(pairs);
    const edits = after.flatMap((entry, j) => {
      const paired = old[pairs[j] ?? -1];
      if (paired?.text === entry.text) return [];
      const why = paired ? IN_PLACE : "the entry is new";
      return [putEdit(sequence, entry, paired?.number ?? numbers.get(j) ?? 0, why)];
    });
    for (const [i, entry] of old.entries())
      if (!stays.has(i)) edits.push(takeEdit(sequence, entry, "the entry is gone"));
    const order = judge.safeOrder(edits);
    if (order) return { edits: order, proved: true };
  }
  return undefined;
}

/** Ways to let new entries stand in the places of old ones, in order; what stays, stays. */
function* pairingsOf(size: number, keptFrom: readonly number[]): Generator<readonly number[]> {
  let budget = PAIRINGS;
  function* extend(chosen: readonly number[], low: number): Generator<readonly number[]> {
    const j = chosen.length;
    if (j === keptFrom.length) {
      if (budget-- > 0) yield chosen;
      return;
    }
    const kept = keptFrom[j] ?? -1;
    if (kept >= 0) {
      yield* extend([...chosen, kept], kept);
      return;
    }
    const next = keptFrom.slice(j).find((index) => index >= 0) ?? size;
    for (let i = low + 1; i < next && budget > 0; i++) yield* extend([...chosen, i], i);
    if (budget > 0) yield* extend([...chosen, -1], low);
  }
  yield* extend([], -1);
}

/** Judges what a prefix list does with routes on the way from one state to another. */
class RouteJudge {
  readonly #spelling: "slash" | "words";
  readonly #probes: RouteProbes;
  readonly #before: readonly Entry[];
  readonly #old: readonly boolean[];
  readonly #next: readonly boolean[];

  private constructor(
    spelling: "slash" | "words",
    probes: RouteProbes,
    before: readonly Entry[],
    old: readonly boolean[],
    next: readonly boolean[],
  ) {
    this.#spelling = spelling;
    this.#probes = probes;
    this.#before = before;
    this.#old = old;
    this.#next = next;
  }

  /** Undefined where an entry says more than prefix and lengths, or a number is not known. */
  static of(
    { routes }: SequenceSyntax,
    before: readonly Entry[],
    after: readonly Entry[],
  ): RouteJudge | undefined {
    if (routes === undefined || before.some((entry) => entry.number === undefined)) return undefined;
    const [old, next] = [readRoutes(routes, before), readRoutes(routes, after)];
    if (!old || !next) return undefined;
    const probes = new RouteProbes([old, next]);
    return new RouteJudge(routes, probes, before, probes.decide(old), probes.decide(next));
  }

  /** An order of the edits in which every step decides each route as one of the ends does, and no entry stands twice. */
  safeOrder(edits: readonly ListEdit[]): readonly ListEdit[] | undefined {
    if (
      edits.length > WHOLE ||
      edits.some(({ effect }) => effect.kind !== "insert" && effect.kind !== "take")
    )
      return undefined;
    const seen = new Set<number>();
    const extend = (
      list: readonly Entry[],
      done: number,
      order: readonly ListEdit[],
    ): readonly ListEdit[] | undefined => {
      if (order.length === edits.length) return order;
      for (const [i, edit] of edits.entries()) {
        const now = done | (1 << i);
        if (now === done || seen.has(now)) continue;
        const next = played(list, edit);
        if (isDouble(next) || this.#strayOf(next) !== undefined) continue;
        seen.add(now);
        const found = extend(next, now, [...order, edit]);
        if (found) return found;
      }
      return undefined;
    };
    return extend(this.#before, 0, []);
  }

  /** Notes on each edit what it does to routes that neither end does. */
  withStrays(edits: readonly ListEdit[]): readonly ListEdit[] {
    let list = this.#before;
    return edits.map((edit) => {
      list = played(list, edit);
      const stray = this.#strayOf(list);
      return stray === undefined ? edit : { ...edit, stray };
    });
  }

  /** A list goes with its last entry, and what a missing one does differs: IOS lets every route through, FRR none. */
  #strayOf(list: readonly Entry[]): string | undefined {
    if (list.length === 0) return "is gone for a moment";
    const routes = readRoutes(this.#spelling, list);
    return routes && this.#probes.stray(this.#old, this.#next, this.#probes.decide(routes));
  }
}

function played(list: readonly Entry[], { effect }: ListEdit): readonly Entry[] {
  if (effect.kind === "renumber")
    return list.map((entry, i) => ({ ...entry, number: effect.first + effect.step * i }));
  if (effect.kind !== "insert" && effect.kind !== "take") return list;
  const number = effect.kind === "take" ? effect.number : (effect.entry.number ?? Number.POSITIVE_INFINITY);
  const rest = list.filter((entry) => entry.number !== number);
  if (effect.kind === "take") return rest;
  return [...rest, effect.entry].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
}

function isDouble(list: readonly Entry[]): boolean {
  return new Set(list.map(({ text }) => text)).size < list.length;
}
