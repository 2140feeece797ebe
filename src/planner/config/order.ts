import type { Dialect } from "./dialect.ts";
import { Heap } from "./heap.ts";
import type { Intervals } from "./intervals.ts";
import { compareNatural } from "./natural.ts";
import type { Operation } from "./operation.ts";

/** Operations in an order that respects their references, and where no such order exists. */
export interface Ordered {
  readonly operations: readonly Operation[];
  /** Operations that had to be typed against a reference, with the reference. */
  readonly broken: readonly { readonly operation: Operation; readonly because: string }[];
  /** For each operation of `operations`: what it waits for. */
  readonly waits: readonly (readonly string[])[];
}

interface Edge {
  readonly to: number;
  readonly label: string;
  /** A soft edge gives way where the hard ones need it. */
  readonly soft: boolean;
}

interface Graph {
  readonly edges: readonly Edge[][];
  readonly waiting: number[];
  /** Operations that take away and make room for others: they go when those are due. */
  readonly roomy: ReadonlySet<number>;
}

/** Orders operations: definitions before uses, uses gone before definitions go, content before its first use,
 *  what only one may hold released before it is taken. Among the rest, blocks stay together and taking away comes last.
 *  @param dialect - tells which names exist by their members alone */
export function orderOperations(operations: readonly Operation[], dialect?: Dialect): Ordered {
  const graph = buildGraph(operations, dialect);
  const blocks = operations.map(blockName);
  const rank = naturalRanks(operations, blocks);
  const queue = new ReadyQueue(operations, rank, blocks, graph.roomy);
  const waiting = [...graph.waiting];
  const done = new Array<boolean>(operations.length).fill(false);
  const labels: string[][] = operations.map(() => []);
  const result: Operation[] = [];
  const order: number[] = [];
  const parted = new Set<number>();
  const broken: { operation: Operation; because: string }[] = [];
  const settle = (to: number) => {
    waiting[to] = (waiting[to] ?? 0) - 1;
    if (waiting[to] === 0) queue.push(to);
  };
  for (let i = 0; i < operations.length; i++) if (waiting[i] === 0) queue.push(i);
  for (let left = operations.length; left > 0; ) {
    let next = queue.pop();
    if (next === undefined) {
      const part = partCircle(operations, graph, rank, done, parted);
      if (part !== undefined) {
        // The old line goes alone; its successor waits on, and what waited for the release is set free.
        parted.add(part);
        result.push(operations[part]?.split as Operation);
        order.push(part);
        for (const edge of graph.edges[part] ?? []) if (isRelease(edge) && !done[edge.to]) settle(edge.to);
        continue;
      }
      next = breakCycle(operations, graph, rank, waiting, done, labels, broken);
    }
    if (done[next]) continue;
    done[next] = true;
    left--;
    result.push(operations[next] as Operation);
    order.push(next);
    for (const edge of graph.edges[next] ?? []) {
      if (done[edge.to] || (parted.has(next) && isRelease(edge))) continue;
      if (edge.label !== "") labels[edge.to]?.push(edge.label);
      settle(edge.to);
    }
  }
  return {
    operations: result,
    broken,
    waits: order.map((index) => distinct(labels[index] ?? [])),
  };
}

function distinct(labels: readonly string[]): readonly string[] {
  return labels.length < 2 ? labels : [...new Set(labels)].sort();
}

