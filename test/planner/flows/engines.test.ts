import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCoverSolver, findUncovered } from "../../../src/planner/flows/cover.ts";
import { createCubeIndex, touching } from "../../../src/planner/flows/cube-index.ts";
import { deadRules } from "../../../src/planner/flows/dead-rules.ts";
import { buildDiagram, noTerminal, visitDiagram } from "../../../src/planner/flows/diagram.ts";
import { createEngine } from "../../../src/planner/flows/engine.ts";
import { minimizeBoxes } from "../../../src/planner/flows/minimize.ts";
import { isSubset, matching, permitted } from "../../../src/planner/flows/region.ts";
import type { AddressRange, FilterList, FilterRule, Range } from "../../../src/planner/flows/types.ts";

const side = 5;
const dims = 3;

const span = fc.tuple(fc.nat(side), fc.nat(side)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const cube = fc.tuple(span, span, span).map((spans) => spans.flat());
const cubes = fc.array(cube, { maxLength: 12 }).map((list) => Int32Array.from(list.flat()));

const points = Array.from({ length: (side + 1) ** 3 }, (_, n) => [
  n % (side + 1),
  Math.floor(n / (side + 1)) % (side + 1),
  Math.floor(n / (side + 1) ** 2),
]);

function holds(data: Int32Array, at: number, point: readonly number[]): boolean {
  return point.every((value, d) => {
    return (data[at + d * 2] ?? 0) <= value && value <= (data[at + d * 2 + 1] ?? -1);
  });
}

function ids(data: Int32Array): Int32Array {
  return Int32Array.from({ length: data.length / (dims * 2) }, (_, id) => id);
}

describe("both engines", () => {
  test("find an uncovered part exactly when a point is uncovered", () => {
    fc.assert(
      fc.property(cubes, cube, (data, box) => {
        const from = Int32Array.from(box);
        const list = ids(data);
        const free = points.filter(
          (point) => holds(from, 0, point) && !list.some((id) => holds(data, id * dims * 2, point)),
        );
        const solver = createCoverSolver(dims);
        const query = { from, at: 0, data, ids: list, idCount: list.length, budget: 10_000 };
        expect(findUncovered(solver, query)).toBe(free.length > 0 ? "found" : "none");
        if (free.length > 0) expect(free.some((point) => holds(solver.free, 0, point))).toBe(true);
        const leaf = { data, ids: list, permits: () => true, loose: () => false, otherwise: false };
        const diagram = buildDiagram(from, [leaf], { kind: "not", part: { kind: "leaf", leaf: 0 } }, 10_000);
        if (diagram === undefined) throw new Error("the diagram ran out of budget");
        const open: Int32Array[] = [];
        visitDiagram(diagram, (part) => {
          open.push(part);
          return false;
        });
        const inDiagram = points.filter((point) => open.some((part) => holds(part, 0, point)));
        expect(inDiagram).toEqual(free);
        expect(diagram.root === noTerminal).toBe(free.length === 0);
      }),
    );
  });

  test("agree on wide boxes that overlap in five dimensions", () => {
    const number = (max: number): fc.Arbitrary<Range> =>
      fc.tuple(fc.nat(max), fc.nat(max)).map(([a, b]) => ({ lo: Math.min(a, b), hi: Math.max(a, b) }));
    const address = number(0xffffffff).map(({ lo, hi }): AddressRange[] => [
      { family: 4, lo: BigInt(lo), hi: BigInt(hi) },
    ]);
    const body = fc.record({
      src: address,
      dst: address,
      protocols: number(20).map((r) => [r]),
      srcPorts: number(65535).map((r) => [r]),
      dstPorts: number(65535).map((r) => [r]),
    });
    const rule = fc.tuple(body, fc.constantFrom<FilterRule["action"]>("permit", "deny"));
    fc.assert(
      fc.property(fc.array(rule, { minLength: 10, maxLength: 20 }), (bodies) => {
        const rules = bodies.map(
          ([match, action], k): FilterRule => ({ id: `r${k}`, action, matches: [match], exact: true }),
        );
        const list: FilterList = { rules, defaultAction: "deny" };
        const [cubesSay, diagramSays] = (["cubes", "diagram"] as const).map((engine) =>
          deadRules(list, { engine, nodeBudget: 1_000_000 }).dead.map((dead) => `${dead.rule} ${dead.code}`),
        );
        expect(diagramSays).toEqual(cubesSay);
        const half = matching(rules.slice(0, 5).flatMap((one) => one.matches));
        const verdicts = (["cubes", "diagram"] as const).map(
          (engine) => isSubset(half, permitted(list), { engine }).verdict,
        );
        expect(verdicts[0]).toBe(verdicts[1]);
      }),
      { numRuns: 40 },
    );
  });
});

test("the index finds just the cubes that touch a box, scanned or out of bit sets, however many share a bucket", () => {
  const many = fc.array(cube, { minLength: 97, maxLength: 140 }).map((list) => Int32Array.from(list.flat()));
  const five = (data: Int32Array): Int32Array => {
    const wide: number[] = [];
    for (let at = 0; at < data.length; at += 6)
      wide.push(...data.subarray(at, at + 4), 0, 0, 0, 9, ...data.subarray(at + 4, at + 6));
    return Int32Array.from(wide);
  };
  fc.assert(
    fc.property(many, cube, fc.constantFrom(1, 100_000, 10_000_000), (small, box, siblings) => {
      const data = five(small);
      const from = five(Int32Array.from(box));
      const count = data.length / 10;
      const index = createCubeIndex(5, [side, side, 0, 9, side], data, count, siblings);
      const wanted = Array.from({ length: count }, (_, id) => id).filter((id) =>
        points.some((point) => holds(small, id * 6, point) && holds(Int32Array.from(box), 0, point)),
      );
      // The first few questions scan; once they have cost as much as the bit sets, these answer.
      for (const _ of Array(12).keys()) {
        const found = touching(index, from, 0, 0, count);
        expect([...index.ids.subarray(0, found)]).toEqual(wanted);
        const part = touching(index, from, 0, 40, 77);
        expect([...index.ids.subarray(0, part)]).toEqual(wanted.filter((id) => id >= 40 && id < 77));
      }
      expect(index.planes).toHaveLength(6);
    }),
    { numRuns: 60 },
  );
});

describe("few boxes", () => {
  test("hold just what the many held, and never are more", () => {
    fc.assert(
      fc.property(cubes, (data) => {
        const boxes = Array.from(ids(data), (id) => data.slice(id * dims * 2, (id + 1) * dims * 2));
        const few = minimizeBoxes(createEngine(dims, {}), boxes);
        expect(few.length).toBeLessThanOrEqual(boxes.length);
        for (const point of points) {
          const before = boxes.some((box) => holds(box, 0, point));
          expect(few.some((box) => holds(box, 0, point))).toBe(before);
        }
        for (const box of few) {
          const others = few.filter((other) => other !== box);
          const needed = points.some(
            (point) => holds(box, 0, point) && !others.some((other) => holds(other, 0, point)),
          );
          expect(needed).toBe(true);
        }
      }),
    );
  });

  test("make one of a box that was cut to pieces", () => {
    const whole = [0, 5, 0, 5, 0, 5];
    const pieces = [
      [0, 2, 0, 5, 0, 5],
      [3, 5, 0, 1, 0, 5],
      [3, 5, 2, 5, 0, 3],
      [3, 5, 2, 5, 4, 5],
    ].map((piece) => Int32Array.from(piece));
    const few = minimizeBoxes(createEngine(dims, {}), pieces);
    expect(few.map((box) => [...box])).toEqual([whole]);
  });
});

test("a filter wider than it can be spelled is unknown, never wrong", () => {
  const odd = { family: 4, value: 1n, wildcard: 0xfffffffen } as const;
  const wide: FilterRule = { id: "odd", action: "deny", matches: [{ src: [odd] }], exact: true };
  const all: FilterRule = { id: "all", action: "permit", matches: [{}], exact: true };
  const filter: FilterList = { rules: [wide, all], defaultAction: "deny" };
  const host = (lo: bigint) => matching([{ src: [{ family: 4, lo, hi: lo }] }]);
  expect(isSubset(host(5n), permitted(filter))).toMatchObject({ verdict: "unknown", reason: "size" });
  expect(isSubset(host(0n), permitted(filter)).verdict).toBe("proved");
  expect(deadRules(filter).dead).toEqual([]);
  expect(isSubset(permitted(filter), permitted({ ...filter, rules: [{ ...wide }, all] })).verdict).toBe(
    "proved",
  );
});
