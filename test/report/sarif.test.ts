import { describe, expect, it } from "vitest";
import { sarifLog } from "../../src/report/sarif.ts";
import { sampleFinding } from "./preview-samples.ts";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly suppressions?: readonly { readonly justification: string }[];
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly results: readonly Result[];
}

function runOf(findings: Parameters<typeof sarifLog>[0]["findings"]): Run {
  const log = JSON.parse(sarifLog({ findings, version: "1.0.0" })) as {
    version: string;
    runs: readonly [Run];
  };
  expect(log.version).toBe("2.1.0");
  return log.runs[0];
}

const print = (result: Result | undefined): string | undefined =>
  result?.partialFingerprints["sitewrightFinding/v1"];

describe("findings as SARIF", () => {
  it("a finding that moves to another line keeps its fingerprint; another message has another", () => {
    const [before, after, other] = [sampleFinding("a", 3), sampleFinding("a", 90), sampleFinding("b", 3)].map(
      (finding) => print(runOf([finding]).results[0]),
    );
    expect(before).toBe(after);
    expect(before).not.toBe(other);
  });

  it("two equal findings of one file stay two", () => {
    const { results } = runOf([sampleFinding("a", 3), sampleFinding("a", 9)]);
    expect(new Set(results.map(print)).size).toBe(2);
  });

  it("a rule's index points at its rule", () => {
    const run = runOf([sampleFinding("a"), { ...sampleFinding("b"), code: "ABC-001", severity: "info" }]);
    expect(run.results.map((result) => run.tool.driver.rules[result.ruleIndex]?.id)).toEqual([
      "ZON-005",
      "ABC-001",
    ]);
    expect(run.results.map((result) => result.level)).toEqual(["error", "note"]);
  });

  it("a file name is a URI, and an accepted finding is suppressed with its reason", () => {
    const where = { file: "inventory/a b/总部#1.yaml", line: 7, column: 2 };
    const waiver = { owner: "o", reason: "until the move", expires: "2099-01-01" };
    const [result] = runOf([{ ...sampleFinding("a"), where, waiver }]).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      "inventory/a%20b/%E6%80%BB%E9%83%A8%231.yaml",
    );
    expect(result?.suppressions?.[0]?.justification).toBe("until the move");
  });

  it("a finding on a device stands where the device is described", () => {
    const finding = { ...sampleFinding("a"), where: { device: "acme/hq/sw-1", line: 4 } };
    const place = { file: "inventory/acme/hq/devices/sw-1.yaml", line: 1, column: 1 };
    const log = JSON.parse(sarifLog({ findings: [finding], version: "1.0.0", placeOf: () => place })) as {
      runs: readonly [Run];
    };
    expect(log.runs[0].results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(place.file);
  });
});
