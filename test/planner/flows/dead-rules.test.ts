import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadRules } from "../../../src/planner/flows/dead-rules.ts";
import type { FilterList, Packet } from "../../../src/planner/flows/types.ts";
import type { Theme } from "./small-world.ts";
import { allPackets, engines, filters, firstMatch, ruleMatches, truths, verdictOf } from "./small-world.ts";

const themes: readonly Theme[] = ["ports", "states"];

/** What dead rules of earlier ones must look like, by trying every packet. */
function bruteEarlier(list: FilterList, packets: readonly Packet[]): Map<string, string> {
  const matched = list.rules.map((rule) => packets.filter((packet) => ruleMatches(rule, packet)));
  const dead = new Map<string, string>();
  for (const [place, rule] of list.rules.entries()) {
    const own = matched[place] ?? [];
    if (own.some((packet) => firstMatch(list, packet) === rule)) continue;
    const twin = list.rules.slice(0, place).some((earlier, index) => {
      const other = matched[index] ?? [];
      return (
        earlier.action === rule.action && other.length === own.length && other.every((p, k) => p === own[k])
      );
    });
    const shadowed = own.some((packet) => verdictOf(list, packet) !== rule.action);
    if (own.length === 0) dead.set(rule.id, "RUL-017");
    else if (twin) dead.set(rule.id, "RUL-016");
    else dead.set(rule.id, shadowed ? "RUL-001" : "RUL-002");
  }
  return dead;
}

/** Takes rules out one by one, first to last, where no packet that a later rule takes notices. */
function bruteLater(list: FilterList, gone: ReadonlySet<string>, packets: readonly Packet[]): string[] {
  const removed = new Set(gone);
  const found: string[] = [];
  for (const [place, rule] of list.rules.entries()) {
    if (removed.has(rule.id)) continue;
    const later = list.rules.slice(place + 1).filter((other) => !removed.has(other.id));
    const current = { ...list, rules: list.rules.filter((other) => !removed.has(other.id)) };
    const needless = packets.every((packet) => {
      if (firstMatch(current, packet) !== rule) return true;
      return later.find((other) => ruleMatches(other, packet))?.action === rule.action;
    });
    if (!needless) continue;
    removed.add(rule.id);
    found.push(rule.id);
  }
  return found;
}

describe("a rule that does nothing is found", () => {
  for (const theme of themes) {
    const packets = allPackets(theme);
    for (const options of engines) {
      test(`exactly as by trying every packet (${theme}, ${options.engine})`, () => {
        fc.assert(
          fc.property(filters(theme), (list) => {
            const report = deadRules(list, options);
            expect(report.unknown).toEqual([]);
            const earlier = report.dead.filter((dead) => dead.because !== "later");
            const wanted = bruteEarlier(list, packets);
            expect(new Map(earlier.map((dead) => [dead.rule, dead.code]))).toEqual(wanted);
            const later = report.dead.filter((dead) => dead.because === "later").map((dead) => dead.rule);
            expect(later).toEqual(bruteLater(list, new Set(wanted.keys()), packets));
          }),
          { numRuns: 120 },
        );
      });
    }

    test(`and all of them can go at once without changing a verdict (${theme})`, () => {
      fc.assert(
        fc.property(filters(theme), fc.boolean(), (list, countDefault) => {
          const dead = new Set(deadRules(list, { countDefault }).dead.map((item) => item.rule));
          const rest = { ...list, rules: list.rules.filter((rule) => !dead.has(rule.id)) };
          for (const packet of packets) expect(verdictOf(rest, packet)).toBe(verdictOf(list, packet));
        }),
        { numRuns: 120 },
      );
    });

    test(`with rules that really cover it, and a packet that is decided otherwise (${theme})`, () => {
      fc.assert(
        fc.property(filters(theme), (list) => {
          const byId = new Map(list.rules.map((rule) => [rule.id, rule]));
          for (const dead of deadRules(list).dead) {
            const rule = byId.get(dead.rule);
            if (rule === undefined) throw new Error("unknown rule");
            const cover = dead.covering.flatMap((id) => byId.get(id) ?? []);
            const taken = packets.filter((packet) => ruleMatches(rule, packet));
            const open = dead.because === "later" ? taken.filter((p) => firstMatch(list, p) === rule) : taken;
            for (const packet of open) expect(cover.some((other) => ruleMatches(other, packet))).toBe(true);
            if (dead.witness === undefined) continue;
            expect(ruleMatches(rule, dead.witness.packet)).toBe(true);
            expect(firstMatch(list, dead.witness.packet)?.id).toBe(dead.witness.decidedBy);
            expect(verdictOf(list, dead.witness.packet)).not.toBe(rule.action);
          }
        }),
        { numRuns: 120 },
      );
    });
  }
});

