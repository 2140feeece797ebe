import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Finding } from "../../../src/model/finding.ts";
import { CATALOGUE } from "../../../src/planner/checks/catalogue.ts";
import {
  type CheckResult,
  checkResults,
  evaluatePack,
  type Pack,
  parsePack,
} from "../../../src/planner/checks/pack.ts";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { cleanWorld, deviceOf, inputOf } from "./world.ts";

const FILES = readdirSync("policies/packs").sort();
const read = (file: string): unknown => parse(readFileSync(`policies/packs/${file}`, "utf8"));
const schema = JSON.parse(readFileSync("docs/schemas/compliance-pack.json", "utf8")) as object;

function packOf(file: string): Pack {
  const { pack, mistakes } = parsePack(read(file));
  if (!pack) throw new Error(mistakes.join("; "));
  return pack;
}

test.each(FILES)("%s is as its schema asks, and names checks that exist", (file) => {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  expect(validate(read(file)) || validate.errors).toBe(true);
  const { pack, mistakes } = parsePack(read(file));
  expect(mistakes).toEqual([]);
  expect(`${pack?.id}.yaml`).toBe(file);
});

test("the packs of the issue are there", () => {
  expect(FILES).toEqual([
    "baseline.yaml",
    "cis.yaml",
    "disa-stig.yaml",
    "iso-27001.yaml",
    "mlps-2.yaml",
    "mlps-3.yaml",
    "nist-800-53.yaml",
    "nist-csf.yaml",
    "pci-dss.yaml",
  ]);
});

test("the controls that a page names are those of the packs: run `npm run generate` where they differ", () => {
  const controls = new Map<string, string[]>();
  for (const pack of FILES.map(packOf))
    for (const control of pack.controls)
      for (const id of control.checks)
        controls.set(id, [...(controls.get(id) ?? []), `${pack.id}:${control.id}`]);
  for (const check of CATALOGUE) expect([...check.controls]).toEqual((controls.get(check.id) ?? []).sort());
});

test("the baseline asks for every check of the catalogue, each once", () => {
  const asked = packOf("baseline.yaml").controls.flatMap((control) => control.checks);
  expect([...asked].sort()).toEqual(CATALOGUE.map((check) => check.id).sort());
});

test("a pack with an unknown check or no title says so with the path", () => {
  const { mistakes } = parsePack({
    id: "x",
    title: { en: "X", zh: "甲" },
    source: "X",
    controls: { a: { title: { en: "A" }, checks: ["MGT-099"] } },
  });
  expect(mistakes).toEqual([
    "controls.a.checks: there is no check MGT-099",
    "controls.a.title.zh is no text",
  ]);
});

const control = (id: string, checks: readonly string[], evidence: "auto" | "manual" = "auto") =>
  ({ id, title: { en: id, zh: id }, checks, evidence, confidence: "seen" }) as const;
const pack: Pack = {
  id: "p",
  title: { en: "P", zh: "P" },
  source: "P",
  controls: [control("a", ["MGT-001", "MGT-005"]), control("b", [], "manual")],
};
const finding: Finding = {
  code: "MGT-005",
  severity: "warning",
  message: "m",
  hint: "h",
  where: { file: "inventory/acme/hq/site.yaml", line: 1, column: 1 },
};
const result = (id: string, state: CheckResult["state"], findings: readonly Finding[] = []): CheckResult => ({
  id,
  site: "acme/hq",
  state,
  findings,
});
const waived = { ...finding, waiver: { owner: "a", reason: "b", expires: "2027-01-01" } };

test.each([
  ["met", [result("MGT-001", "met"), result("MGT-005", "met")]],
  ["not-met", [result("MGT-001", "not-evaluated"), result("MGT-005", "failed", [finding])]],
  ["not-evaluated", [result("MGT-001", "not-evaluated"), result("MGT-005", "waived", [waived])]],
  ["not-evaluated", [result("MGT-005", "met")]],
  ["waived", [result("MGT-001", "met"), result("MGT-005", "waived", [waived])]],
] as const)("a control is %s", (state, results) => {
  const evaluated = evaluatePack(pack, results);
  expect(evaluated.controls[0]?.state).toBe(state);
  expect(evaluated.controls[1]?.state).toBe("not-evaluated");
  expect(Object.values(evaluated.counts).reduce((sum, count) => sum + count, 0)).toBe(2);
});

test("a spoiled site fails the controls of its checks, and no other site's", () => {
  const world = cleanWorld();
  deviceOf(world, "sw-1").system.idleTimeoutMinutes = 15;
  const { sites, input } = inputOf(world);
  const report = runChecks(sites, input);
  const other = { ...(sites[0] as (typeof sites)[number]), id: "globex/hq", client: "globex" };
  const results = checkResults([...sites, other], report, report.findings);
  const stateOf = (site: string) =>
    results.find((each) => each.site === site && each.id === "MGT-005")?.state;
  expect(stateOf("acme/hq")).toBe("failed");
  expect(stateOf("globex/hq")).toBe("met");
  const mine = results.filter((each) => each.site === "acme/hq");
  const level3 = evaluatePack(packOf("mlps-3.yaml"), mine);
  const failed = level3.controls.filter((each) => each.state === "not-met").map((each) => each.control.id);
  expect(failed).toEqual(["8.1.4.1-b"]);
  expect(level3.counts.met).toBeGreaterThan(25);
});

test("a note fails its check too, and a lowered severity buys no control", () => {
  const note = { ...finding, severity: "info" as const };
  const { sites, input } = inputOf(cleanWorld());
  const report = runChecks(sites, input);
  const state = checkResults(sites, report, [note]).find(({ id }) => id === "MGT-005")?.state;
  expect(state).toBe("failed");
});

test("a control that a person has to look at in part is never met by checks alone", () => {
  const [first] = pack.controls;
  if (!first) throw new Error("no control");
  const mixed: Pack = { ...pack, controls: [{ ...first, evidence: "mixed" }] };
  const met = [result("MGT-001", "met"), result("MGT-005", "met")];
  expect(evaluatePack(mixed, met).controls[0]?.state).toBe("not-evaluated");
  const failed = [result("MGT-001", "met"), result("MGT-005", "failed", [finding])];
  expect(evaluatePack(mixed, failed).controls[0]?.state).toBe("not-met");
});

test("a control about a platform that does not stand here does not apply", () => {
  const cis = packOf("cis.yaml");
  const evaluated = evaluatePack(cis, [], new Set(["iosxe", "nftables"]));
  const prefixes = new Set(evaluated.controls.map(({ control: each }) => each.id.split("/")[0]));
  expect([...prefixes]).toEqual(["ios-xe"]);
  expect(evaluated.controls.length + evaluated.notApplicable.length).toBe(cis.controls.length);
});
