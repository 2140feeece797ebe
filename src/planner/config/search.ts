import { COMPLETE, type Effect, type Header, type Operation } from "./operation.ts";
import type { Fault, Prover, Walk } from "./prove.ts";
import type { Block } from "./state.ts";

/** How many orders are looked at before a change is called unsafe. */
const BUDGET = 1500;
/** Lists up to this length are searched whole, so that "no safe order" is a fact. */
const WHOLE = 7;
/** Orders of objects that are looked at: each is read as a whole. */
const OBJECT_BUDGET = 250;

/** The outcome of a search for a safe order. */
export interface SafeOrder {
  readonly operations: readonly Operation[];
  /** Empty where every prefix is safe. */
  readonly faults: readonly Fault[];
  /** True where all orders were looked at. */
  readonly complete: boolean;
}

/** Looks for an order of which every prefix is safe, starting from the one that references suggest.
 *  A block stays before what stands in it, and an entry that moves leaves before it comes again. */
export function findSafeOrder(prover: Prover, ordered: readonly Operation[]): SafeOrder {
  const faults = prover.prove(ordered);
  if (faults.length === 0) return { operations: ordered, faults: [], complete: true };
  const bundles = bundlesOf(prover, ordered);
  const late = [...bundles.filter((bundle) => !takesAway(bundle)), ...bundles.filter(takesAway)].flat();
  if (keepsBlocks(late) && prover.prove(late, 1).length === 0)
    return { operations: late, faults: [], complete: true };
  const repaired = repairList(prover, ordered, faults[0]) ?? repairObjects(prover, bundles);
  if (repaired) return { operations: repaired, faults: [], complete: true };
  if (bundles.length > WHOLE) return { operations: ordered, faults, complete: false };
  const search = new Search(prover, bundles);
  const found = search.run()?.flat();
  if (found) return { operations: found, faults: [], complete: true };
  return { operations: ordered, faults, complete: search.complete };
}

/** Puts the steps last that end the session of a move, so that the new way in stands before the first of them. */
export function leavingLast(prover: Prover, ordered: readonly Operation[]): readonly Operation[] {
  const put = new Set<Operation>();
  let order = ordered;
  for (;;) {
    const leaving = prover.leaving(order);
    if (leaving === undefined || put.has(leaving)) return order;
    put.add(leaving);
    order = withLast(order, leaving) ?? order;
  }
}

/** Puts one step last; undefined where another may only come after it. */
function withLast(order: readonly Operation[], last: Operation): readonly Operation[] | undefined {
  const at = order.indexOf(last);
  if (order.slice(at + 1).some((later) => mustPrecede(last, later, true))) return undefined;
  return [...order.filter((operation) => operation !== last), last];
}

/** Steps that take effect together stay together; elsewhere each step is one of its own. */
function bundlesOf(prover: Prover, ordered: readonly Operation[]): readonly (readonly Operation[])[] {
  const bundles: Operation[][] = [];
  let last: string | undefined;
  for (const operation of ordered) {
    const unit = prover.unitOf(operation);
    if (unit !== undefined && unit === last) bundles.at(-1)?.push(operation);
    else bundles.push([operation]);
    last = unit;
  }
  return bundles;
}

function takesAway(bundle: readonly Operation[]): boolean {
  return bundle.every((operation) => operation.removes);
}

/** Looks for another order of the edits of the one list that a fault lies in; all other steps keep their place. */
function repairList(
  prover: Prover,
  ordered: readonly Operation[],
  fault: Fault | undefined,
): readonly Operation[] | undefined {
  const list = ordered[fault?.step ?? -1]?.chain?.list;
  if (list === undefined) return undefined;
  const places = ordered.flatMap((operation, i) => (operation.chain?.list === list ? [i] : []));
  if (places.length > WHOLE || places.length === ordered.length) return undefined;
  const single = ordered.map((operation) => [operation]);
  return reordered(prover, single, places, BUDGET);
}

/** Looks for another order of the objects that filters depend on (policies, rules, addresses), where such take effect
 *  one by one; all other steps keep their place. */
function repairObjects(
  prover: Prover,
  bundles: readonly (readonly Operation[])[],
): readonly Operation[] | undefined {
  const places = bundles.flatMap((bundle, i) =>
    bundle.some((operation) => prover.isObject(operation)) ? [i] : [],
  );
  if (places.length < 2) return undefined;
  return reordered(prover, bundles, places, OBJECT_BUDGET);
}

/** Searches the orders of what stands at some places, and puts it back there. */
function reordered(
  prover: Prover,
  bundles: readonly (readonly Operation[])[],
  places: readonly number[],
  budget: number,
): readonly Operation[] | undefined {
  const chosen = places.map((place) => bundles[place] ?? []);
  const search = new Search(prover, chosen, bundles.slice(0, places[0]).flat(), budget);
  const found = search.run();
  if (!found) return undefined;
  const result = [...bundles];
  for (const [i, place] of places.entries()) result[place] = found[i] ?? [];
  const order = result.flat();
  return prover.prove(order, 1).length === 0 ? order : undefined;
}

/** Depth-first over orders, a branch cut at its first fault. */
class Search {
  readonly #prover: Prover;
  readonly #bundles: readonly (readonly Operation[])[];
  readonly #played: readonly Operation[];
  readonly #budget: number;
  /** Where the order of blocks may differ by the order of the same steps. */
  readonly #placed: readonly (readonly Header[])[];
  /** Dead ends: what is left to do there, and in what order blocks stood. */
  readonly #dead = new Set<string>();
  #nodes = 0;