function buildGraph(operations: readonly Operation[], dialect: Dialect | undefined): Graph {
  const edges: Edge[][] = operations.map(() => []);
  const waiting = new Array<number>(operations.length).fill(0);
  const seen = new Set<number>();
  const link = (from: number, to: number, label: string, soft = false) => {
    if (from === to) return;
    const id = from * operations.length + to;
    if (seen.has(id)) return;
    seen.add(id);
    edges[from]?.push({ to, label, soft });
    waiting[to] = (waiting[to] ?? 0) + 1;
  };
  const index = (pick: (operation: Operation) => readonly string[]) => indexBy(operations, pick);
  const defines = index((operation) => operation.defines);
  const undefines = index((operation) => operation.undefines);
  const gains = index((operation) => operation.gains);
  const drops = index((operation) => operation.drops);
  const leans = index((operation) => operation.leans);
  const touches = index((operation) => operation.touches);
  pairs(defines, gains, (from, to, name) => link(from, to, `definition before use: ${name}`));
  pairs(defines, leans, (from, to, name) => link(from, to, `definition before use: ${name}`));
  pairs(drops, undefines, (from, to, name) => link(from, to, `use gone before definition goes: ${name}`));
  pairs(leans, undefines, (from, to, name) => link(from, to, `use gone before definition goes: ${name}`));
  pairs(undefines, defines, (from, to, name) => {
    // What exists by its members is not to be empty for a moment.
    if (isLoose(dialect, name)) link(to, from, `the new ${name} comes before the old one goes`, true);
    else link(from, to, `the old ${name} goes before the new one`);
  });
  pairs(
    index((operation) => operation.releases),
    index((operation) => operation.takes),
    (from, to, name) => link(from, to, releaseLabel(name)),
  );
  pairs(touches, gains, (from, to, name) => link(from, to, `complete before use: ${name}`, true));
  pairs(drops, touches, (from, to, name) => {
    if (!operations[from]?.touches.includes(name))
      link(from, to, `use gone before content changes: ${name}`, true);
  });
  linkSets(operations, link);
  linkChains(operations, link);
  linkBlocks(operations, edges, link);
  linkFrames(operations, link);
  const roomy = linkUnsure(operations, link);
  return { edges, waiting, roomy };
}

/** What a release is called in a reason; a guard and a refill are no values that two lines could swap. */
function releaseLabel(name: string): string {
  if (/^(?:refill|filled):/.test(name)) return "";
  const guard = /^(un)?guard:.*\|(.*)$/.exec(name);
  if (!guard) return `${RELEASE}: ${name}`;
  return guard[1]
    ? `let in no more before its guard goes: ${guard[2]}`
    : `guarded before it is let in: ${guard[2]}`;
}

/** Tells whether a name exists by its members alone, each of which may go. */
export function isLoose(dialect: Dialect | undefined, name: string): boolean {
  return dialect?.namespaces[name.slice(0, name.indexOf(":"))]?.loose === true;
}

type Index = ReadonlyMap<string, readonly number[]>;
type Link = (from: number, to: number, label: string, soft?: boolean) => void;

function indexBy(operations: readonly Operation[], pick: (operation: Operation) => readonly string[]): Index {
  const result = new Map<string, number[]>();
  for (const [i, operation] of operations.entries()) {
    for (const name of pick(operation)) {
      const list = result.get(name);
      if (list) list.push(i);
      else result.set(name, [i]);
    }
  }
  return result;
}

function pairs(from: Index, to: Index, link: (from: number, to: number, name: string) => void): void {
  for (const [name, sources] of from) {
    const targets = to.get(name);
    if (!targets) continue;
    for (const source of sources) for (const target of targets) link(source, target, name);
  }
}

/** Lists of trunks name VLANs too: created before they are listed, unlisted before they are deleted. */
function linkSets(operations: readonly Operation[], link: Link): void {
  const lists = operations.flatMap((operation, i) =>
    operation.setGains.length > 0 || operation.setDrops.length > 0 ? [i] : [],
  );
  if (lists.length === 0) return;
  for (const [i, operation] of operations.entries()) {
    for (const name of operation.defines)
      linkName(operations, lists, name, "setGains", (list) =>
        link(i, list, `definition before use: ${name}`),
      );
    for (const name of operation.undefines) {
      linkName(operations, lists, name, "setDrops", (list) =>
        link(list, i, `use gone before definition goes: ${name}`),
      );
    }
  }
}

function linkName(
  operations: readonly Operation[],
  lists: readonly number[],
  name: string,
  side: "setGains" | "setDrops",
  found: (list: number) => void,
): void {
  const at = name.indexOf(":");
  const element = Number(name.slice(at + 1));
  if (!Number.isInteger(element)) return;
  const namespace = name.slice(0, at);
  for (const list of lists) {
    const operation = operations[list];
    if (operation?.setOf === namespace && holds(operation[side], element)) found(list);
  }
}

function holds(set: Intervals, element: number): boolean {
  return set.some(([low, high]) => low <= element && element <= high);
}

/** The edits of one list keep their order. */
function linkChains(operations: readonly Operation[], link: Link): void {
  const last = new Map<string, number>();
  for (const [i, operation] of operations.entries()) {
    if (!operation.chain) continue;
    const previous = last.get(operation.chain.list);
    if (previous !== undefined) link(previous, i, "");
    last.set(operation.chain.list, i);
  }
}

