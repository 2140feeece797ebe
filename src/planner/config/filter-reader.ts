import { type EntryContext, readExtended, readStandard } from "../filters/cisco-entry.ts";
import { type GroupText, networkTerms, serviceMatches } from "../filters/cisco-groups.ts";
import { type RuleContext, readRule } from "../filters/huawei-entry.ts";
import { addressTerms, portRangesOf } from "../filters/huawei-groups.ts";
import type { Predicate } from "../filters/predicate.ts";
import { UnreadError } from "../filters/words.ts";
import type { FilterList, FilterRule } from "../flows/types.ts";
import { compileDialect } from "./compile.ts";
import type { Dialect, FilterKind } from "./dialect.ts";
import { referencesOf, usesOfEntry } from "./references.ts";
import type { Block, Entry } from "./state.ts";

/** One list of a state: its entries and how they are read. */
export interface ListView {
  readonly entries: readonly Entry[];
  readonly kind: FilterKind;
  /** Where the device sorts by itself (`match-order auto`), what comes first is not known. */
  readonly auto: boolean;
}

/** The filters and groups of one state. */
export interface FilterView {
  /** By reference: `acl:101`. */
  readonly lists: ReadonlyMap<string, ListView>;
  /** By reference: `objectgroup:SERVERS`. */
  readonly groups: ReadonlyMap<string, GroupText>;
}

/** Reads the lists of a platform as filters of the algebra, by the readers of whole filters. Remembers entries. */
export class FilterReader {
  readonly #dialect: Dialect;
  readonly #rules = new Map<string, FilterRule | undefined>();

