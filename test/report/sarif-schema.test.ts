import { fileURLToPath } from "node:url";
import published from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { judgeSites } from "../../src/cli/judge.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import type { FileWhere, Finding } from "../../src/model/finding.ts";
import { sarifLog } from "../../src/report/sarif.ts";
import { hqWith, workspaceWith } from "../inventory/spoil.ts";

const { $schema: dialect, id, ...schema } = published;

/** The published schema is draft 4 and uses none of the words that changed since, so that the validator of today reads it. */
const judge = new Ajv({
  allErrors: true,
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    "uri-reference": (text: string) => URL.canParse(text, "file:///") && !/[^!-~]/.test(text),
    "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
  },
}).compile(schema);

type Log = Record<string, unknown> & { readonly runs: readonly Record<string, unknown>[] };

function logOf(findings: readonly Finding[], places: ReadonlyMap<string, FileWhere> = new Map()): Log {
  return JSON.parse(sarifLog({ findings, version: "1.0.0", placeOf: (device) => places.get(device) })) as Log;
}

function expectValid(log: Log): void {
  expect([judge(log), judge.errors]).toEqual([true, null]);
}

const samples = await readWorkspace(fileURLToPath(new URL("../..", import.meta.url)));
const { sites, findings: resolved } = resolveWorkspace(samples);

test("it is the whole schema of SARIF 2.1.0, in a dialect without changed words", () => {
  expect([dialect, id]).toEqual([
    "http://json-schema.org/draft-04/schema#",
    expect.stringContaining("sarif-2.1.0"),
  ]);
  expect(Object.keys(schema.definitions)).toHaveLength(52);
  expect(JSON.stringify(schema)).not.toMatch(/"(exclusiveMinimum|exclusiveMaximum|dependencies)":/);
});

describe("logs are what the whole schema of SARIF 2.1.0 says", () => {
  test.each(sites.map((site) => [site.id, site] as const))("of all findings of %s", (_, site) => {
    const { findings } = judgeSites(
      { sites: [site], findings: resolved, workspace: samples },
      new Date("2026-11-22T12:00:00Z"),
    );
    expect(findings.length).toBeGreaterThan(10);
    expectValid(logOf(findings, new Map(site.devices.map((device) => [device.id, device.origin]))));
  });

  test("of a spoiled site: violations with packets, own rules, waivers, files that do not resolve", () => {
    const workspace = workspaceWith({
      "inventory/acme/hq/rules.yaml": (text) => `${text}G1:\n  from: guest\n  to: srv-1\n  service: https\n`,
      "policies/acme/zoning.yaml":
        "forbidden:\n  - name: apart\n    from: { zone: guest }\n    to: { zone: server }\n",
      "policies/acme/waivers.yaml":
        "W1:\n  code: ZON-005\n  owner: li.wei\n  reason: 展会期间\n  ticket: T-1\n  expires: 2099-01-01\n",
      "policies/acme/checks.yaml": "severities:\n  L2-O11: error\n",
    });
    const { findings } = judgeSites({ ...resolveWorkspace(workspace), workspace }, new Date("2026-11-22"));
    const codes = findings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(["ZON-005", "OWN-APART", "CHK-UNKNOWN-CODE"]));
    expect(findings.some(({ waiver }) => waiver !== undefined)).toBe(true);
    expectValid(logOf(findings));
  });

  test("of places on devices, with and without a file, and of names that no URI may hold", () => {
    const site = hqWith();
    const finding = (where: Finding["where"]): Finding => ({
      code: "DRF-001",
      severity: "info",
      message: "changed\u0000by\u001b[1m hand",
      hint: "revert it",
      where,
      related: [where],
    });
    const device = site.devices[0]?.id ?? "";
    const odd = { file: "inventory/总部 #1%/a?b.yaml", line: 1, column: 1 };
    const findings = [finding({ device, line: 3 }), finding({ device: "acme/hq/gone" }), finding(odd)];
    expectValid(logOf(findings, new Map([[device, site.origin]])));
    expectValid(logOf([]));
  });
});

describe("the schema would tell", () => {
  const log = logOf([
    {
      code: "A-001",
      severity: "error",
      message: "m",
      hint: "h",
      where: { file: "a.yaml", line: 1, column: 1 },
    },
  ]);
  const run = log.runs[0] ?? {};
  const result = (run.results as Record<string, unknown>[])[0] ?? {};
  const withResult = (changed: object): object => ({
    ...log,
    runs: [{ ...run, results: [{ ...result, ...changed }] }],
  });

  test.each([
    ["another version", { ...log, version: "2.0.0" }],
    ["a log without runs", { version: "2.1.0" }],
    ["a run without its tool", { ...log, runs: [{ results: [] }] }],
    ["a key that the standard does not know", withResult({ colour: "red" })],
    ["a level of ours", withResult({ level: "info" })],
    ["a result without a message", withResult({ message: undefined })],
    [
      "a line before the first",
      withResult({ locations: [{ physicalLocation: { region: { startLine: 0 } } }] }),
    ],
    [
      "a file name that is no URI",
      withResult({ locations: [{ physicalLocation: { artifactLocation: { uri: "a b" } } }] }),
    ],
    ["a suppression of an unknown kind", withResult({ suppressions: [{ kind: "mine" }] })],
  ])("%s", (_, broken) => {
    expect(judge(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
