import { applyOperation, LiveState } from "./apply.ts";
import { compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import type { FilterReader } from "./filter-reader.ts";
import type { Operation } from "./operation.ts";
import { isLoose } from "./order.ts";
import { accessLegs, concernsAccess, type Legs, legAt } from "./prove-access.ts";
import { FilterProof } from "./prove-filters.ts";
import { LiveFilterProof, type LiveMoment, unitOf } from "./prove-live.ts";
import { emptiedGroup } from "./prove-members.ts";
import type { StateReadings } from "./prove-readings.ts";
import { firstUse, ReferenceCounts, type WatchedNames, watchedNames } from "./prove-references.ts";
import type { Block } from "./state.ts";
import type { Move } from "./types.ts";

/** Moments of live filters that one walk reads; what comes after them is said to be unproved. */
const MOST_MOMENTS = 400;

/** A step after which something does not hold that must hold at every step. */
export interface Fault {
  readonly step: number;
  readonly kind: "reference" | "flow" | "access";
  readonly detail: string;
}

/** A name that is used after a change and stands nowhere, and the line that uses it, with the blocks around it. */
export interface Orphan {
  readonly name: string;
  readonly usedBy: readonly string[];
}

/** What a proof is asked about. */
export interface ProofInput {
  readonly dialect: Dialect;
  readonly before: Block;
  readonly after: Block;
  /** What somebody wrote; `after` is what becomes of it where only a part is claimed. */
  readonly intended: Block;
  readonly operations: readonly Operation[];
  readonly unproved: readonly string[];
  readonly management: string | undefined;
  readonly readings: StateReadings;
  readonly move: Move | undefined;
}

/** Judges states on the way from one configuration to another. */
export class Prover {
  readonly #input: ProofInput;
  readonly #reader: FilterReader;
  readonly #filters: FilterProof;
  readonly #live: LiveFilterProof | undefined;
  readonly #counts: ReferenceCounts;
  readonly #allowed: ReadonlySet<string>;
  readonly #needed: readonly string[];
  readonly #totals: ReadonlyMap<string, number>;
  /** Moments that the last proof did not look at, since there were too many. */
  unjudged = 0;
  /** Legs that stand before and not after: the change itself cuts them. */
  readonly lost: readonly string[];
  /** Names that the end leaves dangling and that dangle neither before nor in what is intended: the line that uses them
   *  or the one that makes them is outside the claims. */
  readonly orphaned: readonly Orphan[];
  /** The leg that the last step may take away, since another one stands then. */
  readonly #left: string | undefined;

  constructor(input: ProofInput) {
    this.#input = input;
    const unproved = new Set(input.unproved);
    const { dialect, before, after, operations, readings } = input;
    this.#reader = readings.reader;
    this.#filters = new FilterProof(
      dialect,
      readings,
      before,
      after,
      operations,
      (name) => !unproved.has(name),
    );
    const { liveFilters } = dialect;
    this.#live = liveFilters && new LiveFilterProof(dialect, liveFilters, before, after, operations);
    const watched = watchedNames(operations);
    this.#counts = ReferenceCounts.of(dialect, before, watched);
    const later = this.#counts.changedTo(dialect, before, after, watched);
    // Names that dangle in the old or the new state already: no step can be blamed for them. A list that exists by its
    // members may be empty; what that does to packets is a question of flows.
    this.#allowed = new Set(
      [...watched.names].filter(
        (name) => this.#counts.isDangling(name) || later.isDangling(name) || isLoose(dialect, name),
      ),
    );
    this.orphaned = this.#orphansOf(later, watched);
    const old = readings.legs(before);
    const next = readings.legs(after);
    this.#needed = [...old]
      .filter(([name, stands]) => stands && next.get(name) === true)
      .map(([name]) => name);
    const lost = [...old].filter(([name, stands]) => stands && next.get(name) !== true).map(([name]) => name);
    this.#left = leftLeg(input, old, next, lost);
    this.lost = lost.filter((name) => name !== this.#left);
    this.#totals = touchCounts(operations);
  }

  #orphansOf(later: ReferenceCounts, watched: WatchedNames): Orphan[] {
    const { dialect, before, after, intended } = this.#input;
    const broken = [...watched.names].filter(
      (name) => later.isDangling(name) && !this.#counts.isDangling(name),
    );
    if (after === intended || broken.length === 0) return [];
    const wanted = this.#counts.changedTo(dialect, before, intended, watched);
    const compiled = compileDialect(dialect);
    return broken
      .filter((name) => !wanted.isDangling(name))
      .map((name) => ({ name, usedBy: firstUse(compiled, after, name) ?? [] }));
  }

  /** Proves every prefix of an order.
   *  @returns the first fault of each step that has one, at most `limit` */
  prove(order: readonly Operation[], limit = 5): Fault[] {
    const walk = this.start();
    const faults: Fault[] = [];
    for (const [step, operation] of order.entries()) {
      const fault = this.step(walk, operation);
      if (fault) faults.push({ step: fault.kind === "flow" && this.#live ? step - 1 : step, ...fault });
      if (faults.length >= limit) break;
    }
    this.unjudged = Math.max(0, walk.moments - MOST_MOMENTS);
    return faults;
  }

  /** The step of an order that ends the session: the first after which the old leg of a move is gone. */
  leaving(order: readonly Operation[]): Operation | undefined {
    if (this.#left === undefined) return undefined;
    const walk = this.start();
    return order.find((operation) => {
      applyOperation(walk.state, operation);
      return this.#isCut(walk, operation, [this.#left ?? ""]) !== undefined;
    });
  }

  /** Tells whether a step is part of an object that a filter depends on. */
  isObject(operation: Operation): boolean {
    return this.#live?.concerns(operation) ?? false;
  }

  /** Begins a walk from the state before. */
  start(): Walk {
    return {
      state: new LiveState(this.#input.before),
      counts: this.#counts.copy(),
      done: new Map(),
      steps: 0,
      unit: undefined,
      moments: 0,
      moment: undefined,
    };
  }

  /** Steps that take effect together, as one. */
  unitOf(operation: Operation): string | undefined {
    return this.#live ? unitOf(operation) : undefined;
  }

  /** Branches off a walk; the walk itself must not go on while its branches do. */
  fork(walk: Walk): Walk {
    const { state, counts, done } = walk;
    return { ...walk, state: new LiveState(state.root), counts: counts.copy(), done: new Map(done) };
  }

  /** Plays one step and judges the state it leads to. */
  step(walk: Walk, operation: Operation): Omit<Fault, "step"> | undefined {
    if (this.#input.dialect.atomic) {
      applyOperation(walk.state, operation);
      return undefined;
    }
    const moment = this.#judgeMoment(walk, operation);
    applyOperation(walk.state, operation);
    this.#live?.forget(walk.state.root, operation);
    walk.counts.play(operation);
    walk.steps++;
    for (const name of touchedNames(operation)) walk.done.set(name, (walk.done.get(name) ?? 0) + 1);
    return moment ?? this.#judge(walk, operation);
  }

  /** Where an object is complete and the next one begins, its effect is judged. */
  #judgeMoment(walk: Walk, next: Operation): Omit<Fault, "step"> | undefined {
    if (!this.#live) return undefined;
    const name = unitOf(next);
    const left = walk.unit;
    const same = left?.name === name;
    const fault = same ? undefined : this.settle(walk);
    walk.unit = { name, concerns: this.#live.concerns(next) || (same && left.concerns) };
    return fault;
  }

  /** Judges what the last object did, once nothing more of it comes. */
  settle(walk: Walk): Omit<Fault, "step"> | undefined {
    const concerns = walk.unit?.concerns === true;
    walk.unit = undefined;
    if (!this.#live || !concerns) return undefined;
    if (walk.moments++ >= MOST_MOMENTS) return undefined;
    walk.moment = this.#live.judge(walk.state.root, walk.moment);
    const [detail] = walk.moment.faults.values();
    return detail === undefined ? undefined : { kind: "flow", detail };
  }

  #judge(walk: Walk, operation: Operation): Omit<Fault, "step"> | undefined {
    const dangling = walk.counts.danglingAfter(operation).find((name) => !this.#allowed.has(name));
    if (dangling !== undefined)
      return { kind: "reference", detail: `${dangling} is used but does not exist` };
    const emptied = emptiedGroup(this.#input.dialect, operation, walk.state.root);
    if (emptied !== undefined)
      return { kind: "reference", detail: `${emptied} is used and would be empty, which the device refuses` };
    const { stray, touches } = operation;
    const list = stray === undefined ? undefined : touches.find((name) => walk.counts.isUsed(name));
    if (list !== undefined) return { kind: "flow", detail: `${list} ${stray}` };
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
    const isLast = walk.steps >= this.#input.operations.length;
    const left = isLast || this.#left === undefined ? [] : [this.#left];
    return this.#isCut(walk, operation, [...this.#needed, ...left]);
  }

  #isCut(walk: Walk, operation: Operation, needed: readonly string[]): string | undefined {
    const { dialect, management } = this.#input;
    if (needed.length === 0 || !concernsAccess(dialect, operation, management)) return undefined;
    const legs: Legs = accessLegs(dialect, this.#reader, walk.state.root, management, true);
    return needed.find((name) => legs.get(name) !== true);
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
  steps: number;
  /** The object that the last step belongs to, and whether a filter depends on it. */
  unit: { readonly name: string; readonly concerns: boolean } | undefined;
  /** Moments that it came by. */
  moments: number;
  /** The last of them. */
  moment: LiveMoment | undefined;
}

/** The leg that a move gives up: the old address' own, if the new one has a way in afterwards. */
function leftLeg(
  { dialect, move }: ProofInput,
  old: Legs,
  next: Legs,
  lost: readonly string[],
): string | undefined {
  if (move === undefined || dialect.access?.moves === undefined) return undefined;
  if (legAt(next, move.to) === undefined) return undefined;
  const leg = legAt(old, move.from);
  return leg !== undefined && lost.includes(leg) ? leg : undefined;
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
