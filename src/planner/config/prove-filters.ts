import { formatAddress } from "../../model/address.ts";
import { formatPacket } from "../flows/packet-text.ts";
import { intersection, isSubset, permitted, union } from "../flows/region.ts";
import type { Proof, Region } from "../flows/types.ts";
import type { Dialect, FilterBinding } from "./dialect.ts";
import type { FilterReader, FilterView, ListView } from "./filter-reader.ts";
import type { Operation } from "./operation.ts";
import { type Point, pointsOf, type StateReadings } from "./prove-readings.ts";
import type { Block } from "./state.ts";

/** How much of a name's edits is played. */
export type Progress = (name: string) => "none" | "some" | "all";

/** Judges the flows of every prefix: at each binding point, no step permits what neither the old nor the new state
 *  permits, and none drops what both permit. */
export class FilterProof {
  readonly #dialect: Dialect;
  readonly #reader: FilterReader;
  readonly #before: ReadonlyMap<string, Point>;
  readonly #after: ReadonlyMap<string, Point>;
  readonly #old: FilterView;
  readonly #new: FilterView;
  /** Lists whose edit is safe at every step by its form. */
  readonly #provedLists: (name: string) => boolean;
  readonly #touched: ReadonlySet<string>;
  /** Groups that change; what a list means that names one changes with it. */
  readonly #groups: readonly string[];
  readonly #relevant: boolean;
  /** How the names of filters and groups begin. */
  readonly #prefixes: readonly string[];
  /** Answers of the algebra, since a search comes by the same state often; empty where it is safe. */
  readonly #answers = new Map<string, string>();

