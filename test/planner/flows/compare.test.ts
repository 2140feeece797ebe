import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareFilters, permittedSet } from "../../../src/planner/flows/compare.ts";
import { partialConflicts } from "../../../src/planner/flows/conflicts.ts";
import { prefixRange } from "../../../src/planner/flows/ranges.ts";
import {
  areSubsets,
  everything,
  intersection,
  isEmpty,
  isSubset,
  matching,
  minus,
  nothing,
  permitted,
  union,
} from "../../../src/planner/flows/region.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";
import type { FilterList, FilterRule, Flow, Packet, Region } from "../../../src/planner/flows/types.ts";
import type { Theme } from "./small-world.ts";
import { allPackets, boxHolds, engines, filters, ruleMatches, truths, verdictOf } from "./small-world.ts";

const themes: readonly Theme[] = ["ports", "states"];
const runs = { numRuns: 80 };

/** Axes for unmodelled conditions: none, fewer than there are conditions, enough. */
const axes = fc.constantFrom(0, 1, 32);

/** An edited version: some rules gone, moved or new. */
function versions(theme: Theme, inexact = false): fc.Arbitrary<readonly [FilterList, FilterList]> {
  return fc
    .tuple(
      filters(theme, { inexact }),
      filters(theme, { inexact }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    )
    .map(([old, other, keep]) => {
      const kept = old.rules.filter((_, place) => keep[place % 8]);
      const added = other.rules.slice(0, 2).map((rule) => ({ ...rule, id: `new ${rule.id}` }));
      const defaultAction = keep[0] === true ? old.defaultAction : other.defaultAction;
      return [old, { rules: [...added, ...kept], defaultAction }] as const;
    });
}

function inSome(flows: readonly Flow[], packet: Packet): boolean {
  return flows.some((flow) => boxHolds(flow.box, packet));
}

describe("comparing two versions of a filter", () => {
  for (const theme of themes) {
    const packets = allPackets(theme);
    for (const options of engines) {
      test(`lists exactly the packets that opened and closed (${theme}, ${options.engine})`, () => {
        fc.assert(
          fc.property(versions(theme), ([old, next]) => {
            const result = compareFilters(old, next, options);
            expect(result.verdict).toBe("proved");
            for (const packet of packets) {
              const before = verdictOf(old, packet) === "permit";
              const after = verdictOf(next, packet) === "permit";
              expect(inSome(result.opened, packet)).toBe(after && !before);
              expect(inSome(result.closed, packet)).toBe(before && !after);
            }
            for (const flow of result.opened) {
              expect(boxHolds(flow.box, flow.witness)).toBe(true);
              expect(testPacket(old, flow.witness).verdict).toBe("deny");
              expect(testPacket(next, flow.witness).verdict).toBe("permit");
            }
          }),
          runs,
        );
      });
    }
  }

  test("says unknown where an unmodelled condition decides, and stays silent where nothing changed", () => {
    const packets = allPackets("ports");
    fc.assert(
      fc.property(versions("ports", true), axes, ([old, next], conditionAxes) => {
        const result = compareFilters(old, next, { conditionAxes });
        const ways = truths(old, next);
        const sure = result.opened.filter((flow) => flow.certain);
        for (const packet of packets) {
          const opened = ways.map(
            (t) => verdictOf(next, packet, t) === "permit" && verdictOf(old, packet, t) === "deny",
          );
          if (opened.some(Boolean)) expect(inSome(result.opened, packet)).toBe(true);
          if (inSome(sure, packet)) expect(opened.every(Boolean)).toBe(true);
          if (result.verdict === "proved") expect(inSome(result.opened, packet)).toBe(opened.some(Boolean));
        }
        expect(compareFilters(old, old, { conditionAxes })).toEqual({
          opened: [],
          closed: [],
          verdict: "proved",
        });
      }),
      runs,
    );
  });

  test("an inexact rule that stays keeps out of the answer; its own end shows as uncertain", () => {
    const app: FilterRule = {
      id: "app",
      action: "permit",
      matches: [{}],
      exact: false,
      condition: "app web",
    };
    const ssh: FilterRule = {
      id: "ssh",
      action: "permit",
      matches: [{ family: 4, protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: 22, hi: 22 }] }],
      exact: true,
    };
    const list = (...rules: FilterRule[]): FilterList => ({ rules, defaultAction: "deny" });
    const same = compareFilters(list(app), list(app, ssh));
    expect(same.closed).toEqual([]);
    expect(same.opened.map((flow) => [flow.box.dstPorts, flow.box.conditions])).toEqual([
      [{ lo: 22, hi: 22 }, [{ condition: "app web", holds: false }]],
    ]);
    expect(same.verdict).toBe("unknown");
    expect(compareFilters(list(app, ssh), list(ssh)).closed.every((flow) => !flow.certain)).toBe(true);
  });

  test("one new permit is one box, with the known host and the usual port", () => {
    const rule = (id: string, dst: bigint, length: number): FilterRule => ({
      id,
      action: "permit",
      exact: true,
      matches: [
        {
          src: [prefixRange(4, 0x0a010a00n, 24)],
          dst: [prefixRange(4, dst, length)],
          protocols: [{ lo: 6, hi: 6 }],
          dstPorts: [{ lo: 1, hi: 4000 }],
        },
      ],
    });
    const old: FilterList = { rules: [rule("a", 0x0a011400n, 25)], defaultAction: "deny" };
    const next: FilterList = { rules: [rule("a", 0x0a011400n, 24)], defaultAction: "deny" };
    const hints = { hosts: [{ family: 4 as const, address: 0x0a0114f0n }] };
    const { opened, closed } = compareFilters(old, next, { hints });
    expect(closed).toEqual([]);
    expect(opened.length).toBe(1);
    expect(opened[0]?.box.dst).toEqual({ family: 4, lo: 0x0a011480n, hi: 0x0a0114ffn });
    expect(opened[0]?.witness).toMatchObject({
      tcpFlags: 2,
      dst: 0x0a0114f0n,
      dstPort: 443,
      srcPort: 49152,
      state: "new",
    });
  });

  test("a change that moves no packet is no change, however the rules are written", () => {
    const half = (id: string, base: bigint, length: number): FilterRule => ({
      id,
      action: "permit",
      exact: true,
      matches: [{ src: [prefixRange(4, base, length)] }],
    });
    const old: FilterList = { rules: [half("all", 0x0a000000n, 8)], defaultAction: "deny" };
    const next: FilterList = {
      rules: [half("low", 0x0a000000n, 9), half("high", 0x0a800000n, 9)],
      defaultAction: "deny",
    };
    expect(compareFilters(old, next)).toEqual({ opened: [], closed: [], verdict: "proved" });
    const { flows } = permittedSet(next);
    expect(flows.map((flow) => flow.box.src)).toEqual([{ family: 4, lo: 0x0a000000n, hi: 0x0affffffn }]);
  });
});

