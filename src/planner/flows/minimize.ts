import { touchesBox } from "./boxes.ts";
import type { Engine } from "./engine.ts";
import { findFree } from "./engine.ts";

/** Sets larger than this are only joined, not grown: growing costs a proof for each side of each box. */
const growLimit = 300;

/** Writes a set of boxes with as few boxes as a greedy search finds: joins neighbours, grows each box as far as the set
 *  allows, and drops those that the others cover. The union stays exactly the same; boxes may overlap. */
export function minimizeBoxes(engine: Engine, boxes: readonly Int32Array[]): Int32Array[] {
  const joined = joinNeighbours(boxes);
  if (joined.length < 2 || joined.length > growLimit) return joined;
  const set = flatten(joined);
  const grown = joined.map((box) => growBox(engine, box, set, joined));
  return dropCovered(engine, [...new Map(grown.map((box) => [box.join(","), box])).values()]);
}

function flatten(boxes: readonly Int32Array[]): Int32Array {
  const stride = boxes[0]?.length ?? 0;
  const data = new Int32Array(boxes.length * stride);
  for (const [index, box] of boxes.entries()) data.set(box, index * stride);
  return data;
}

/** Joins boxes that differ in one dimension only and touch there, until none does. */
function joinNeighbours(boxes: readonly Int32Array[]): Int32Array[] {
  let current = [...boxes];
  let before = -1;
  while (current.length !== before) {
    before = current.length;
    const stride = current[0]?.length ?? 0;
    for (let d = stride - 2; d >= 0; d -= 2) current = joinAlong(current, d);
  }
  return current;
}

function joinAlong(boxes: readonly Int32Array[], d: number): Int32Array[] {
  const groups = new Map<string, Int32Array[]>();
  for (const box of boxes) {
    const key = box.filter((_, k) => k !== d && k !== d + 1).join(",");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [box]);
    else group.push(box);
  }
  return [...groups.values()].flatMap((group) => joinRow(group, d));
}

function joinRow(group: readonly Int32Array[], d: number): Int32Array[] {
  const sorted = [...group].sort((a, b) => (a[d] as number) - (b[d] as number));
  const joined: Int32Array[] = [];
  for (const box of sorted) {
    const last = joined.at(-1);
    if (last === undefined || (box[d] as number) > (last[d + 1] as number) + 1) joined.push(box.slice());
    else last[d + 1] = Math.max(last[d + 1] as number, box[d + 1] as number);
  }
  return joined;
}

/** Pushes each side of a box out to the farthest edge of another box that keeps it inside the set. */
function growBox(engine: Engine, box: Int32Array, set: Int32Array, boxes: readonly Int32Array[]): Int32Array {
  let grown = box;
  for (let d = 0; d < box.length; d += 1) {
    const edges = [...new Set(boxes.map((other) => other[d] as number))];
    const out = d % 2 === 0 ? edges.sort((a, b) => b - a) : edges.sort((a, b) => a - b);
    for (const edge of out) {
      if (d % 2 === 0 ? edge >= (grown[d] as number) : edge <= (grown[d] as number)) continue;
      const wider = grown.slice();
      wider[d] = edge;
      if (!isCovered(engine, wider, set, boxes.length)) break;
      grown = wider;
    }
  }
  return grown;
}

function dropCovered(engine: Engine, boxes: readonly Int32Array[]): Int32Array[] {
  let kept = [...boxes];
  for (const box of [...boxes].reverse()) {
    const others = kept.filter((other) => other !== box);
    if (others.length === 0) break;
    if (isCovered(engine, box, flatten(others), others.length)) kept = others;
  }
  return kept;
}

function isCovered(engine: Engine, box: Int32Array, set: Int32Array, count: number): boolean {
  const ids = new Int32Array(count);
  let idCount = 0;
  for (let id = 0; id < count; id += 1) {
    if (touchesBox(set, id * box.length, box)) ids[idCount++] = id;
  }
  return findFree(engine, { from: box, at: 0, data: set, ids, idCount }) === "none";
}
