import { touchesBox } from "./boxes.ts";
import type { Expression, Truth } from "./expression.ts";
import { evaluate } from "./expression.ts";

/** The second engine: an ordered decision diagram over intervals, built from the top with equal states shared and equal
 *  nodes merged. It shares no step with the cube engine and takes over where that runs out of budget. */
export interface Diagram {
  readonly box: Int32Array;
  readonly nodes: readonly DiagramNode[];
  /** A node number, or one of `noTerminal`, `yesTerminal`, `maybeTerminal`. */
  readonly root: number;
}

/** Slices of one dimension, each to its own child; neighbours differ. */
export interface DiagramNode {
  readonly dim: number;
  /** Last value of each slice. */
  readonly his: readonly number[];
  readonly kids: readonly number[];
}

export const noTerminal = -1;
export const yesTerminal = -2;
export const maybeTerminal = -3;

/** A first-match list as the diagram reads it. */
export interface DiagramLeaf {
  readonly data: Int32Array;
  /** Cubes in order of precedence. */
  readonly ids: Int32Array;
  /** 1 where the cube's rule permits; indexed by cube. */
  readonly permits: (id: number) => boolean;
  readonly loose: (id: number) => boolean;
  /** What holds where no cube does. */
  readonly otherwise: boolean;
}

interface LeafState {
  readonly ids: readonly number[];
  readonly otherwise: boolean;
}

interface Build {
  readonly box: Int32Array;
  readonly leaves: readonly DiagramLeaf[];
  readonly expression: Expression;
  readonly nodes: DiagramNode[];
  readonly known: Map<string, number>;
  readonly unique: Map<string, number>;
  left: number;
}

/** Builds the diagram of an expression inside a box.
 *  @param budget - states to look at
 *  @returns undefined when the budget runs out */
export function buildDiagram(
  box: Int32Array,
  leaves: readonly DiagramLeaf[],
  expression: Expression,
  budget: number,
): Diagram | undefined {
  const build: Build = {
    box,
    leaves,
    expression,
    nodes: [],
    known: new Map(),
    unique: new Map(),
    left: budget,
  };
  const states = leaves.map((leaf) => {
    const ids = Array.from(leaf.ids).filter((id) => touchesBox(leaf.data, id * box.length, box));
    return shorten(build, leaf, 0, ids, leaf.otherwise);
  });
  const root = nodeOf(build, 0, states);
  return root === undefined ? undefined : { box, nodes: build.nodes, root };
}

function nodeOf(build: Build, dim: number, states: readonly LeafState[]): number | undefined {
  const truth = evaluate(
    build.expression,
    states.map((state, leaf) => truthOf(build, leaf, state, dim)),
  );
  if (truth !== "open") return terminalOf(truth);
  const key = `${dim}|${states.map((state) => `${state.otherwise ? 1 : 0}:${state.ids.join(",")}`).join("|")}`;
  const known = build.known.get(key);
  if (known !== undefined) return known;
  build.left -= 1;
  if (build.left < 0) return undefined;
  const his: number[] = [];
  const kids: number[] = [];
  let lo = build.box[dim * 2] as number;
  for (const hi of slicesOf(build, dim, states)) {
    const kid = nodeOf(
      build,
      dim + 1,
      states.map((state, leaf) => narrow(build, leaf, state, dim, lo)),
    );
    if (kid === undefined) return undefined;
    if (kids.at(-1) === kid) his[his.length - 1] = hi;
    else {
      his.push(hi);
      kids.push(kid);
    }
    lo = hi + 1;
  }
  const node = kids.length === 1 ? (kids[0] as number) : share(build, dim, his, kids);
  build.known.set(key, node);
  return node;
}

function share(build: Build, dim: number, his: readonly number[], kids: readonly number[]): number {
  const key = `${dim}|${his.join(",")}|${kids.join(",")}`;
  const same = build.unique.get(key);
  if (same !== undefined) return same;
  build.nodes.push({ dim, his, kids });
  build.unique.set(key, build.nodes.length - 1);
  return build.nodes.length - 1;
}