  readonly #groupHint: RegExp;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#groupHint = compileDialect(dialect).groupHint;
  }

  /** Finds the lists and groups of a state. */
  view(state: Block): FilterView {
    const lists = new Map<string, ListView>();
    const groups = new Map<string, GroupText>();
    const syntax = this.#dialect.filters;
    if (!syntax) return { lists, groups };
    for (const statement of state.items.values()) {
      if (!statement.block) continue;
      const group = this.#groupHint.test(statement.source)
        ? syntax.groups?.find(({ header }) => header.test(statement.source))
        : undefined;
      if (group) {
        const read = { kind: group.kind, lines: linesOf(statement.block) };
        for (const name of referencesOf(this.#dialect, statement, "").defines) groups.set(name, read);
        continue;
      }
      const { entries } = statement.block;
      const kind = entries && syntax.lists.find(({ header }) => header.test(statement.source));
      if (!kind || !entries) continue;
      const view = { entries, kind, auto: /\bmatch-order auto\b/.test(statement.source) };
      for (const name of referencesOf(this.#dialect, statement, "").defines) lists.set(name, view);
    }
    return { lists, groups };
  }

  /** A list as a filter. One that does not exist, or has no entry, lets everything through where it is bound. */
  filter(name: string, view: FilterView, otherwise: "permit" | "deny"): FilterList {
    const list = view.lists.get(name);
    const rules: FilterRule[] = (list?.entries ?? []).flatMap((entry, i) => {
      const rule = list && this.#rule(entry.text, list, view);
      return rule ? [{ ...rule, id: String(i) }] : [];
    });
    if (!list || rules.length === 0) return { rules: [], defaultAction: "permit" };
    if (list.kind.neighbours) rules.push(...NEIGHBOURS);
    // Packets of the other family never meet the list.
    const others = {
      id: "others",
      action: "permit",
      matches: [{ family: list.kind.family === 4 ? 6 : 4 }],
      exact: true,
    } as const;
    if (otherwise === "deny") rules.push(others);
    return { rules, defaultAction: otherwise };
  }

  /** What a list says, as text: two lists of one text are one filter. */
  textOf(name: string, view: FilterView): string {
    const list = view.lists.get(name);
    if (!list) return "";
    const groups = new Set<string>();
    for (const entry of list.entries)
      for (const group of usesOfEntry(this.#dialect, entry.text)) groups.add(group);
    const members = [...reachable(groups, view, this.#namespace())].map(
      (group) => `${group}=${view.groups.get(group)?.lines.join(",") ?? ""}`,
    );
    return [...list.entries.map((entry) => entry.text), ...members].join("\n");
  }

  /** Groups that a list names, and groups in them. */
  groupsOf(name: string, view: FilterView): ReadonlySet<string> {
    const named = new Set<string>();
    for (const entry of view.lists.get(name)?.entries ?? [])
      for (const group of usesOfEntry(this.#dialect, entry.text)) named.add(group);
    return reachable(named, view, this.#namespace());
  }

  #namespace(): string {
    return this.#dialect.filters?.groups?.[0]?.namespace ?? "";
  }

  #rule(text: string, list: ListView, view: FilterView): FilterRule | undefined {
    const plain = view.groups.size === 0 || usesOfEntry(this.#dialect, text).length === 0;
    if (!plain) return this.#read(text, list, view);
    const key = `${list.kind.family}${list.kind.basic ? "b" : ""}${list.auto ? "a" : ""} ${text}`;
    if (!this.#rules.has(key)) this.#rules.set(key, this.#read(text, list, view));
    return this.#rules.get(key);
  }

  #read(text: string, list: ListView, view: FilterView): FilterRule | undefined {
    const at = text.indexOf(" ");
    const verb = at < 0 ? text : text.slice(0, at);
    const body = at < 0 ? "" : text.slice(at + 1);
    const action = verb === "evaluate" || verb === "dynamic" ? "permit" : verb;
    if (action !== "permit" && action !== "deny") return undefined;
    const inexact = {
      id: "",
      action,
      matches: [{ family: list.kind.family }],
      exact: false,
      condition: text,
    } as const;
    if (action !== verb || list.auto) return inexact;
    try {
      const { matches, conditions } = this.#predicate(body, list.kind, view);
      return conditions.length === 0
        ? { id: "", action, matches, exact: true }
        : { id: "", action, matches, exact: false, condition: conditions.join(" and ") };
    } catch (error) {
      if (error instanceof UnreadError || error instanceof RangeError) return inexact;
      throw error;
    }
  }

  #predicate(body: string, kind: FilterKind, view: FilterView): Predicate {
    const namespace = this.#namespace();
    const groups = groupsByName(view.groups, namespace);
    const { family } = kind;
    if (this.#dialect.filters?.entries === "huawei") {
      const lines = new Map([...groups].map(([name, group]) => [name, group.lines] as const));
      const context: RuleContext = {
        family,
        basic: kind.basic === true,
        ports: {},
        network: (name) => addressTerms(lines, name),
        portGroup: (name) => portRangesOf(lines, name, {}),
      };
      return readRule(body, context);
    }
    const context: EntryContext = {
      family,
      ports: {},
      network: (name) => networkTerms(groups, name),
      service: (name) => serviceMatches(groups, name, {}),
    };
    return kind.basic ? readStandard(body, context) : readExtended(body, context);
  }
}

/** An IPv6 list of IOS lets neighbour solicitations and advertisements through before its implicit deny. */
const NEIGHBOURS: readonly FilterRule[] = [136, 135].map((type) => ({
  id: `neighbours ${type}`,
  action: "permit",
  matches: [{ family: 6, icmpTypes: [{ lo: type, hi: type }] }],
  exact: true,
}));

/** Members of a group, one a line; a platform that numbers them holds them as entries. */
function linesOf(block: Block): string[] {
  const lines = (block.entries ?? []).map((entry) => entry.text);
  for (const statement of block.items.values()) if (!statement.negated) lines.push(statement.text);
  return lines;
}

function groupsByName(
  groups: ReadonlyMap<string, GroupText>,
  namespace: string,
): ReadonlyMap<string, GroupText> {
  const result = new Map<string, GroupText>();
  for (const [reference, group] of groups) result.set(reference.slice(namespace.length + 1), group);
  return result;
}

/** Groups and the groups in them. */
function reachable(names: ReadonlySet<string>, view: FilterView, namespace: string): ReadonlySet<string> {
  const all = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    for (const line of view.groups.get(name)?.lines ?? []) {
      const inner = /\bgroup-object (\S+)$/.exec(line)?.[1];
      if (inner !== undefined) open.push(`${namespace}:${inner}`);
    }
  }
  return all;
}