  constructor(
    dialect: Dialect,
    readings: StateReadings,
    before: Block,
    after: Block,
    operations: readonly Operation[],
    provedLists: (name: string) => boolean,
  ) {
    this.#dialect = dialect;
    this.#reader = readings.reader;
    this.#provedLists = provedLists;
    this.#touched = new Set(
      operations.flatMap((operation) => [...operation.touches, ...operation.defines, ...operation.undefines]),
    );
    this.#groups = [...this.#touched].filter((name) => isGroup(dialect, name));
    const bindings = dialect.filterBindings ?? [];
    this.#prefixes = [...bindings, ...(dialect.filters?.groups ?? [])].map(
      ({ namespace }) => `${namespace}:`,
    );
    this.#relevant = bindings.length > 0 && operations.some((operation) => this.concerns(operation));
    // Most changes leave filters alone: nothing is read of the states then.
    this.#before = this.#relevant ? readings.points(before) : new Map();
    this.#after = this.#relevant ? readings.points(after) : new Map();
    this.#old = this.#relevant ? readings.view(before) : NOTHING;
    this.#new = this.#relevant ? readings.view(after) : NOTHING;
  }

  /** Tells whether a step can change what a filter does. */
  concerns(operation: Operation): boolean {
    if (operation.touches.length > 0) return true;
    const isFilter = (name: string) => this.#prefixes.some((prefix) => name.startsWith(prefix));
    const { gains, drops, defines, undefines } = operation;
    return gains.some(isFilter) || drops.some(isFilter) || defines.some(isFilter) || undefines.some(isFilter);
  }

  /** What is wrong with a state that a step led to; empty where it is safe. */
  judge(state: Block, progress: Progress): string[] {
    if (!this.#relevant) return [];
    const faults: string[] = [];
    const now = pointsOf(this.#dialect, state);
    for (const where of new Set([...this.#before.keys(), ...this.#after.keys(), ...now.keys()])) {
      const fault = this.#judgePoint(where, now.get(where), state, progress);
      if (fault !== undefined) faults.push(fault);
    }
    return faults;
  }

  #judgePoint(where: string, now: Point | undefined, state: Block, progress: Progress): string | undefined {
    const old = this.#before.get(where);
    const next = this.#after.get(where);
    const binding = (old ?? next ?? now)?.binding;
    if (!binding) return undefined;
    const names = now?.names ?? [];
    const groups = this.#groupsAt([...names, ...(old?.names ?? []), ...(next?.names ?? [])]);
    const settled = (list: readonly string[], side: "none" | "all") =>
      [...list, ...groups].every((name) => !this.#touched.has(name) || progress(name) === side);
    if (sameNames(names, old?.names ?? []) && settled(names, "none")) return undefined;
    if (sameNames(names, next?.names ?? []) && settled(names, "all")) return undefined;
    const byForm =
      groups.length === 0 && this.#provedByForm(names, old?.names ?? [], next?.names ?? [], progress);
    return byForm
      ? undefined
      : this.#byAlgebra(where, binding, names, old?.names ?? [], next?.names ?? [], state);
  }

  /** Changing groups that the lists of a place name before or after. */
  #groupsAt(names: readonly string[]): readonly string[] {
    if (this.#groups.length === 0) return [];
    const used = new Set<string>();
    for (const name of names)
      for (const view of [this.#old, this.#new])
        for (const group of this.#reader.groupsOf(name, view)) used.add(group);
    return this.#groups.filter((group) => used.has(group));
  }

  /** One list bound before, now and after, in the middle of an edit that is safe by its form. */
  #provedByForm(
    names: readonly string[],
    old: readonly string[],
    next: readonly string[],
    progress: Progress,
  ): boolean {
    if (!sameNames(names, old) || !sameNames(names, next)) return false;
    const moving = names.filter((name) => this.#touched.has(name) && progress(name) === "some");
    return names.length === 1 && moving.every((name) => this.#provedLists(name) && !this.#isAuto(name));
  }

  #isAuto(name: string): boolean {
    const auto = (list: ListView | undefined) => list?.auto === true;
    return auto(this.#old.lists.get(name)) || auto(this.#new.lists.get(name));
  }

  #byAlgebra(
    where: string,
    binding: FilterBinding,
    names: readonly string[],
    old: readonly string[],
    next: readonly string[],
    state: Block,
  ): string | undefined {
    const view = this.#reader.view(state);
    const key = `${where}\n${names.map((name) => `${name}\n${this.#reader.textOf(name, view)}`).join("\n")}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known === "" ? undefined : known;
    const answer = judgeStep(
      where,
      this.#region(binding, old, this.#old),
      this.#region(binding, next, this.#new),
      this.#region(binding, names, view),
    );
    this.#answers.set(key, answer ?? "");
    return answer;
  }

  #region(binding: FilterBinding, names: readonly string[], view: FilterView): Region {
    const regions = names.map((name) => permitted(this.#reader.filter(name, view, binding.otherwise)));
    return regions.length === 0
      ? permitted({ rules: [], defaultAction: "permit" })
      : intersection(...regions);
  }
}

/** Holds a moment against the old and the new state: it opens nothing that both drop, and drops nothing that both permit.
 *  @returns what is wrong, with a packet */
export function judgeStep(where: string, before: Region, after: Region, now: Region): string | undefined {
  const opens = isSubset(now, union(before, after));
  if (opens.verdict !== "proved") return `${where} permits ${packetOf(opens)}; before and after drop it`;
  const drops = isSubset(intersection(before, after), now);
  if (drops.verdict !== "proved") return `${where} drops ${packetOf(drops)}; before and after permit it`;
  return undefined;
}

function packetOf(proof: Proof): string {
  if (!proof.witness) return "perhaps a packet";
  const text = formatPacket(proof.witness, (family, value) => formatAddress({ version: family, value }));
  return proof.verdict === "unknown" ? `perhaps ${text}` : text;
}

function isGroup(dialect: Dialect, name: string): boolean {
  return (dialect.filters?.groups ?? []).some((group) => name.startsWith(`${group.namespace}:`));
}

const NOTHING: FilterView = { lists: new Map(), groups: new Map() };

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
