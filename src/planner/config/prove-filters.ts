import { intersection, isSubset, permitted, union } from "../flows/region.ts";
import type { FilterList, FilterRule, Region } from "../flows/types.ts";
import type { Dialect, FilterBinding } from "./dialect.ts";
import { filterRule } from "./filter-entry.ts";
import type { Operation } from "./operation.ts";
import { referencesOf } from "./references.ts";
import type { Block, Entry, Statement } from "./state.ts";

/** The filters at one place, in the order that they stand. */
interface Point {
  readonly where: string;
  readonly binding: FilterBinding;
  readonly names: readonly string[];
}

/** Entries of a list at one moment; two moments without an edit between share it. */
type Version = readonly Entry[] | undefined;

/** Judges the flows of every prefix: at each binding point, no step permits what neither the old nor the new state
 *  permits, and none drops what both permit. */
export class FilterProof {
  readonly #dialect: Dialect;
  readonly #before: ReadonlyMap<string, Point>;
  readonly #after: ReadonlyMap<string, Point>;
  readonly #oldLists: ReadonlyMap<string, Version>;
  readonly #newLists: ReadonlyMap<string, Version>;
  /** Lists whose edit is safe at every step by its form. */
  readonly #provedLists: (name: string) => boolean;
  readonly #touched: ReadonlySet<string>;
  readonly #relevant: boolean;
  /** Answers of the algebra, since a search comes by the same state often; empty where it is safe. */
  readonly #answers = new Map<string, string>();
  readonly #rules = new Map<string, FilterRule | undefined>();

