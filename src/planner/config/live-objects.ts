import { pairsOf } from "../filters/fortios-policies.ts";
import { type FortiNode, fortiTree } from "../filters/fortios-tree.ts";
import type { CompiledDialect } from "./compile.ts";
import type { Operation } from "./operation.ts";
import { spellState } from "./spell-state.ts";
import type { Block, Statement } from "./state.ts";

/** Reads the objects of a FortiGate moment by moment; an object that did not change is not read again, and is the same
 *  node as before. */
export class LiveObjects {
  readonly #compiled: CompiledDialect;
  readonly #sections: RegExp;
  readonly #nodes = new WeakMap<Block, FortiNode>();

  constructor(compiled: CompiledDialect, sections: RegExp) {
    this.#compiled = compiled;
    this.#sections = sections;
  }

  /** A step changed what stands in these blocks, which are the same objects as before. */
  forget(state: Block, { path, slot }: Operation): void {
    let block: Block | undefined = state;
    for (const name of [...path.map((header) => header.slot), slot]) {
      block = block?.items.get(name)?.block;
      if (block) this.#nodes.delete(block);
    }
  }

  /** The tree of a moment. */
  read(state: Block): FortiNode {
    const tables = new Map<string, FortiNode>();
    for (const [slot, section] of state.items) {
      if (!this.#sections.test(slot) || !section.block) continue;
      const entries = [...section.block.items];
      tables.set(
        slot.slice("config ".length),
        entries.every(([name, { block }]) => block !== undefined && name.startsWith("edit "))
          ? this.#table(slot, section, entries)
          : this.#node(section.block, slot, section),
      );
    }
    return { at: NOWHERE, settings: new Map(), tables, entries: new Map() };
  }

  #table(slot: string, section: Statement, entries: readonly (readonly [string, Statement])[]): FortiNode {
    const nodes = new Map<string, FortiNode>();
    for (const [name, entry] of entries) {
      if (!entry.block || !section.block) continue;
      const items = new Map([[name, entry]]);
      const alone = { ...section, block: { ...section.block, items } };
      const read = this.#node(entry.block, slot, alone);
      for (const [own, node] of read.entries) nodes.set(own, node);
    }
    return { at: NOWHERE, settings: new Map(), tables: new Map(), entries: nodes };
  }

  #node(key: Block, slot: string, section: Statement): FortiNode {
    const known = this.#nodes.get(key);
    if (known) return known;
    const text = spellState(this.#compiled, {
      context: "root",
      items: new Map([[slot, section]]),
      entries: undefined,
    });
    const node = fortiTree(text).tables.get(slot.slice("config ".length)) ?? EMPTY;
    this.#nodes.set(key, node);
    return node;
  }
}

const NOWHERE = { line: 1, text: "" };
const EMPTY: FortiNode = { at: NOWHERE, settings: new Map(), tables: new Map(), entries: new Map() };

type Entries = FortiNode["entries"];

const POLICIES = ["firewall policy", "firewall policy6"];

/** Tells which pairs of interfaces two moments may treat differently.
 *  @returns undefined where any may be: zones, SD-WAN or settings differ, or there are VDOMs */
export function changedPairs(
  before: FortiNode,
  now: FortiNode,
): ((from: string, to: string) => boolean) | undefined {
  const names = new Set<string>();
  const touched: FortiNode[] = [];
  for (const table of new Set([...before.tables.keys(), ...now.tables.keys()])) {
    const [one, two] = [before.tables.get(table) ?? EMPTY, now.tables.get(table) ?? EMPTY];
    const changed = changedNames(one.entries, two.entries);
    if (POLICIES.includes(table)) {
      for (const name of [...changed, ...movedNames(one.entries, two.entries)])
        for (const { entries } of [one, two])
          touched.push(...(entries.has(name) ? [entries.get(name) ?? EMPTY] : []));
    } else if (!table.startsWith("firewall ")) {
      if (changed.length > 0 || (one !== two && (isWhole(one) || isWhole(two)))) return undefined;
    } else for (const name of changed) names.add(name);
  }
  if (names.size > 0) {
    addGroups(before, names);
    addGroups(now, names);
    for (const root of [before, now])
      for (const table of POLICIES)
        for (const policy of root.tables.get(table)?.entries.values() ?? [])
          if (isNamed(policy, names)) touched.push(policy);
  }
  return pairsOf(now, touched);
}

/** Tells whether a table is read as a whole, not entry by entry. */
function isWhole(node: FortiNode): boolean {
  return node.settings.size > 0 || node.tables.size > 0;
}

function changedNames(old: Entries, next: Entries): string[] {
  const names = [...next].flatMap(([name, node]) => (old.get(name) === node ? [] : [name]));
  return [...names, ...[...old.keys()].filter((name) => !next.has(name))];
}

/** Entries that stand in another place: one that moved, or all between the first and the last difference. */
function movedNames(old: Entries, next: Entries): readonly string[] {
  const one = [...old.keys()].filter((name) => next.has(name));
  const two = [...next.keys()].filter((name) => old.has(name));
  let first = 0;
  while (first < one.length && one[first] === two[first]) first++;
  if (first === one.length) return [];
  let last = one.length - 1;
  while (one[last] === two[last]) last--;
  const [before, after] = [one.slice(first, last + 1), two.slice(first, last + 1)];
  const [top = "", bottom = ""] = [before[0], after[0]];
  if (before.slice(1).every((name, i) => name === after[i])) return [top];
  return after.slice(1).every((name, i) => name === before[i]) ? [bottom] : before;
}

/** Adds the groups that hold changed names, and the groups that hold those. */
function addGroups(root: FortiNode, names: Set<string>): void {
  const groups = [...root.tables].flatMap(([table, { entries }]) =>
    /grp|group/.test(table) ? [...entries] : [],
  );
  for (let size = -1; size < names.size; ) {
    size = names.size;
    for (const [name, group] of groups) if (!names.has(name) && isNamed(group, names)) names.add(name);
  }
}

function isNamed(node: FortiNode, names: ReadonlySet<string>): boolean {
  for (const values of node.settings.values()) for (const value of values) if (names.has(value)) return true;
  return false;
}
