import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import type { ControlResult, PackControl } from "../../src/planner/checks/pack.ts";
import {
  type ComplianceReport,
  complianceMarkdown,
  complianceTable,
} from "../../src/report/compliance-report.ts";
import { toCsv } from "../../src/report/csv.ts";
import { compliancePage } from "../../src/report/html/compliance-page.ts";

const HOSTILE = `=HYPERLINK("http://x")<script>alert(1)</script>|a\u202eb\n# h @all`;

const finding = (message: string, extra: Partial<Finding> = {}): Finding => ({
  code: "L2-011",
  severity: "warning",
  message,
  hint: `mend ${message}`,
  where: { file: "inventory/acme/hq/site.yaml", line: 7, column: 3 },
  ...extra,
});

const control = (id: string, extra: Partial<PackControl> = {}): PackControl => ({
  id,
  title: { en: `title of ${id}`, zh: `条款${id}` },
  checks: ["L2-011"],
  evidence: "auto",
  confidence: "seen",
  ...extra,
});

const report = (controls: readonly ControlResult[]): ComplianceReport => {
  const counts = { met: 0, "not-met": 0, "not-evaluated": 0, waived: 0 };
  for (const { state } of controls) counts[state] += 1;
  return {
    pack: {
      id: "p",
      title: { en: "Pack", zh: "标准包" },
      source: "a standard",
      controls: controls.map((each) => each.control),
    },
    result: { pack: "p", controls, counts, notApplicable: ["9.9"] },
    sites: ["acme/hq"],
    generatedAt: "2026-01-02T03:04:05.000Z",
  };
};

const NONE = { findings: [], waived: [], notEvaluated: [] };
const WAIVED = finding("storm control is off", {
  waiver: { owner: "li.wei", reason: "old switch", ticket: "T-7", expires: "2027-01-01" },
});
const ALL = report([
  { control: control("1.1"), state: "met", ...NONE },
  { control: control("1.2"), state: "not-met", ...NONE, findings: [finding("no storm control on GE0/0/2")] },
  {
    control: control("1.3", { inspect: { en: "look at the door", zh: "查看机房门禁" } }),
    state: "not-evaluated",
    ...NONE,
    notEvaluated: ["SYS-004"],
  },
  { control: control("1.4"), state: "waived", ...NONE, waived: [WAIVED] },
]);

describe("a standard as a spreadsheet", () => {
  test("has one row a control: what is open, what was accepted by whom, what nobody looked at", () => {
    const { columns, rows } = complianceTable(ALL, "en");
    const named = rows.map((row) => Object.fromEntries(row.map((cell, index) => [columns[index], cell])));
    expect(named.map((row) => row.State)).toEqual(["met", "not met", "not evaluated", "waived"]);
    expect(named[1]?.Findings).toBe("L2-011 no storm control on GE0/0/2 – inventory/acme/hq/site.yaml:7");
    expect(named[2]).toMatchObject({
      "Checks not evaluated": "SYS-004",
      "To be looked at by a person": "look at the door",
    });
    expect(named[3]?.waived).toContain("li.wei, old switch, T-7, 2027-01-01");
  });

  test("never holds a cell that a spreadsheet takes for a formula", () => {
    const bad = control("=1+1", { title: { en: HOSTILE, zh: HOSTILE } });
    const { columns, rows } = complianceTable(
      report([{ control: bad, state: "not-met", ...NONE, findings: [finding(HOSTILE, { code: "=X" })] }]),
      "en",
    );
    const csv = toCsv(columns, rows);
    expect(csv).toContain("'=1+1");
    expect(csv).toContain("'=HYPERLINK");
    expect(csv).toContain("'=X");
    expect(csv).not.toMatch(/(^|[,"\n])=/);
  });
});

describe("a standard as a page", () => {
  test("tells what is not met first, and nothing as met that was not looked at", () => {
    const page = compliancePage(ALL, "en");
    const places = ["not-met", "not-evaluated", "waived", "met"].map((id) =>
      page.indexOf(`<section id="${id}"`),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(page).toContain("look at the door");
    expect(page).toContain("li.wei, old switch, T-7, 2027-01-01");
    expect(page).toContain("About platforms that do not stand here: 9.9");
    expect(compliancePage(report([]), "en")).not.toContain('<section id="met"');
  });

  test("speaks Chinese", () => {
    const page = compliancePage(ALL, "zh");
    expect(page).toContain('lang="zh-CN"');
    for (const word of ["标准包", "条款1.2", "查看机房门禁", "未评估的检查项", "1 不符合"])
      expect(page).toContain(word);
  });

  test("asks nobody for anything and lets no text become markup", () => {
    const bad = control(`"><img src=x>`, {
      title: { en: HOSTILE, zh: HOSTILE },
      inspect: { en: HOSTILE, zh: HOSTILE },
    });
    const page = compliancePage(
      report([{ control: bad, state: "not-met", ...NONE, findings: [finding(HOSTILE)] }]),
      "en",
    );
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page.match(/<script\b/g)).toHaveLength(1);
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u202e");
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});

describe("a standard as a document", () => {
  test("keeps its rows whatever the texts hold", () => {
    const bad = control("1|1", { title: { en: HOSTILE, zh: HOSTILE } });
    const text = complianceMarkdown(report([{ control: bad, state: "met", ...NONE }]), "en");
    const row = text.split("\n").filter((line) => line.includes("HYPERLINK"));
    expect(row).toHaveLength(1);
    expect(row[0]?.split("|")).toHaveLength(7);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("@all");
  });
});