function terminalOf(truth: Truth): number {
  if (truth === "yes") return yesTerminal;
  return truth === "no" ? noTerminal : maybeTerminal;
}

/** Past the last dimension every listed cube holds the point: then only loose ones are left in front. */
function truthOf(build: Build, leaf: number, state: LeafState, dim: number): Truth {
  if (state.ids.length === 0) return state.otherwise ? "yes" : "no";
  if (dim * 2 < build.box.length) return "open";
  const { permits } = build.leaves[leaf] as DiagramLeaf;
  return state.ids.every((id) => permits(id) === state.otherwise)
    ? state.otherwise
      ? "yes"
      : "no"
    : "maybe";
}

/** Ends of the slices on which no listed cube begins or ends inside. */
function slicesOf(build: Build, dim: number, states: readonly LeafState[]): number[] {
  const lo = build.box[dim * 2] as number;
  const hi = build.box[dim * 2 + 1] as number;
  const ends = new Set<number>([hi]);
  for (const [leaf, state] of states.entries()) {
    const { data } = build.leaves[leaf] as DiagramLeaf;
    for (const id of state.ids) {
      const at = id * build.box.length + dim * 2;
      const cubeLo = data[at] as number;
      const cubeHi = data[at + 1] as number;
      if (cubeLo > lo) ends.add(cubeLo - 1);
      if (cubeHi < hi) ends.add(cubeHi);
    }
  }
  return [...ends].sort((a, b) => a - b);
}

/** Keeps the cubes that hold `value` in `dim`. */
function narrow(build: Build, leaf: number, state: LeafState, dim: number, value: number): LeafState {
  const { data } = build.leaves[leaf] as DiagramLeaf;
  const ids = state.ids.filter((id) => {
    const at = id * build.box.length + dim * 2;
    return (data[at] as number) <= value && value <= (data[at + 1] as number);
  });
  return shorten(build, build.leaves[leaf] as DiagramLeaf, dim + 1, ids, state.otherwise);
}

/** Drops what cannot decide: all behind a cube that takes the rest, then cubes at the end that say the same as what
 *  would follow them, so that equal functions become equal states. */
function shorten(build: Build, leaf: DiagramLeaf, dim: number, ids: number[], otherwise: boolean): LeafState {
  const last = ids.findIndex((id) => !leaf.loose(id) && takesAll(build, leaf.data, id, dim));
  let final = otherwise;
  let kept = ids;
  if (last >= 0) {
    final = leaf.permits(ids[last] as number);
    kept = ids.slice(0, last);
  }
  let length = kept.length;
  while (length > 0 && leaf.permits(kept[length - 1] as number) === final) length -= 1;
  return { ids: length === kept.length ? kept : kept.slice(0, length), otherwise: final };
}

function takesAll(build: Build, data: Int32Array, id: number, dim: number): boolean {
  for (let d = dim * 2; d < build.box.length; d += 2) {
    const at = id * build.box.length + d;
    if ((data[at] as number) > (build.box[d] as number)) return false;
    if ((data[at + 1] as number) < (build.box[d + 1] as number)) return false;
  }
  return true;
}

/** Visits the boxes of a diagram that are true or may be, until `visit` returns true.
 *  @returns whether `visit` stopped it */
export function visitDiagram(
  diagram: Diagram,
  visit: (box: Int32Array, certain: boolean) => boolean,
): boolean {
  const walk = (node: number, box: Int32Array): boolean => {
    if (node === noTerminal) return false;
    if (node < 0) return visit(box.slice(), node === yesTerminal);
    const { dim, his, kids } = diagram.nodes[node] as DiagramNode;
    const lo = box[dim * 2] as number;
    const hi = box[dim * 2 + 1] as number;
    let next = lo;
    for (const [index, end] of his.entries()) {
      box[dim * 2] = next;
      box[dim * 2 + 1] = end;
      if (walk(kids[index] as number, box)) return true;
      next = end + 1;
    }
    box[dim * 2] = lo;
    box[dim * 2 + 1] = hi;
    return false;
  };
  return walk(diagram.root, diagram.box.slice());
}
