import type { Effect, Operation } from "./operation.ts";
import type { Fault, Prover, Walk } from "./prove.ts";

/** How many orders are looked at before a change is called unsafe. */
const BUDGET = 1500;
/** Lists up to this length are searched whole, so that "no safe order" is a fact. */
const WHOLE = 7;

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
  const late = [
    ...ordered.filter((operation) => !operation.removes),
    ...ordered.filter((operation) => operation.removes),
  ];
  if (keepsBlocks(late) && prover.prove(late, 1).length === 0)
    return { operations: late, faults: [], complete: true };
  const repaired = repairList(prover, ordered, faults[0]);
  if (repaired) return { operations: repaired, faults: [], complete: true };
  if (ordered.length > WHOLE) return { operations: ordered, faults, complete: false };
  const search = new Search(prover, ordered);
  const found = search.run();
  if (found) return { operations: found, faults: [], complete: true };
  return { operations: ordered, faults, complete: search.complete };
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
  const search = new Search(
    prover,
    places.map((place) => ordered[place] as Operation),
    ordered.slice(0, places[0]),
  );
  const found = search.run();
  if (!found) return undefined;
  const result = [...ordered];
  for (const [i, place] of places.entries()) result[place] = found[i] as Operation;
  return prover.prove(result, 1).length === 0 ? result : undefined;
}

/** Depth-first over orders, a branch cut at its first fault. */
class Search {
  readonly #prover: Prover;
  readonly #operations: readonly Operation[];
  readonly #played: readonly Operation[];
  #nodes = 0;

  /** @param played - steps that come before all of these */
  constructor(prover: Prover, operations: readonly Operation[], played: readonly Operation[] = []) {
    this.#prover = prover;
    this.#operations = operations;
    this.#played = played;
  }

  get complete(): boolean {
    return this.#nodes < BUDGET;
  }

  run(): readonly Operation[] | undefined {
    const walk = this.#prover.start();
    for (const operation of this.#played) this.#prover.step(walk, operation);
    return this.#extend(
      walk,
      [],
      this.#operations.map((_, i) => i),
    );
  }

  #extend(walk: Walk, chosen: readonly number[], rest: readonly number[]): readonly Operation[] | undefined {
    if (rest.length === 0) return chosen.map((index) => this.#operations[index] as Operation);
    for (const index of rest) {
      if (!this.#mayGo(index, rest)) continue;
      if (this.#nodes++ >= BUDGET) return undefined;
      const branch = this.#prover.fork(walk);
      if (this.#prover.step(branch, this.#operations[index] as Operation) !== undefined) continue;
      const found = this.#extend(
        branch,
        [...chosen, index],
        rest.filter((other) => other !== index),
      );
      if (found) return found;
    }
    return undefined;
  }

  /** What a device demands of any order: a block is opened first, a list's edits stay in line, what one line holds
   *  is released before another takes it. */
  #mayGo(index: number, rest: readonly number[]): boolean {
    const operation = this.#operations[index] as Operation;
    return rest.every(
      (other) => other === index || !mustPrecede(this.#operations[other] as Operation, operation),
    );
  }
}

function mustPrecede(first: Operation, then: Operation): boolean {
  if (first.enters && then.path.some((header) => header.slot === first.enters?.slot)) return true;
  if (first.chain && first.chain.list === then.chain?.list && first.chain.rank < then.chain.rank) {
    return isBound(first.effect, then.effect);
  }
  return first.releases.some((name) => then.takes.includes(name));
}

/** Tells which edits of one list may not change places: renumberings, an entry that leaves and comes again, its note. */
function isBound(first: Effect, then: Effect): boolean {
  if (first.kind === "take" && then.kind === "insert") return first.text === then.entry.text;
  if (first.kind === "insert" && then.kind === "note") return first.entry.number === then.number;
  const free = (effect: Effect) => effect.kind === "take" || effect.kind === "insert";
  return !(free(first) && free(then));
}

function keepsBlocks(order: readonly Operation[]): boolean {
  return order.every((operation, i) => order.slice(i + 1).every((later) => !mustPrecede(later, operation)));
}