describe("regions", () => {
  const packets = allPackets("ports");
  type Check = (packet: Packet) => boolean;
  const region: fc.Arbitrary<{ region: Region; holds: Check }> = fc.letrec((tie) => ({
    leaf: filters("ports").map((list) => ({
      region: permitted(list),
      holds: (packet: Packet) => verdictOf(list, packet) === "permit",
    })),
    node: fc.oneof(
      { maxDepth: 2 },
      tie("leaf"),
      fc.constant({ region: everything, holds: () => true }),
      fc.constant({ region: nothing, holds: () => false }),
      fc
        .tuple(tie("node"), tie("node"), fc.constantFrom("union", "intersection", "minus"))
        .map(([left, right, kind]) => {
          const a = left as { region: Region; holds: Check };
          const b = right as { region: Region; holds: Check };
          if (kind === "union")
            return { region: union(a.region, b.region), holds: (p: Packet) => a.holds(p) || b.holds(p) };
          if (kind === "minus")
            return { region: minus(a.region, b.region), holds: (p: Packet) => a.holds(p) && !b.holds(p) };
          return { region: intersection(a.region, b.region), holds: (p: Packet) => a.holds(p) && b.holds(p) };
        }),
    ),
  })).node as fc.Arbitrary<{ region: Region; holds: Check }>;

  for (const options of engines) {
    test(`are empty, or inside each other, exactly when no packet says otherwise (${options.engine})`, () => {
      fc.assert(
        fc.property(region, region, (a, b) => {
          const empty = isEmpty(a.region, options);
          expect(empty.verdict).toBe(packets.some(a.holds) ? "violated" : "proved");
          if (empty.witness !== undefined) expect(a.holds(empty.witness)).toBe(true);
          const inside = isSubset(a.region, b.region, options);
          const outside = packets.some((packet) => a.holds(packet) && !b.holds(packet));
          expect(inside.verdict).toBe(outside ? "violated" : "proved");
          if (inside.witness !== undefined) {
            expect(a.holds(inside.witness) && !b.holds(inside.witness)).toBe(true);
          }
        }),
        runs,
      );
    });
  }

  test("with unmodelled conditions are never called proved when a packet may say otherwise", () => {
    fc.assert(
      fc.property(
        versions("ports", true),
        fc.constantFrom(...engines),
        axes,
        ([a, b], engine, conditionAxes) => {
          const options = { ...engine, conditionAxes };
          const proof = isSubset(permitted(a), permitted(b), options);
          const ways = truths(a, b);
          const broken = packets.map((packet) =>
            ways.map((t) => verdictOf(a, packet, t) === "permit" && verdictOf(b, packet, t) === "deny"),
          );
          if (proof.verdict === "proved") expect(broken.flat().some(Boolean)).toBe(false);
          if (proof.verdict === "violated") expect(broken.some((all) => all.every(Boolean))).toBe(true);
          if (proof.verdict === "unknown" && conditionAxes === 32)
            expect(broken.flat().some(Boolean)).toBe(true);
          if (proof.witness !== undefined && proof.verdict === "violated") {
            const { witness } = proof;
            const ways = truths(a, b);
            expect(
              ways.every((t) => verdictOf(a, witness, t) === "permit" && verdictOf(b, witness, t) === "deny"),
            ).toBe(true);
          }
        },
      ),
      runs,
    );
  });

  test("a step of an edit that opens more than before and after is caught, with the packet", () => {
    const rule = (id: string, action: "permit" | "deny", port: number): FilterRule => ({
      id,
      action,
      exact: true,
      matches: [{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: port, hi: port }] }],
    });
    const others = Array.from({ length: 40 }, (_, k) => rule(`r${k}`, "permit", 1000 + k));
    const all: FilterRule = { id: "all", action: "permit", matches: [{}], exact: true };
    const block = rule("block", "deny", 23);
    const list = (...rules: FilterRule[]): FilterList => ({ rules, defaultAction: "deny" });
    const before = list(...others, block, all);
    const after = list(block, ...others, all);
    const open = list(...others, all);
    const bounds = union(permitted(before), permitted(after));
    const proofs = areSubsets([
      { inner: permitted(open), outer: bounds },
      { inner: permitted(list(block, ...others, block, all)), outer: bounds },
    ]);
    expect(proofs.map((proof) => proof.verdict)).toEqual(["violated", "proved"]);
    expect(proofs[0]?.witness).toMatchObject({ protocol: 6, dstPort: 23 });
    expect(isSubset(permitted(open), bounds).verdict).toBe("violated");
  });

  test("a matched set is the packets that its conditions match", () => {
    const web = matching([{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: 80, hi: 80 }] }]);
    const tcp = matching([{ protocols: [{ lo: 6, hi: 6 }] }]);
    expect(isSubset(web, tcp).verdict).toBe("proved");
    expect(isSubset(tcp, web).verdict).toBe("violated");
  });

  test("more inexact rules than there are axes stay unknown rather than wrong", () => {
    const rules = Array.from({ length: 50 }, (_, k): FilterRule => {
      const matches = [{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: k, hi: k }] }];
      return { id: `r${k}`, action: k % 2 === 0 ? "permit" : "deny", matches, exact: false };
    });
    const list: FilterList = {
      rules: [
        ...rules,
        {
          id: "tcp",
          action: "permit",
          matches: [{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: 0, hi: 49 }] }],
          exact: true,
        },
      ],
      defaultAction: "deny",
    };
    for (let port = 0; port < 50; port += 1) {
      const one = matching([{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo: port, hi: port }] }]);
      for (const options of engines) {
        expect(isSubset(one, permitted(list), options).verdict).toBe(port % 2 === 0 ? "proved" : "unknown");
      }
    }
  });
});

