import { applyOperation, LiveState } from "./apply.ts";
import type { Dialect } from "./dialect.ts";
import { FilterReader } from "./filter-reader.ts";
import type { Operation } from "./operation.ts";
import { accessLegs, concernsAccess, type Legs } from "./prove-access.ts";
import { FilterProof } from "./prove-filters.ts";
import { ReferenceCounts, watchedNames } from "./prove-references.ts";
import type { Block } from "./state.ts";

/** A step after which something does not hold that must hold at every step. */
export interface Fault {
  readonly step: number;
  readonly kind: "reference" | "flow" | "access";
  readonly detail: string;
}

/** What a proof is asked about. */
export interface ProofInput {
  readonly dialect: Dialect;
  readonly before: Block;
  readonly after: Block;
  readonly operations: readonly Operation[];
  readonly unproved: readonly string[];
  readonly management: string | undefined;
}

/** Judges states on the way from one configuration to another. */
export class Prover {
  readonly #input: ProofInput;
  readonly #reader: FilterReader;
  readonly #filters: FilterProof;
  readonly #counts: ReferenceCounts;
  readonly #allowed: ReadonlySet<string>;
  readonly #needed: readonly string[];
  readonly #totals: ReadonlyMap<string, number>;
  /** Legs that stand before and not after: the change itself cuts them. */
  readonly lost: readonly string[];

  constructor(input: ProofInput) {
    this.#input = input;
    const unproved = new Set(input.unproved);
    const { dialect, before, after, operations, management } = input;
    this.#reader = new FilterReader(dialect);
    this.#filters = new FilterProof(
      dialect,
      this.#reader,
      before,
      after,
      operations,
      (name) => !unproved.has(name),
    );
    const watched = watchedNames(operations);
    this.#counts = ReferenceCounts.of(dialect, before, watched);
    const later = ReferenceCounts.of(dialect, after, watched);
    // Names that dangle in the old or the new state already: no step can be blamed for them.
    this.#allowed = new Set(
      [...watched.names].filter((name) => this.#counts.isDangling(name) || later.isDangling(name)),
    );
    const old = accessLegs(dialect, this.#reader, before, management);
    const next = accessLegs(dialect, this.#reader, after, management);
    this.#needed = [...old]
      .filter(([name, stands]) => stands && next.get(name) === true)
      .map(([name]) => name);
    this.lost = [...old].filter(([name, stands]) => stands && next.get(name) !== true).map(([name]) => name);
    this.#totals = touchCounts(operations);
  }

  /** Proves every prefix of an order.
   *  @returns the first fault of each step that has one, at most `limit` */
  prove(order: readonly Operation[], limit = 5): Fault[] {
    const walk = this.start();
    const faults: Fault[] = [];
    for (const [step, operation] of order.entries()) {
      const fault = this.step(walk, operation);
      if (fault) faults.push({ step, ...fault });
      if (faults.length >= limit) break;
    }
    return faults;
  }

  /** Begins a walk from the state before. */
  start(): Walk {
    return {
      state: new LiveState(this.#input.before),
      counts: this.#counts.copy(),
      done: new Map(),
    };
  }

  /** Branches off a walk; the walk itself must not go on while its branches do. */
  fork(walk: Walk): Walk {
    return { state: new LiveState(walk.state.root), counts: walk.counts.copy(), done: new Map(walk.done) };
  }

  /** Plays one step and judges the state it leads to. */
  step(walk: Walk, operation: Operation): Omit<Fault, "step"> | undefined {
    applyOperation(walk.state, operation);
    walk.counts.play(operation);
    for (const name of touchedNames(operation)) walk.done.set(name, (walk.done.get(name) ?? 0) + 1);
    return this.#judge(walk, operation);
  }

  #judge(walk: Walk, operation: Operation): Omit<Fault, "step"> | undefined {
    const dangling = walk.counts.danglingAfter(operation).find((name) => !this.#allowed.has(name));
    if (dangling !== undefined)
      return { kind: "reference", detail: `${dangling} is used but does not exist` };
    if (this.#filters.concerns(operation)) {
      const [flow] = this.#filters.judge(walk.state.root, (name) => this.#progress(walk, name));
      if (flow !== undefined) return { kind: "flow", detail: flow };
    }
    const cut = this.#cutLeg(walk, operation);
    return cut === undefined
      ? undefined
      : { kind: "access", detail: `management is cut: no longer true that ${cut}` };
  }

  #cutLeg(walk: Walk, operation: Operation): string | undefined {
    const { dialect, management } = this.#input;
    if (this.#needed.length === 0 || !concernsAccess(dialect, operation, management)) return undefined;
    const legs: Legs = accessLegs(dialect, this.#reader, walk.state.root, management);
    return this.#needed.find((name) => legs.get(name) !== true);
  }

  #progress(walk: Walk, name: string): "none" | "some" | "all" {
    const done = walk.done.get(name) ?? 0;
    if (done === 0) return "none";
    return done >= (this.#totals.get(name) ?? 0) ? "all" : "some";
  }
}

/** Where a walk through the steps stands. */
export interface Walk {
  readonly state: LiveState;
  readonly counts: ReferenceCounts;
  readonly done: Map<string, number>;
}

/** Names whose content or existence a step changes. */
export function touchedNames(operation: Operation): string[] {
  return [...new Set([...operation.touches, ...operation.defines, ...operation.undefines])];
}

function touchCounts(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const operation of operations) {
    for (const name of touchedNames(operation)) totals.set(name, (totals.get(name) ?? 0) + 1);
  }
  return totals;
}
