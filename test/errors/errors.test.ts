import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { judgeSites } from "../../src/cli/judge.ts";
import { NO_OWN_CHECKS } from "../../src/cli/own-checks.ts";
import { codeFrame } from "../../src/inventory/code-frame.ts";
import { type Workspace, workspaceOfTexts } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import type { Finding } from "../../src/model/finding.ts";
import { isFileWhere } from "../../src/model/finding.ts";
import { BASE } from "./base-workspace.ts";
import { POLICY_ROWS } from "./policy-table.ts";
import type { ErrorRow } from "./table.ts";
import { ROWS } from "./table.ts";

/** `UPDATE_GOLDENS=1 vitest run test/errors` writes the messages anew; look at the diff before you commit it. */
const GOLDEN = fileURLToPath(new URL("golden/messages.json", import.meta.url));
const update = process.env.UPDATE_GOLDENS === "1";
const golden: Record<string, unknown> = update ? {} : JSON.parse(readFileSync(GOLDEN, "utf8"));
const written: Record<string, unknown> = {};

function spoil(row: ErrorRow): Map<string, string> {
  const texts = new Map(BASE);
  const before = texts.get(row.file);
  if (row.from === undefined) return texts.set(row.file, row.to);
  if (before === undefined || !before.includes(row.from))
    throw new Error(`${row.title}: ${row.file} does not hold ${row.from}`);
  return texts.set(
    row.file,
    before.replace(row.from, () => row.to),
  );
}

function spell(finding: Finding): Record<string, unknown> {
  const { severity, code, message, hint, where, related } = finding;
  return { severity, code, where, message, hint, ...(related ? { related } : {}) };
}

test("the workspace that the rows spoil is sound", () => {
  const { sites, findings } = resolveWorkspace(workspaceOfTexts("/", BASE));
  expect(findings).toEqual([]);
  expect(sites.map((site) => [site.id, site.devices.length])).toEqual([
    ["acme/branch", 0],
    ["acme/hq", 4],
  ]);
});

test("there are at least 60 rows, each with a title of its own", () => {
  const titles = [...ROWS, ...POLICY_ROWS].map((row) => row.title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(ROWS.length).toBeGreaterThanOrEqual(60);
});

/** Expects the row's finding at the row's line.
 *  @returns that finding */
function expectTold(row: ErrorRow, workspace: Workspace, findings: readonly Finding[]): Finding | undefined {
  const told = findings.find(
    (finding) =>
      finding.code === row.code && isFileWhere(finding.where) && finding.where.file === (row.in ?? row.file),
  );
  expect(told, JSON.stringify(findings.map(spell), null, 1)).toBeDefined();
  if (!told || !isFileWhere(told.where)) return undefined;
  const line = workspace.files.get(told.where.file)?.split("\n")[told.where.line - 1] ?? "";
  expect(line).toContain(row.at);
  expect(told.where.column).toBeLessThanOrEqual(Math.max(1, line.length + 1));
  expect(told.message.length).toBeLessThanOrEqual(100);
  expect(told.hint).not.toBe("");
  if (line !== "") expect(codeFrame(workspace, told.where)).toContain("^");
  return told;
}

describe("a mistake is told where it stands and how to mend it", () => {
  test.each(ROWS)("$title", (row) => {
    const workspace = workspaceOfTexts("/", spoil(row));
    const { findings } = resolveWorkspace(workspace);
    expectTold(row, workspace, findings);
    written[row.title] = findings.map(spell);
    if (!update) expect(findings.map(spell)).toEqual(golden[row.title]);
  });
});

describe("a mistake in a policy is told where it stands and how to mend it", () => {
  test.each(POLICY_ROWS)("$title", (row) => {
    const workspace = workspaceOfTexts("/", spoil(row));
    const resolved = resolveWorkspace(workspace);
    const { findings } = judgeSites(
      { ...resolved, workspace },
      new Date("2026-11-22T12:00:00Z"),
      NO_OWN_CHECKS,
    );
    const told = expectTold(row, workspace, findings);
    if (told === undefined) return;
    written[row.title] = spell(told);
    if (!update) expect(spell(told)).toEqual(golden[row.title]);
  });
});

afterAll(() => {
  if (update) writeFileSync(GOLDEN, `${JSON.stringify(written, null, 1)}\n`);
});
