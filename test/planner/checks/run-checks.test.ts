import { expect, test } from "vitest";
import { workspaceOfTexts } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import type { Site } from "../../../src/model/site.ts";
import { explainCheck } from "../../../src/planner/checks/explain.ts";
import { compareVersions } from "../../../src/planner/checks/lib/version.ts";
import { weakPoints } from "../../../src/planner/checks/lib/weak-points.ts";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { BASE } from "../../errors/base-workspace.ts";
import { ROWS as ERROR_ROWS } from "../../errors/table.ts";
import { cleanWorld, deviceOf, inputOf } from "./world.ts";

test("what was not rendered is not evaluated, and says which device", () => {
  const { sites, input } = inputOf(cleanWorld());
  const rendered = new Map(input.rendered);
  rendered.delete("acme/hq/sw-1");
  const report = runChecks(sites, { ...input, rendered });
  const ssh = report.notEvaluated.find((entry) => entry.id === "MGT-001");
  expect(ssh).toEqual({
    id: "MGT-001",
    reason: "no rendered configuration of acme/hq/sw-1",
    more: 0,
    sites: ["acme/hq"],
  });
  expect(report.evaluated).not.toContain("MGT-001");
});

test("without any rendering no check that needs one passes in silence", () => {
  const { sites, input } = inputOf(cleanWorld());
  const report = runChecks(sites, { ...input, rendered: new Map() });
  for (const id of ["MGT-001", "MGT-018", "L2-004", "L2-016", "CRD-003", "SYS-005", "ZON-010", "CHG-004"])
    expect(report.notEvaluated.map((entry) => entry.id)).toContain(id);
});

test("without facts the checks that need them are not evaluated", () => {
  const { sites, input } = inputOf(cleanWorld());
  const report = runChecks(sites, { ...input, facts: new Map() });
  const ids = report.notEvaluated
    .filter((entry) => !entry.reason.startsWith("waits for"))
    .map((entry) => entry.id);
  expect(ids).toEqual(["RED-005", "RED-007", "AST-005", "SYS-002", "SYS-003"]);
});

test("a platform that a check knows nothing of is not evaluated", () => {
  const world = cleanWorld();
  Object.assign(deviceOf(world, "sw-1"), { platform: "future-os" });
  const { sites, input } = inputOf(world);
  const entry = runChecks(sites, input).notEvaluated.find(({ id }) => id === "MGT-001");
  expect(entry?.reason).toBe("no table for the platform future-os (acme/hq/sw-1)");
});

test("zone proofs that were not run leave their ids not evaluated", () => {
  const { sites, input } = inputOf(cleanWorld());
  const report = runChecks(sites, { ...input, proved: false });
  const ids = report.notEvaluated.filter(({ reason }) => reason.includes("proofs")).map(({ id }) => id);
  expect(ids).toEqual([
    "ZON-005",
    "ZON-006",
    "ZON-011",
    "RUL-001",
    "RUL-002",
    "RUL-003",
    "RUL-016",
    "RUL-017",
  ]);
});

test("a mistake in a shared file is told once for all sites that build upon it", () => {
  const world = cleanWorld();
  world.site.policy.matrix.default.access = "allow-all";
  const twin = structuredClone(world.site) as unknown as Site;
  const { sites, input } = inputOf(world);
  const report = runChecks([...sites, { ...twin, id: "acme/branch", site: "branch" }], input);
  expect(report.findings.filter(({ code }) => code === "ZON-004")).toHaveLength(1);
});

test("the same input gives the same bytes, and nothing of it is changed", () => {
  const world = cleanWorld();
  for (const device of world.site.devices) device.system.idleTimeoutMinutes = 0;
  const { sites, input } = inputOf(world);
  const before = JSON.stringify(sites);
  const first = JSON.stringify(runChecks(sites, input));
  expect(JSON.stringify(runChecks(structuredClone(sites), input))).toBe(first);
  expect(JSON.stringify(sites)).toBe(before);
});

test("explain prints a page in the language that was asked for, and nothing for an id that is none", () => {
  expect(explainCheck("mgt-005", "en")).toContain("# MGT-005 Idle sessions end within 10 minutes");
  expect(explainCheck("MGT-005", "zh")).toContain("## 如何修复");
  expect(explainCheck("L2-020", "en")).toContain("Will read: the LLDP");
  expect(explainCheck("wvr-expired", "zh")).toContain("豁免已过期");
  expect(explainCheck("MGT-099", "en")).toBeUndefined();
});

test.each([
  ["17.9.4", "17.12.1", -1],
  ["17.9.4a", "17.9.4", 1],
  ["7.10", "7.9", 1],
  ["V200R021C00", "V200R021C00", 0],
  ["12.0rc1", "12.0", -1],
  ["21.4R3-S5", "21.4R3", 1],
])("version %s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
});

test("a ring has no weak point, a chain has all of its middle, two cables between two boxes stand in for each other", () => {
  const where = { file: "inventory/acme/hq/devices/a.yaml", line: 1, column: 1 };
  const cable = (a: string, b: string, port = "1") => ({
    a: { device: a, port },
    b: { device: b, port },
    vlans: [],
    origin: where,
  });
  const names = ["a", "b", "c", "d"];
  const ring = [cable("a", "b"), cable("b", "c"), cable("c", "d"), cable("a", "d")];
  expect(weakPoints(names, ring)).toEqual({ boxes: [], cables: [] });
  const chain = weakPoints(names, ring.slice(0, 3));
  expect(chain.boxes).toEqual(["b", "c"]);
  expect(chain.cables).toHaveLength(3);
  const twice = weakPoints(["a", "b"], [cable("a", "b"), cable("a", "b", "2")]);
  expect(twice).toEqual({ boxes: [], cables: [] });
});

test("checks say something, and never fall over, on sites whose files are spoiled", () => {
  for (const row of ERROR_ROWS) {
    const before = BASE.get(row.file) ?? "";
    const text = row.from === undefined ? row.to : before.replace(row.from, () => row.to);
    const { sites } = resolveWorkspace(workspaceOfTexts("/", new Map([...BASE, [row.file, text]])));
    const report = runChecks(sites, { today: "2026-11-22" });
    expect(report.evaluated.length + report.notEvaluated.length, row.title).toBe(146);
    for (const finding of report.findings)
      expect(finding.message, row.title).not.toMatch(/undefined|NaN|\[object/);
  }
});

test("a message stays one line of at most 100 characters, whatever things are called", () => {
  const world = cleanWorld();
  const device = deviceOf(world, "sw-1");
  device.name = `sw-${"very-long-".repeat(12)}1`;
  device.system.idleTimeoutMinutes = 0;
  const { sites, input } = inputOf(world);
  const { findings } = runChecks(sites, input);
  const idle = findings.find(({ code }) => code === "MGT-005");
  expect(idle?.message).toHaveLength(100);
  expect(idle?.message.endsWith("…")).toBe(true);
});