  /** @param played - steps that come before all of these */
  constructor(
    prover: Prover,
    bundles: readonly (readonly Operation[])[],
    played: readonly Operation[] = [],
    budget = BUDGET,
  ) {
    this.#prover = prover;
    this.#bundles = bundles;
    this.#budget = budget;
    this.#played = played;
    const placed = bundles.flat().filter(isPlaced);
    this.#placed = [
      ...new Map(placed.map(({ path }) => [path.map(({ slot }) => slot).join("\n"), path])).values(),
    ];
  }

  get complete(): boolean {
    return this.#nodes < this.#budget;
  }

  run(): readonly (readonly Operation[])[] | undefined {
    const walk = this.#prover.start();
    for (const operation of this.#played) this.#prover.step(walk, operation);
    return this.#extend(
      walk,
      [],
      this.#bundles.map((_, i) => i),
    );
  }

  #extend(
    walk: Walk,
    chosen: readonly number[],
    rest: readonly number[],
  ): readonly (readonly Operation[])[] | undefined {
    if (rest.length === 0) return chosen.map((index) => this.#bundles[index] ?? []);
    const key = this.#keyOf(walk, rest);
    if (this.#dead.has(key)) return undefined;
    for (const index of rest) {
      if (!this.#mayGo(index, rest)) continue;
      if (this.#nodes++ >= this.#budget) return undefined;
      const branch = this.#prover.fork(walk);
      const bundle = this.#bundles[index] ?? [];
      if (bundle.some((operation) => this.#prover.step(branch, operation) !== undefined)) continue;
      const left = rest.filter((other) => other !== index);
      if (!this.#goesOn(bundle, left) && this.#prover.settle(branch) !== undefined) continue;
      const found = this.#extend(branch, [...chosen, index], left);
      if (found) return found;
    }
    this.#dead.add(key);
    return undefined;
  }

  /** Tells whether more steps of the same object are left, which may take effect together with these. */
  #goesOn(bundle: readonly Operation[], left: readonly number[]): boolean {
    const units = new Set(bundle.map((operation) => this.#prover.unitOf(operation)));
    return left.some((other) =>
      this.#bundles[other]?.some((operation) => units.has(this.#prover.unitOf(operation))),
    );
  }

  /** The same steps lead to the same state in any order, but for the order of blocks that are put in their places. */
  #keyOf(walk: Walk, rest: readonly number[]): string {
    const orders = this.#placed.map((path) => {
      let block: Block | undefined = walk.state.root;
      for (const { slot } of path) block = block?.items.get(slot)?.block;
      return [...(block?.items.keys() ?? [])].join("\n");
    });
    return `${rest}\n${walk.unit?.name ?? ""}\n${orders.join("\n\n")}`;
  }

  /** What a device demands of any order: a block is opened first, a list's edits stay in line, what one line holds
   *  is released before another takes it. */
  #mayGo(index: number, rest: readonly number[]): boolean {
    const own = this.#bundles[index] ?? [];
    return rest.every(
      (other) =>
        other === index ||
        !(this.#bundles[other] ?? []).some((first) =>
          own.some((then) => mustPrecede(first, then, other < index)),
        ),
    );
  }
}

/** @param earlier - the first comes before the other in the order that references suggest */
function mustPrecede(first: Operation, then: Operation, earlier: boolean): boolean {
  if (earlier && keepsPlace(first, then)) return true;
  if (first.effect.kind === "open" && then.path.some((header) => header.slot === first.enters?.slot))
    return true;
  if (first.chain && first.chain.list === then.chain?.list && first.chain.rank < then.chain.rank) {
    if (first.chain.fixed) return true;
    return isPlaced(first) && isPlaced(then) ? sameGoal(first, then) : isBound(first.effect, then.effect);
  }
  return first.releases.some((name) => !name.startsWith(COMPLETE) && then.takes.includes(name));
}

/** Tells which edits of one list may not change places: renumberings, an entry that leaves and comes again, its note. */
function isBound(first: Effect, then: Effect): boolean {
  if (first.kind === "take" && then.kind === "insert") return first.text === then.entry.text;
  if (first.kind === "insert" && then.kind === "note") return first.entry.number === then.number;
  const free = (effect: Effect) => effect.kind === "take" || effect.kind === "insert";
  return !(free(first) && free(then));
}

/** A block that comes into an ordered table, or moves in it. */
function isPlaced({ effect }: Operation): boolean {
  return effect.kind === "move" || effect.kind === "open";
}

/** Blocks that are bound for one place come there in turn; a block comes before it moves, and before others move to it. */
function sameGoal(first: Operation, then: Operation): boolean {
  const anchor = then.effect.kind === "move" ? then.effect.before : undefined;
  return (
    first.slot === then.slot ||
    first.slot === anchor ||
    (first.chain?.goal !== undefined && first.chain.goal === then.chain?.goal)
  );
}

/** What others move before leaves after them. */
function keepsPlace(first: Operation, then: Operation): boolean {
  return (
    first.effect.kind === "move" &&
    then.effect.kind === "drop" &&
    first.effect.before === then.slot &&
    first.path.length === then.path.length &&
    first.path.every((header, i) => header.slot === then.path[i]?.slot)
  );
}

function keepsBlocks(order: readonly Operation[]): boolean {
  return order.every((operation, i) =>
    order
      .slice(i + 1)
      .every(
        (later) =>
          !mustPrecede(later, operation, later.effect.kind === "move" && operation.effect.kind === "drop"),
      ),
  );
}
