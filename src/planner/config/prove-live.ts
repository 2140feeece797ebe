import { fortiTreeFilters } from "../filters/fortios-policies.ts";
import { type FortiNode, fortiTree } from "../filters/fortios-tree.ts";
import { routerosFilters } from "../filters/routeros-filters.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { everything, nothing, permitted } from "../flows/region.ts";
import type { FilterList, Region } from "../flows/types.ts";
import { type CompiledDialect, compileDialect } from "./compile.ts";
import type { Dialect, LiveFilters } from "./dialect.ts";
import { changedPairs, LiveObjects } from "./live-objects.ts";
import type { Operation } from "./operation.ts";
import { judgeStep } from "./prove-filters.ts";
import { spellState } from "./spell-state.ts";
import type { Block } from "./state.ts";

/** Filters of one moment by name. */
type Moment = ReadonlyMap<string, ExtractedFilter>;

/** One moment of a walk, with the filters that are not as they must be. */
export interface LiveMoment {
  readonly objects: FortiNode | undefined;
  readonly faults: ReadonlyMap<string, string>;
}

/** Judges platforms whose rules are objects of their own (policies, rules of a chain): each moment between two objects is
 *  read by the reader of whole filters and held against the old and the new state. */
export class LiveFilterProof {
  readonly #compiled: CompiledDialect;
  readonly #live: LiveFilters;
  readonly #objects: LiveObjects | undefined;
  readonly #start: FortiNode | undefined;
  readonly #before: Moment;
  readonly #after: Moment;
  readonly #vdoms: boolean;
  /** Membership of zones changes: then every member is looked at, not only what policies name. */
  readonly #zonesMove: boolean;
  /** Answers by name and rules; empty where it is safe. */
  readonly #answers = new Map<string, string>();

  constructor(
    dialect: Dialect,
    live: LiveFilters,
    before: Block,
    after: Block,
    operations: readonly Operation[],
  ) {
    this.#compiled = compileDialect(dialect);
    this.#live = live;
    this.#vdoms = before.items.has("config vdom") || after.items.has("config vdom");
    this.#zonesMove = operations.some((operation) =>
      /\b(?:zone|sdwan|virtual-wan-link)\b/.test(topOf(operation)),
    );
    this.#objects = live.reader === "fortios" ? new LiveObjects(this.#compiled, live.sections) : undefined;
    this.#start = this.#objects?.read(before);
    this.#before = this.#read(before, this.#start);
    this.#after = this.#read(after, this.#objects?.read(after));
    for (const moment of [this.#before, this.#after])
      for (const [name, filter] of moment) this.#answers.set(keyOf(name, filter.list), "");
  }

  /** Tells whether a step can change what a filter does. */
  concerns(operation: Operation): boolean {
    return this.#live.sections.test(topOf(operation));
  }

  /** A step was played: what it touched is read anew. */
  forget(state: Block, operation: Operation): void {
    this.#objects?.forget(state, operation);
  }

  /** Judges a moment: only what may differ from the moment before is asked.
   *  @param last - that moment; undefined at the beginning, where nothing is wrong */
  judge(state: Block, last: LiveMoment | undefined): LiveMoment {
    const objects = this.#objects?.read(state);
    const earlier = last?.objects ?? this.#start;
    const may = objects && earlier && !this.#vdoms ? changedPairs(earlier, objects) : undefined;
    const now = this.#read(state, objects);
    const faults = new Map<string, string>();
    for (const name of new Set([...now.keys(), ...this.#before.keys(), ...this.#after.keys()])) {
      const [from = "", to = ""] = name.split("->");
      const fault = may?.(from, to) === false ? last?.faults.get(name) : this.#judgeFilter(name, now);
      if (fault !== undefined) faults.set(name, fault);
    }
    return { objects, faults };
  }

  #judgeFilter(name: string, now: Moment): string | undefined {
    const filter = this.#find(now, name);
    const key = filter === undefined ? `${name} none` : keyOf(name, filter.list);
    const known = this.#answers.get(key);
    if (known !== undefined) return known === "" ? undefined : known;
    const answer = judgeStep(
      name,
      this.#region(this.#find(this.#before, name)),
      this.#region(this.#find(this.#after, name)),
      this.#region(filter),
    );
    this.#answers.set(key, answer ?? "");
    return answer;
  }

  #region(filter: ExtractedFilter | undefined): Region {
    if (filter !== undefined) return permitted(filter.list);
    // A router without rules lets everything through; a firewall without policies nothing.
    return this.#live.reader === "routeros" ? everything : nothing;
  }

  /** A pair that no policy names is as any other that none names. */
  #find(moment: Moment, name: string): ExtractedFilter | undefined {
    const own = moment.get(name);
    if (own !== undefined || this.#live.reader === "routeros") return own;
    const head = this.#vdoms ? `${name.slice(0, name.indexOf(" "))} ` : "";
    const [from = "", to = ""] = name.slice(head.length).split("->");
    return (
      moment.get(`${head}${OTHER}->${to}`) ??
      moment.get(`${head}${from}->${OTHER}`) ??
      moment.get(`${head}${OTHER}->${OTHER}`)
    );
  }

  #read(state: Block, objects: FortiNode | undefined): Moment {
    if (objects === undefined) {
      const items = new Map([...state.items].filter(([slot]) => this.#live.sections.test(slot)));
      const text = spellState(this.#compiled, { ...state, items });
      return new Map(routerosFilters(text).map((filter) => [filter.name, filter]));
    }
    const tables = new Map(objects.tables);
    const global = tables.get("global");
    if (tables.has("vdom")) tables.set("global", withOther(global ?? objects));
    const moment = new Map<string, ExtractedFilter>();
    for (const filter of fortiTreeFilters(tables.has("vdom") ? { ...objects, tables } : withOther(objects))) {
      if (filter.derived && !this.#zonesMove && !filter.name.includes(OTHER)) continue;
      moment.set(filter.aliases[0] ?? filter.name, filter);
    }
    return moment;
  }
}

/** Stands for every interface that no policy names. */
const OTHER = "(other)";

const STUB = fortiTree(`config system interface\nedit "${OTHER}"\nnext\nend\n`);

/** Only the interfaces that policies name count, and one that none names. */
function withOther(node: FortiNode): FortiNode {
  return { ...node, tables: new Map([...node.tables, ...STUB.tables]) };
}

function topOf(operation: Operation): string {
  return operation.path[0]?.slot ?? operation.slot;
}

/** The object or line that a step belongs to: what stands in one entry takes effect together. */
export function unitOf(operation: Operation): string {
  const headers = [...operation.path.map((header) => header.slot), operation.slot];
  const moves =
    operation.effect.kind === "move" && operation.path[0]?.slot.startsWith("config ") ? " move" : "";
  const inside = headers[0] === "config vdom" ? 4 : headers[0] === "config global" ? 3 : 2;
  return headers.slice(0, inside).join("\n") + moves;
}

function keyOf(name: string, list: FilterList): string {
  const rules = list.rules.map(({ action, matches, exact, condition }) => [
    action,
    matches,
    exact,
    condition,
  ]);
  return `${name} ${list.defaultAction} ${JSON.stringify(rules, (_, value) => (typeof value === "bigint" ? `${value}n` : value))}`;
}