describe("a rule that may or may not match", () => {
  const packets = allPackets("ports");
  for (const options of engines) {
    test(`never makes another one look dead that is not, whatever the conditions say (${options.engine})`, () => {
      fc.assert(
        fc.property(filters("ports", { inexact: true }), fc.constantFrom(0, 1, 32), (list, conditionAxes) => {
          const report = deadRules(list, { ...options, conditionAxes });
          const gone = new Set(report.dead.map((dead) => dead.rule));
          const rest = { ...list, rules: list.rules.filter((rule) => !gone.has(rule.id)) };
          const early = new Set(
            report.dead.filter((dead) => dead.because !== "later").map((dead) => dead.rule),
          );
          for (const truth of truths(list)) {
            for (const packet of packets) {
              expect(early.has(firstMatch(list, packet, truth)?.id ?? "")).toBe(false);
              expect(verdictOf(rest, packet, truth)).toBe(verdictOf(list, packet, truth));
            }
          }
        }),
        { numRuns: 80 },
      );
    });
  }

  test("covers nothing, but is dead below a rule that takes all it could match", () => {
    const any = [{}];
    const tcp = [{ protocols: [{ lo: 6, hi: 6 }] }];
    const list: FilterList = {
      defaultAction: "deny",
      rules: [
        { id: "app", action: "deny", matches: any, exact: false },
        { id: "tcp", action: "permit", matches: tcp, exact: true },
        { id: "app tcp", action: "permit", matches: tcp, exact: false },
      ],
    };
    expect(deadRules(list).dead.map(({ rule, code }) => [rule, code])).toEqual([["app tcp", "RUL-002"]]);
  });

  test("covers another one that asks the same", () => {
    const list: FilterList = {
      defaultAction: "deny",
      rules: [
        { id: "a", action: "permit", matches: [{}], exact: false, condition: "app web" },
        { id: "b", action: "deny", matches: [{}], exact: false, condition: "app web" },
        { id: "c", action: "deny", matches: [{}], exact: false, condition: "app mail" },
      ],
    };
    expect(deadRules(list).dead.map(({ rule, code }) => [rule, code])).toEqual([["b", "RUL-001"]]);
  });
});

test("two rules together shadow a third that neither shadows alone", () => {
  const ports = (lo: number, hi: number) => [{ protocols: [{ lo: 6, hi: 6 }], dstPorts: [{ lo, hi }] }];
  const list: FilterList = {
    defaultAction: "deny",
    rules: [
      { id: "low", action: "deny", matches: ports(0, 1023), exact: true },
      { id: "high", action: "deny", matches: ports(1024, 65535), exact: true },
      { id: "web", action: "permit", matches: ports(80, 8080), exact: true },
    ],
  };
  const [dead] = deadRules(list).dead;
  expect(dead).toMatchObject({ code: "RUL-001", rule: "web", covering: ["low", "high"], because: "earlier" });
  expect(dead?.witness).toMatchObject({
    decidedBy: "low",
    packet: { protocol: 6, dstPort: 443, srcPort: 49152 },
  });
});

test("a search that runs out of budget says unknown, never fine", () => {
  const rules = Array.from({ length: 40 }, (_, k) => ({
    id: `r${k}`,
    action: "permit" as const,
    exact: true,
    matches: [
      {
        dstPorts: [{ lo: k, hi: 65535 - ((k * 7919) % 30000) }],
        srcPorts: [{ lo: (k * 31) % 97, hi: 60000 + k }],
      },
    ],
  }));
  const list: FilterList = { rules, defaultAction: "deny" };
  const sure = deadRules(list);
  expect(sure.unknown).toEqual([]);
  for (const engine of ["auto", "cubes", "diagram"] as const) {
    const report = deadRules(list, { engine, stepBudget: 1, nodeBudget: 1 });
    expect(report.unknown.length).toBeGreaterThan(0);
    expect(report.unknown[0]?.reason).toBe("budget");
    for (const dead of report.dead) expect(sure.dead.map((item) => item.rule)).toContain(dead.rule);
  }
});
