import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatrixChecker } from "../../../src/planner/flows/matrix.ts";
import { prefixRange } from "../../../src/planner/flows/ranges.ts";
import { matchesPacket, testPacket } from "../../../src/planner/flows/test-packet.ts";
import type {
  FilterRule,
  FlowZone,
  Match,
  MatrixInput,
  MatrixReport,
  Packet,
} from "../../../src/planner/flows/types.ts";
import type { Theme } from "./small-world.ts";
import { allPackets, boxHolds, engines, filters, firstMatch, truths, verdictOf } from "./small-world.ts";

const zones: readonly FlowZone[] = [
  {
    id: "a",
    ranges: [
      { family: 4, lo: 0n, hi: 0n },
      { family: 4, lo: 2n, hi: 2n },
    ],
  },
  {
    id: "b",
    ranges: [
      { family: 4, lo: 1n, hi: 1n },
      { family: 6, lo: 0n, hi: 0n },
    ],
  },
  {
    id: "c",
    ranges: [
      { family: 4, lo: 3n, hi: 1000n },
      { family: 6, lo: 1n, hi: 5n },
    ],
  },
];

/** Policies out of the matches of a random filter, so that they cut the rules everywhere. */
function inputs(theme: Theme, inexact = false): fc.Arbitrary<MatrixInput> {
  const ids = zones.map((zone) => zone.id);
  const allowed = filters(theme).map((list) => list.rules.flatMap((rule) => rule.matches).slice(0, 4));
  const cell = fc.record({
    from: fc.constantFrom(...ids),
    to: fc.constantFrom(...ids),
    allowed: fc.oneof(
      { weight: 3, arbitrary: allowed },
      fc.constant("all" as const),
      fc.constant<Match[]>([{}]),
    ),
  });
  return fc.record(
    {
      zones: fc.constant(zones),
      cells: fc.uniqueArray(cell, { selector: (item) => `${item.from} ${item.to}`, maxLength: 6 }),
      defaultAllowed: allowed,
      exceptions: allowed.map((list) => list.slice(0, 2)),
      filter: filters(theme, { inexact }),
    },
    { requiredKeys: ["zones", "cells", "filter"] },
  );
}

/** Addresses that cut the zones where nothing did before, or no change of the addresses. */
const places = fc.record(
  Object.fromEntries(
    ["src", "dst"].map((side) => [
      side,
      fc.tuple(fc.nat(1200), fc.nat(1200)).map(([a, b]) => {
        return [{ family: 4 as const, lo: BigInt(Math.min(a, b)), hi: BigInt(Math.max(a, b)) }];
      }),
    ]),
  ),
  { requiredKeys: [] },
);

function subnetOf(family: number, address: bigint): string | undefined {
  for (const zone of zones) {
    for (const [index, { family: own, lo, hi }] of zone.ranges.entries()) {
      if (own === family && lo <= address && address <= hi) return `${zone.id}${index}`;
    }
  }
  return undefined;
}

/** Tells whether a packet is between two different subnets, and not allowed there. */
function forbidden(input: MatrixInput, packet: Packet): string | undefined {
  const from = subnetOf(packet.family, packet.src);
  const to = subnetOf(packet.family, packet.dst);
  if (from === undefined || to === undefined || from === to) return undefined;
  const cell = input.cells.find((item) => item.from === from[0] && item.to === to[0]);
  const allowed = cell?.allowed ?? input.defaultAllowed ?? [];
  if (allowed === "all") return undefined;
  const matches = [...allowed, ...(input.exceptions ?? [])];
  return matches.some((match) => matchesPacket(match, packet)) ? undefined : `${from[0]} ${to[0]}`;
}

function spell(report: MatrixReport): string[] {
  return report.violations.map(
    ({ from, to, rule, verdict }) => `${from} ${to} ${rule ?? "default"} ${verdict}`,
  );
}

