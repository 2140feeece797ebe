import { expect, test } from "vitest";
import type { Finding } from "../../../src/model/finding.ts";
import {
  compareBaseline,
  createBaseline,
  fingerprints,
  parseBaseline,
} from "../../../src/planner/checks/baseline.ts";
import { sarifLog } from "../../../src/report/sarif.ts";

const finding = (line: number, change: Partial<Finding> = {}): Finding => ({
  code: "RUL-007",
  severity: "warning",
  message: "R0012 has no ticket",
  hint: "write ticket: …",
  where: { file: "inventory/acme/hq/rules.yaml", line, column: 3 },
  ...change,
});

test("a finding whose line moved is still known", () => {
  const baseline = createBaseline([finding(10)]);
  expect(compareBaseline([finding(99)], baseline).fresh).toEqual([]);
});

test("another message, file or code is new", () => {
  const baseline = createBaseline([finding(10)]);
  const others = [
    finding(10, { message: "R0013 has no ticket" }),
    finding(10, { where: { file: "inventory/acme/branch/rules.yaml", line: 10, column: 3 } }),
    finding(10, { code: "RUL-009" }),
  ];
  expect(compareBaseline(others, baseline).fresh).toEqual(others);
});

test("a second finding that is the same as a known one is new", () => {
  const baseline = createBaseline([finding(10)]);
  const result = compareBaseline([finding(10), finding(20)], baseline);
  expect(result.known).toHaveLength(1);
  expect(result.fresh).toHaveLength(1);
});

test("what was mended is named, so that it can be taken out", () => {
  const baseline = createBaseline([finding(10)]);
  expect(compareBaseline([], baseline).gone.map((entry) => entry.fingerprint)).toEqual(
    fingerprints([finding(1)]),
  );
});

test("a baseline has the same bytes whatever the order of findings, and needs no waived ones", () => {
  const one = finding(1);
  const two = finding(2, { code: "RUL-009" });
  const waived = finding(3, { code: "RUL-015", waiver: { owner: "a", reason: "b", expires: "2027-01-01" } });
  expect(JSON.stringify(createBaseline([one, two, waived]))).toBe(JSON.stringify(createBaseline([two, one])));
});

test("a baseline survives its file, and other data is refused", () => {
  const baseline = createBaseline([finding(1)]);
  expect(parseBaseline(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
  for (const bad of [undefined, [], {}, { version: 2, findings: [] }, { version: 1, findings: [{}] }])
    expect(parseBaseline(bad)).toBeUndefined();
});

test("a waived finding is neither new nor known: its waiver speaks for it", () => {
  const waived = finding(3, { waiver: { owner: "a", reason: "b", expires: "2027-01-01" } });
  const result = compareBaseline([waived], createBaseline([]));
  expect([result.fresh, result.known]).toEqual([[], []]);
});

test("a baseline and a SARIF log call a finding by the same name", () => {
  const findings = [finding(10), finding(20), finding(30, { code: "RUL-009" })];
  const { runs } = JSON.parse(sarifLog({ findings, version: "1.0.0" })) as {
    runs: readonly { results: readonly { partialFingerprints: Record<string, string> }[] }[];
  };
  const inLog = runs[0]?.results.map((result) => result.partialFingerprints["sitewrightFinding/v1"]);
  expect(inLog).toEqual(fingerprints(findings));
});

test("a file that cannot be read is never let in: nothing behind it was judged", () => {
  const unread = finding(1, { code: "INV-TAB", severity: "error" });
  const baseline = createBaseline([unread, finding(2)]);
  expect(baseline.findings.map((entry) => entry.code)).toEqual(["RUL-007"]);
  expect(compareBaseline([unread], baseline).fresh).toEqual([unread]);
});