/** A block is opened before what stands in it, and where it can be, only once all that its lines wait for is done,
 *  so that it is entered once. So is one whose header is written anew, where that can be. */
function linkBlocks(operations: readonly Operation[], edges: readonly (readonly Edge[])[], link: Link): void {
  const opened = new Map<string, number>();
  for (const [i, operation] of operations.entries()) {
    if (operation.enters)
      opened.set([...operation.path, operation.enters].map((header) => header.slot).join("\n"), i);
  }
  if (opened.size === 0) return;
  const openers = operations.map((operation) => openersOf(operation, opened));
  const waits = edges.flatMap((list, from) => list.map((edge) => [from, edge.to] as const));
  for (const [i, own] of openers.entries())
    for (const opener of own) link(opener, i, "", operations[opener]?.effect.kind !== "open");
  for (const [from, to] of waits) {
    for (const opener of openers[to] ?? []) {
      if (from !== opener && !openers[from]?.includes(opener)) link(from, opener, "", true);
    }
  }
}

/** A line that frames other blocks comes once they are ready, and goes before they change, where nothing needs it otherwise. */
function linkFrames(operations: readonly Operation[], link: Link): void {
  for (const [i, { behind, ahead }] of operations.entries()) {
    if (behind === undefined && ahead === undefined) continue;
    for (const [other, { path }] of operations.entries()) {
      const top = path[0]?.slot ?? "";
      if (behind?.test(top)) link(other, i, `ready before it is filtered: ${top}`, true);
      if (ahead?.test(top)) link(i, other, `no longer filtered before it changes: ${top}`, true);
    }
  }
}

/** Where nothing tells how many lines of one beginning may stand, the old ones go before a new one comes: typed later,
 *  `no …` could take the new one away. The old ones wait for each other, which keeps the edges few. */
function linkUnsure(operations: readonly Operation[], link: Link): ReadonlySet<number> {
  const gone = new Map<string, number[]>();
  const coming: number[] = [];
  for (const i of settled(operations)) {
    const { unsure, effect } = operations[i] as Operation;
    if (unsure === undefined) continue;
    if (effect.kind !== "drop") {
      coming.push(i);
      continue;
    }
    const others = gone.get(unsure) ?? [];
    const last = others.at(-1);
    if (last !== undefined) link(last, i, "");
    others.push(i);
    gone.set(unsure, others);
  }
  const roomy = new Set<number>();
  for (const i of coming) {
    const others = gone.get(operations[i]?.unsure ?? "") ?? [];
    const last = others.at(-1);
    if (last === undefined) continue;
    link(last, i, "the old line goes first: the new one may stand in its place");
    if (!roomy.has(last)) for (const other of others) roomy.add(other);
  }
  return roomy;
}

/** Indexes of operations in an order that does not depend on that of the texts. */
function settled(operations: readonly Operation[]): number[] {
  const unsure = [...operations.keys()].filter((i) => operations[i]?.unsure !== undefined);
  return unsure.sort((a, b) => compareNatural(operations[a]?.slot ?? "", operations[b]?.slot ?? ""));
}

/** The operations that open the blocks around an operation. */
function openersOf(operation: Operation, opened: ReadonlyMap<string, number>): number[] {
  const result: number[] = [];
  let path = "";
  for (const header of operation.path) {
    path = path === "" ? header.slot : `${path}\n${header.slot}`;
    const opener = opened.get(path);
    if (opener !== undefined) result.push(opener);
  }
  return result;
}

/** Tells whether an edge stands for something that is released before another takes it. */
function isRelease(edge: Edge): boolean {
  return edge.label.startsWith(RELEASE);
}

const RELEASE = "released before it is taken";

/** In a circle of lines that want each other's values: the first that can give up its own alone. */
function partCircle(
  operations: readonly Operation[],
  graph: Graph,
  rank: readonly number[],
  done: readonly boolean[],
  parted: ReadonlySet<number>,
): number | undefined {
  let best: number | undefined;
  for (const [i, operation] of operations.entries()) {
    if (done[i] || parted.has(i) || !operation.split) continue;
    if (!graph.edges[i]?.some((edge) => isRelease(edge) && !done[edge.to])) continue;
    if (best === undefined || (rank[i] ?? 0) < (rank[best] ?? 0)) best = i;
  }
  return best;
}

/** Where nothing is free to go: first a soft edge gives way, then the operation with the fewest claims on it is typed
 *  against its references and reported. */