test("partial conflicts are the pairs that overlap, disagree, and hold each other neither way", () => {
  const packets = allPackets("ports");
  fc.assert(
    fc.property(filters("ports"), fc.constantFrom(...engines), (list, options) => {
      const matched = list.rules.map(
        (rule) => new Set(packets.filter((packet) => ruleMatches(rule, packet))),
      );
      const wanted: string[] = [];
      for (const [later, rule] of list.rules.entries()) {
        for (const [earlier, other] of list.rules.slice(0, later).entries()) {
          if (other.action === rule.action) continue;
          const a = matched[earlier] ?? new Set();
          const b = matched[later] ?? new Set();
          const common = [...a].filter((packet) => b.has(packet)).length;
          const crossing = common > 0 && common < a.size && common < b.size;
          if (crossing) wanted.push(`${other.id} ${rule.id}`);
        }
      }
      const report = partialConflicts(list, options);
      expect(report.conflicts.map((conflict) => `${conflict.earlier} ${conflict.later}`)).toEqual(wanted);
      expect(report.total).toBe(wanted.length);
      for (const { earlier, later, witness } of report.conflicts) {
        for (const id of [earlier, later]) {
          const rule = list.rules.find((item) => item.id === id);
          expect(rule !== undefined && ruleMatches(rule, witness)).toBe(true);
        }
      }
    }),
    runs,
  );
});
