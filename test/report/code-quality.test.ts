import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { codeQualityReport } from "../../src/report/code-quality.ts";
import { sarifLog } from "../../src/report/sarif.ts";
import { sampleFinding } from "./preview-samples.ts";

interface Entry {
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** The fields that GitLab's documentation lists, and no other. */
const SHAPE = new Ajv2020().compile({
  type: "array",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["description", "check_name", "fingerprint", "location", "severity"],
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        additionalProperties: false,
        required: ["path", "lines"],
        properties: {
          path: { type: "string", pattern: "^[^/.]" },
          lines: {
            type: "object",
            additionalProperties: false,
            required: ["begin"],
            properties: { begin: { type: "integer", minimum: 1 } },
          },
        },
      },
    },
  },
});

function report(...args: Parameters<typeof codeQualityReport>): Entry[] {
  const entries = JSON.parse(codeQualityReport(...args)) as Entry[];
  expect([SHAPE(entries), SHAPE.errors]).toEqual([true, null]);
  return entries;
}

describe("findings as GitLab's code quality report", () => {
  it("have the fields that GitLab documents", () => {
    const findings = (["error", "warning", "info"] as const).map((severity) => ({
      ...sampleFinding(severity),
      severity,
    }));
    expect(report(findings).map(({ severity }) => severity)).toEqual(["critical", "minor", "info"]);
    expect(report([])).toEqual([]);
  });

  it("have the fingerprints of the SARIF log, and each its own", () => {
    const findings = [sampleFinding("a", 3), sampleFinding("a", 9), sampleFinding("b", 3)];
    const prints = report(findings).map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(3);
    for (const print of prints) expect(sarifLog({ findings, version: "1.0.0" })).toContain(print);
  });

  it("leave out what a waiver accepts, and place what is on a device where the device is described", () => {
    const waiver = { owner: "ann", reason: "until the move", expires: "2027-01-01" };
    const device = { ...sampleFinding("c"), where: { device: "acme/hq/sw-1", line: 4 } };
    expect(report([{ ...sampleFinding("a"), waiver }, device])).toEqual([]);
    const place = { file: "inventory/acme/hq/devices/sw-1.yaml", line: 2, column: 1 };
    expect(report([device], () => place).map(({ location }) => location)).toEqual([
      { path: place.file, lines: { begin: 2 } },
    ]);
  });
});