  constructor(
    dialect: Dialect,
    before: Block,
    after: Block,
    operations: readonly Operation[],
    provedLists: (name: string) => boolean,
  ) {
    this.#dialect = dialect;
    this.#before = pointsOf(dialect, before);
    this.#after = pointsOf(dialect, after);
    this.#oldLists = listsOf(dialect, before);
    this.#newLists = listsOf(dialect, after);
    this.#provedLists = provedLists;
    this.#touched = new Set(
      operations.flatMap((operation) => [...operation.touches, ...operation.defines, ...operation.undefines]),
    );
    this.#relevant =
      dialect.filterBindings !== undefined && operations.some((operation) => this.concerns(operation));
  }

  /** Tells whether a step can change what a filter does. */
  concerns(operation: Operation): boolean {
    if (operation.touches.length > 0) return true;
    return [...operation.gains, ...operation.drops, ...operation.undefines, ...operation.defines].some(
      (name) =>
        (this.#dialect.filterBindings ?? []).some((binding) => name.startsWith(`${binding.namespace}:`)),
    );
  }

  /** What is wrong with a state that a step led to; empty where it is safe.
   *  @param done - tells how many of a list's edits are played: none, some or all */
  judge(state: Block, progress: (name: string) => "none" | "some" | "all"): string[] {
    if (!this.#relevant) return [];
    const faults: string[] = [];
    const now = pointsOf(this.#dialect, state);
    for (const where of new Set([...this.#before.keys(), ...this.#after.keys(), ...now.keys()])) {
      const fault = this.#judgePoint(where, now.get(where), state, progress);
      if (fault !== undefined) faults.push(fault);
    }
    return faults;
  }

  #judgePoint(
    where: string,
    now: Point | undefined,
    state: Block,
    progress: (name: string) => "none" | "some" | "all",
  ): string | undefined {
    const old = this.#before.get(where);
    const next = this.#after.get(where);
    const binding = (old ?? next ?? now)?.binding;
    if (!binding) return undefined;
    const names = now?.names ?? [];
    const settled = (list: readonly string[], side: "none" | "all") =>
      list.every((name) => !this.#touched.has(name) || progress(name) === side);
    if (sameNames(names, old?.names ?? []) && settled(names, "none")) return undefined;
    if (sameNames(names, next?.names ?? []) && settled(names, "all")) return undefined;
    if (this.#provedByForm(names, old?.names ?? [], next?.names ?? [], progress)) return undefined;
    return this.#byAlgebra(where, binding, names, old?.names ?? [], next?.names ?? [], state);
  }

  /** One list bound before, now and after, in the middle of an edit that is safe by its form. */
  #provedByForm(
    names: readonly string[],
    old: readonly string[],
    next: readonly string[],
    progress: (name: string) => "none" | "some" | "all",
  ): boolean {
    if (!sameNames(names, old) || !sameNames(names, next)) return false;
    const moving = names.filter((name) => this.#touched.has(name) && progress(name) === "some");
    return names.length === 1 && moving.every((name) => this.#provedLists(name));
  }

  #byAlgebra(
    where: string,
    binding: FilterBinding,
    names: readonly string[],
    old: readonly string[],
    next: readonly string[],
    state: Block,
  ): string | undefined {
    const lists = listsOf(this.#dialect, state);
    const key = `${where}\n${names.map((name) => `${name}\n${(lists.get(name) ?? []).map((entry) => entry.text).join("\n")}`).join("\n")}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known === "" ? undefined : known;
    const answer = this.#ask(where, binding, names, old, next, lists);
    this.#answers.set(key, answer ?? "");
    return answer;
  }

  #ask(
    where: string,
    binding: FilterBinding,
    names: readonly string[],
    old: readonly string[],
    next: readonly string[],
    lists: ReadonlyMap<string, Version>,
  ): string | undefined {
    const before = this.#region(binding, old, this.#oldLists);
    const after = this.#region(binding, next, this.#newLists);
    const now = this.#region(binding, names, lists);
    const opens = isSubset(now, union(before, after));
    if (opens.verdict !== "proved")
      return `${where}: permits for a moment what neither the old nor the new filter permits`;
    const drops = isSubset(intersection(before, after), now);
    if (drops.verdict !== "proved")
      return `${where}: drops for a moment what both the old and the new filter permit`;
    return undefined;
  }

  #region(binding: FilterBinding, names: readonly string[], lists: ReadonlyMap<string, Version>): Region {
    const regions = names.map((name) => permitted(this.#filter(binding, lists.get(name))));
    return regions.length === 0
      ? permitted({ rules: [], defaultAction: "permit" })
      : intersection(...regions);
  }

  /** A list that does not exist or has no entry lets everything through where it is bound. */
  #filter(binding: FilterBinding, entries: Version): FilterList {
    const rules = (entries ?? []).flatMap((entry, i) => {
      const rule = this.#rule(entry.text);
      return rule ? [{ ...rule, id: String(i) }] : [];
    });
    if (rules.length === 0) return { rules, defaultAction: "permit" };
    return { rules, defaultAction: binding.otherwise };
  }

  #rule(text: string): FilterRule | undefined {
    if (!this.#rules.has(text))
      this.#rules.set(text, filterRule(text, 0, this.#dialect.access?.entries ?? "cisco"));
    return this.#rules.get(text);
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** Binding points of a state with the filters that stand there. */
function pointsOf(dialect: Dialect, state: Block): Map<string, Point> {
  const points = new Map<string, Point>();
  for (const binding of dialect.filterBindings ?? []) {
    for (const [slot, statement] of state.items) {
      if (!statement.block || !binding.block.test(slot)) continue;
      for (const line of statement.block.items.values()) addPoint(points, binding, slot, line);
    }
  }
  return points;
}

function addPoint(points: Map<string, Point>, binding: FilterBinding, slot: string, line: Statement): void {
  const match = binding.line.exec(line.text);
  const name = match?.groups?.name;
  if (!match || name === undefined || line.negated) return;
  const where = `${slot} ${match.groups?.direction ?? ""}`.trim();
  const known = points.get(where);
  const names = [...(known?.names ?? []), `${binding.namespace}:${name}`].sort();
  points.set(where, { where, binding, names });
}

/** Lists of a state by reference. */
function listsOf(dialect: Dialect, state: Block): Map<string, Version> {
  const lists = new Map<string, Version>();
  for (const statement of state.items.values()) {
    if (!statement.block?.entries) continue;
    for (const name of referencesOf(dialect, statement, "").defines) lists.set(name, statement.block.entries);
  }
  return lists;
}