describe("a zone matrix", () => {
  for (const theme of ["ports", "states"] as const) {
    const packets = allPackets(theme);
    for (const options of engines) {
      test(`names every rule that lets through what its cell forbids, and no other (${theme}, ${options.engine})`, () => {
        fc.assert(
          fc.property(inputs(theme), (input) => {
            const wanted = new Set<string>();
            for (const packet of packets) {
              const cell = forbidden(input, packet);
              if (cell === undefined || verdictOf(input.filter, packet) === "deny") continue;
              wanted.add(`${cell} ${firstMatch(input.filter, packet)?.id ?? "default"} violated`);
            }
            const report = createMatrixChecker(input, options).report();
            expect(spell(report).sort()).toEqual([...wanted].sort());
            expect(report.verdict).toBe(wanted.size === 0 ? "proved" : "violated");
            for (const { witness, box, rule, from, to } of report.violations) {
              expect(boxHolds(box, witness)).toBe(true);
              expect(testPacket(input.filter, witness).rule).toBe(rule);
              expect(forbidden(input, witness)).toBe(`${from} ${to}`);
            }
          }),
          { numRuns: 80 },
        );
      });
    }
  }

  test("with unmodelled conditions says unknown, never proved", () => {
    const packets = allPackets("ports");
    fc.assert(
      fc.property(inputs("ports", true), fc.constantFrom(0, 1, 32), (input, conditionAxes) => {
        const report = createMatrixChecker(input, { conditionAxes }).report();
        const ways = truths(input.filter);
        const broken = packets
          .filter((packet) => forbidden(input, packet) !== undefined)
          .map((packet) => ways.map((truth) => verdictOf(input.filter, packet, truth) === "permit"));
        const possible = broken.flat().some(Boolean);
        if (!possible && conditionAxes === 32) expect(report.verdict).toBe("proved");
        if (report.verdict === "proved") expect(possible).toBe(false);
        if (report.verdict === "violated") expect(broken.some((all) => all.every(Boolean))).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  for (const inexact of [false, true]) {
    test(`after a rule changed says what a new proof says${inexact ? ", inexact rules too" : ""}`, () => {
      fc.assert(
        fc.property(
          inputs("ports", inexact),
          fc.array(fc.tuple(fc.nat(20), filters("ports", { inexact }), places), {
            minLength: 1,
            maxLength: 4,
          }),
          (input, edits) => {
            const checker = createMatrixChecker(input);
            let { rules } = input.filter;
            for (const [at, other, where] of edits) {
              const place = at % rules.length;
              const body = other.rules[0];
              if (body === undefined) continue;
              const matches = body.matches.map((match) => ({ ...match, ...where }));
              const rule: FilterRule = { ...body, matches, id: rules[place]?.id ?? "" };
              rules = rules.with(place, rule);
              const fresh = createMatrixChecker({ ...input, filter: { ...input.filter, rules } }).report();
              const again = checker.replaceRule(rule);
              expect(spell(again)).toEqual(spell(fresh));
              expect(again.pairs).toBe(fresh.pairs);
              expect(again.verdict).toBe(fresh.verdict);
            }
          },
        ),
        { numRuns: 80 },
      );
    });
  }

  test("keeps the ends of ranges when a new address cuts through them", () => {
    const zone = (id: string, lo: bigint, hi: bigint): FlowZone => ({ id, ranges: [{ family: 4, lo, hi }] });
    const rule = (id: string, action: "permit" | "deny", lo: bigint, hi: bigint): FilterRule => {
      return { id, action, matches: [{ dst: [{ family: 4, lo, hi }] }], exact: true };
    };
    const rules = [
      rule("r0", "deny", 100n, 199n),
      rule("r1", "permit", 100n, 199n),
      rule("r2", "deny", 0n, 9n),
    ];
    const checker = createMatrixChecker({
      zones: [zone("a", 0n, 9n), zone("b", 100n, 199n)],
      cells: [],
      filter: { rules, defaultAction: "deny" },
    });
    expect(checker.report().verdict).toBe("proved");
    expect(checker.replaceRule(rule("r2", "deny", 150n, 159n)).verdict).toBe("proved");
    const report = checker.replaceRule(rule("r0", "deny", 100n, 149n));
    expect(spell(report)).toEqual(["a b r1 violated"]);
    expect(report.violations[0]?.box.dst).toEqual({ family: 4, lo: 150n, hi: 199n });
  });

  test("shows the packet from guest to server that a careless rule lets through", () => {
    const tcp = (lo: number, hi: number): Match => ({
      protocols: [{ lo: 6, hi: 6 }],
      dstPorts: [{ lo, hi }],
    });
    const guest = prefixRange(4, 0x0a015a00n, 24);
    const server = prefixRange(4, 0x0a011400n, 24);
    const rules: FilterRule[] = [
      { id: "r1", action: "deny", matches: [{ src: [guest], ...tcp(445, 445) }], exact: true },
      {
        id: "r2",
        action: "permit",
        matches: [{ src: [guest], dst: [server], ...tcp(443, 445) }],
        exact: true,
      },
    ];
    const input: MatrixInput = {
      zones: [
        { id: "guest", ranges: [guest] },
        { id: "server", ranges: [server] },
      ],
      cells: [{ from: "guest", to: "server", allowed: [tcp(443, 443)] }],
      filter: { rules, defaultAction: "deny" },
    };
    const checker = createMatrixChecker(input, { hints: { hosts: [{ family: 4, address: 0x0a015a0an }] } });
    expect(checker.report()).toMatchObject({ verdict: "violated", cells: 4, pairs: 1 });
    const [violation] = checker.report().violations;
    expect(violation).toMatchObject({ from: "guest", to: "server", rule: "r2", verdict: "violated" });
    expect(violation?.witness).toMatchObject({ src: 0x0a015a0an, dstPort: 444, protocol: 6, state: "new" });
    const mended: FilterRule = {
      id: "r2",
      action: "permit",
      matches: [{ src: [guest], ...tcp(443, 443) }],
      exact: true,
    };
    expect(checker.replaceRule(mended).verdict).toBe("proved");
    expect(() => checker.replaceRule({ ...mended, id: "r9" })).toThrow("no rule r9");
  });
});