function breakCycle(
  operations: readonly Operation[],
  graph: Graph,
  rank: readonly number[],
  waiting: number[],
  done: readonly boolean[],
  labels: string[][],
  broken: { operation: Operation; because: string }[],
): number {
  const hard = new Array<number>(operations.length).fill(0);
  const reason = new Map<number, string>();
  for (const [from, list] of graph.edges.entries()) {
    if (done[from]) continue;
    for (const edge of list) {
      if (edge.soft || done[edge.to]) continue;
      hard[edge.to] = (hard[edge.to] ?? 0) + 1;
      if (edge.label !== "") reason.set(edge.to, edge.label);
    }
  }
  let best = -1;
  for (let i = 0; i < operations.length; i++) {
    if (done[i]) continue;
    if (best < 0 || compareBreak(i, best, hard, rank) < 0) best = i;
  }
  if ((hard[best] ?? 0) > 0)
    broken.push({ operation: operations[best] as Operation, because: reason.get(best) ?? "" });
  else labels[best]?.push("content and use depend on each other");
  waiting[best] = 0;
  return best;
}

function compareBreak(a: number, b: number, hard: readonly number[], rank: readonly number[]): number {
  return (hard[a] ?? 0) - (hard[b] ?? 0) || (rank[a] ?? 0) - (rank[b] ?? 0);
}

/** Tells whether an entry of a list is a line among those of the top. */
function isRootEntry({ place, chain }: Operation): boolean {
  return place === "root" && chain?.fixed === true;
}

/** The order in which equals are typed: by block, then statement, as a person would read them. */
function naturalRanks(operations: readonly Operation[], blocks: readonly string[]): number[] {
  // Many operations stand in one block: the blocks are put in order among themselves first.
  const blockRanks = new Map([...new Set(blocks)].sort(compareNatural).map((block, rank) => [block, rank]));
  const keys = operations.map((operation, i) => ({
    block: blockRanks.get(blocks[i] ?? "") ?? 0,
    slot: isRootEntry(operation) ? (operation.path[0]?.slot ?? "") : operation.slot,
    rank: operation.chain?.rank ?? 0,
    i,
  }));
  keys.sort((a, b) => a.block - b.block || compareNatural(a.slot, b.slot) || a.rank - b.rank || a.i - b.i);
  const ranks = new Array<number>(operations.length).fill(0);
  for (const [position, key] of keys.entries()) ranks[key.i] = position;
  return ranks;
}

/** Operations that may go next. Stays in the current block while it has any; at root, taking away waits till the end. */
class ReadyQueue {
  readonly #operations: readonly Operation[];
  readonly #rank: readonly number[];
  /** The block that each operation stands in. */
  readonly #names: readonly string[];
  readonly #roomy: ReadonlySet<number>;
  readonly #all = new Heap();
  readonly #blocks = new Map<string, Heap>();
  readonly #gone = new Set<number>();
  #current = "";

  constructor(
    operations: readonly Operation[],
    rank: readonly number[],
    names: readonly string[],
    roomy: ReadonlySet<number>,
  ) {
    this.#roomy = roomy;
    this.#operations = operations;
    this.#rank = rank;
    this.#names = names;
  }

  push(index: number): void {
    const operation = this.#operations[index] as Operation;
    const isLast = operation.removes && !this.#roomy.has(index);
    const key = (isLast ? this.#operations.length : 0) + (this.#rank[index] ?? 0);
    this.#all.push(key, index);
    const block = this.#names[index] ?? "";
    if (block === "") return;
    let heap = this.#blocks.get(block);
    if (!heap) {
      heap = new Heap();
      this.#blocks.set(block, heap);
    }
    heap.push(key, index);
  }

  pop(): number | undefined {
    const index = this.#take(this.#blocks.get(this.#current)) ?? this.#take(this.#all);
    if (index === undefined) return undefined;
    this.#gone.add(index);
    const operation = this.#operations[index] as Operation;
    this.#current = operation.enters
      ? [...operation.path, operation.enters].map((header) => header.slot).join("\n")
      : (this.#names[index] ?? "");
    return index;
  }

  #take(heap: Heap | undefined): number | undefined {
    for (;;) {
      const index = heap?.pop();
      if (index === undefined || !this.#gone.has(index)) return index;
    }
  }
}

function blockName(operation: Operation): string {
  if (isRootEntry(operation)) return "";
  return operation.path.map((header) => header.slot).join("\n");
}
