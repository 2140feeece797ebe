import { expect, test } from "vitest";
import type { Finding } from "../../../src/model/finding.ts";
import type { Waiver } from "../../../src/model/policy.ts";
import type { Site } from "../../../src/model/site.ts";
import { applyWaivers } from "../../../src/planner/checks/waivers.ts";
import { practiceSite } from "./site-factory.ts";

const finding = (change: Partial<Finding> = {}): Finding => ({
  code: "MGT-005",
  severity: "warning",
  message: "sw-1: idle sessions end after 15 minutes",
  hint: "write idleTimeout: 10m",
  where: { file: "inventory/acme/hq/devices/sw-1.yaml", line: 3, column: 1 },
  ...change,
});

const waiver = (change: Partial<Waiver> = {}): Waiver => ({
  id: "W1",
  code: "MGT-005",
  owner: "li.wei",
  reason: "kiosk",
  expires: "2027-01-01",
  origin: { file: "policies/acme/waivers.yaml", line: 1, column: 1 },
  ...change,
});

const site = (...waivers: Waiver[]): Site => ({ ...practiceSite(), waivers });
const options = { today: "2026-11-22", complete: true };
const codes = (problems: readonly Finding[]) =>
  problems.map((problem) => `${problem.code} ${problem.severity}`);

test("a waiver is noted at the finding that it covers, with owner and end", () => {
  const { findings, problems } = applyWaivers([finding()], [site(waiver({ ticket: "T-1" }))], options);
  expect(findings[0]?.waiver).toEqual({
    owner: "li.wei",
    reason: "kiosk",
    ticket: "T-1",
    expires: "2027-01-01",
  });
  expect(problems).toEqual([]);
});

test("a waiver of the last day still holds, one of yesterday is an error and holds no more", () => {
  const last = applyWaivers([finding()], [site(waiver({ expires: "2026-11-22" }))], options);
  expect(last.findings[0]?.waiver).toBeDefined();
  const over = applyWaivers([finding()], [site(waiver({ expires: "2026-11-21" }))], options);
  expect(over.findings[0]?.waiver).toBeUndefined();
  expect(codes(over.problems)).toEqual(["WVR-EXPIRED error"]);
  expect(over.problems[0]?.where).toEqual(waiver().origin);
});

test("a waiver that matches nothing is a warning, unless only a part was looked at", () => {
  expect(codes(applyWaivers([], [site(waiver())], options).problems)).toEqual(["WVR-UNUSED warning"]);
  expect(applyWaivers([], [site(waiver())], { ...options, complete: false }).problems).toEqual([]);
});

test.each(["L2-099", "MGT005", "mgt-005", "RUL-20"])(
  "a waiver for %s, which no check reports, is an error",
  (code) => {
    expect(codes(applyWaivers([], [site(waiver({ code }))], options).problems)).toEqual([
      "WVR-UNKNOWN-CODE error",
    ]);
  },
);

test("codes of other stages may be waived; with their list, only those", () => {
  expect(codes(applyWaivers([], [site(waiver({ code: "LAG-SPLIT" }))], options).problems)).toEqual([
    "WVR-UNUSED warning",
  ]);
  const otherCodes = new Set(["LAG-MEMBERS"]);
  expect(
    codes(applyWaivers([], [site(waiver({ code: "LAG-SPLIT" }))], { ...options, otherCodes }).problems),
  ).toEqual(["WVR-UNKNOWN-CODE error"]);
});

test.each([
  ["acme/hq", true],
  ["acme/hq/sw-1", true],
  ["hq", true],
  ["hq/sw-1", true],
  ["acme/hq/sw-2", false],
  ["acme/branch", false],
])("the scope %s covers a finding of acme/hq/sw-1: %s", (scope, covered) => {
  const { findings } = applyWaivers([finding()], [site(waiver({ scope }))], options);
  expect(findings[0]?.waiver !== undefined).toBe(covered);
});

test("a word that the message does not hold keeps the next mistake visible", () => {
  const { findings } = applyWaivers([finding()], [site(waiver({ match: "sw-2" }))], options);
  expect(findings[0]?.waiver).toBeUndefined();
});

test("a finding at a place of a device's configuration is covered by the device's scope", () => {
  const onDevice = finding({ where: { device: "acme/hq/sw-1", line: 4 } });
  expect(
    applyWaivers([onDevice], [site(waiver({ scope: "hq/sw-1" }))], options).findings[0]?.waiver,
  ).toBeDefined();
});

test("a client cannot waive what is the provider's or another client's", () => {
  const shared = finding({ where: { file: "inventory/provider.yaml", line: 1, column: 1 } });
  const foreign = finding({ where: { file: "inventory/globex/hq/site.yaml", line: 1, column: 1 } });
  const { findings } = applyWaivers([shared, foreign], [site(waiver())], options);
  expect(findings.map((each) => each.waiver)).toEqual([undefined, undefined]);
});

test("a waiver that every site of the client holds is told once", () => {
  const two = [site(waiver()), { ...site(waiver()), id: "acme/branch", site: "branch" }];
  expect(applyWaivers([], two, options).problems).toHaveLength(1);
});
