import { fortiFilters } from "../filters/fortios-policies.ts";
import { routerosFilters } from "../filters/routeros-filters.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { everything, nothing, permitted } from "../flows/region.ts";
import type { FilterList, Region } from "../flows/types.ts";
import { type CompiledDialect, compileDialect } from "./compile.ts";
import type { Dialect, LiveFilters } from "./dialect.ts";
import type { Operation } from "./operation.ts";
import { judgeStep } from "./prove-filters.ts";
import { spellState } from "./spell-state.ts";
import type { Block } from "./state.ts";

/** Filters of one moment by name. */
type Moment = ReadonlyMap<string, ExtractedFilter>;

/** Judges platforms whose rules are objects of their own (policies, rules of a chain): each moment between two objects is
 *  read by the reader of whole filters and held against the old and the new state. */
export class LiveFilterProof {
  readonly #compiled: CompiledDialect;
  readonly #live: LiveFilters;
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
    this.#before = this.#read(before);
    this.#after = this.#read(after);
    for (const moment of [this.#before, this.#after])
      for (const [name, filter] of moment) this.#answers.set(keyOf(name, filter.list), "");
  }

  /** Tells whether a step can change what a filter does. */
  concerns(operation: Operation): boolean {
    return this.#live.sections.test(topOf(operation));
  }

  /** What is wrong with a moment; undefined where it is safe. */
  judge(state: Block): string | undefined {
    const now = this.#read(state);
    for (const name of new Set([...now.keys(), ...this.#before.keys(), ...this.#after.keys()])) {
      const fault = this.#judgeFilter(name, now);
      if (fault !== undefined) return fault;
    }
    return undefined;
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

  #read(state: Block): Moment {
    const items = new Map([...state.items].filter(([slot]) => this.#live.sections.test(slot)));
    const text = spellState(this.#compiled, { ...state, items });
    if (this.#live.reader === "routeros")
      return new Map(routerosFilters(text).map((filter) => [filter.name, filter]));
    const stub = `config system interface\nedit "${OTHER}"\nnext\nend\n`;
    const whole = items.has("config vdom") ? `${text}config global\n${stub}end\n` : `${text}${stub}`;
    const moment = new Map<string, ExtractedFilter>();
    for (const filter of fortiFilters(whole)) {
      if (filter.derived && !this.#zonesMove && !filter.name.includes(OTHER)) continue;
      moment.set(filter.aliases[0] ?? filter.name, filter);
    }
    return moment;
  }
}

/** Stands for every interface that no policy names. */
const OTHER = "(other)";

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
