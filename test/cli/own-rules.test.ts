import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Finding, isFileWhere } from "../../src/model/finding.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ZONING = "policies/northgate/zoning.yaml";
const RULE = `forbidden:
  - name: offices-keep-files
    comment: drawings stay with the people who draw
    from: { zone: office }
    to: { zone: server }
    service: files
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-own-rules-"));
  for (const part of ["inventory", "policies"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  write(ZONING, RULE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(...args: string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), ...args],
      { cwd: folder, maxBuffer: 1 << 26, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout }),
    );
  });
}

interface Answer {
  readonly findings: readonly Finding[];
  readonly result: {
    readonly ownRules: Readonly<Record<string, number>>;
    readonly checks: {
      readonly evaluated: readonly string[];
      readonly notEvaluated: readonly { id: string }[];
    };
  };
}

async function validate(...args: string[]) {
  const { code, stdout } = await run("validate", "northgate", "--json", ...args);
  const answer = JSON.parse(stdout) as Answer;
  return {
    code,
    ...answer,
    told: answer.findings.filter((finding) => finding.code === "OWN-OFFICES-KEEP-FILES"),
  };
}

describe("own rules in YAML", () => {
  test("a violation fails the run at the line of the firewall's rule", async () => {
    const { code, told, result } = await validate();
    expect(code).toBe(1);
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject({
      where: { file: "inventory/northgate/office/rules.yaml" },
      related: [{ file: ZONING, line: 2 }, {}],
      hint: expect.stringContaining("drawings stay with the people who draw"),
    });
    expect(result.ownRules.violated).toBe(1);
    expect(result.checks.evaluated).toContain("OWN-OFFICES-KEEP-FILES");
  });

  test("a client weighs and waives them as it does the catalogue's", async () => {
    write("policies/northgate/checks.yaml", "severities:\n  OWN-OFFICES-KEEP-FILES: info\n");
    expect((await validate()).told.map(({ severity }) => severity)).not.toContain("error");
    write("policies/northgate/checks.yaml", "severities:\n  OWN-OFFICE-KEEPS-FILES: info\n");
    expect((await validate()).findings).toContainEqual(
      expect.objectContaining({ code: "CHK-UNKNOWN-CODE", hint: "did you mean OWN-OFFICES-KEEP-FILES?" }),
    );
    rmSync(join(folder, "policies/northgate/checks.yaml"));
    write(
      "policies/northgate/waivers.yaml",
      "W1:\n  code: OWN-OFFICES-KEEP-FILES\n  owner: priya\n  reason: move\n  expires: 2099-01-01\n",
    );
    const waived = await validate();
    expect(waived.code).toBe(0);
    expect(waived.told.every(({ waiver }) => waiver?.owner === "priya")).toBe(true);
  });

  test("a baseline lets known ones in, and reports for machines hold them", async () => {
    const known = join(folder, "known.json");
    await run("validate", "--baseline", known, "--update-baseline");
    expect((await run("validate", "--baseline", known)).code).toBe(0);
    const [sarif, junit] = await Promise.all([
      run("validate", "northgate", "--format", "sarif"),
      run("validate", "northgate", "--format", "junit"),
    ]);
    const results = (
      JSON.parse(sarif.stdout) as { runs: { results: { ruleId: string; relatedLocations: unknown[] }[] }[] }
    ).runs[0]?.results;
    expect(results?.find(({ ruleId }) => ruleId === "OWN-OFFICES-KEEP-FILES")?.relatedLocations).toHaveLength(
      2,
    );
    expect(junit.stdout).toContain('<testsuite name="OWN-OFFICES-KEEP-FILES"');
  });

  test("explain shows the rule, where it is written, and what it weighs here", async () => {
    write("policies/northgate/checks.yaml", "# agreed in May\nseverities:\n  OWN-OFFICES-KEEP-FILES: info\n");
    const [en, zh, none] = await Promise.all([
      run("explain", "own-offices-keep-files"),
      run("explain", "OWN-OFFICES-KEEP-FILES", "--lang", "zh"),
      run("explain", "OWN-NOTHING"),
    ]);
    expect(en.stdout).toMatch(/From: zone: office\n- To: zone: server\n- Service: files/);
    expect(en.stdout).toContain(`${ZONING}:2:11`);
    expect(en.stdout).toContain("northgate: info (policies/northgate/checks.yaml:3:3)");
    expect(zh.stdout).toContain("任何设备都不得放行");
    expect(none.code).toBe(4);
  });

  test("a rule that holds nowhere is not counted as kept", async () => {
    write(ZONING, RULE.replaceAll("office", "camera").replace("server", "backup"));
    const { told, result, findings } = await validate();
    expect([told, findings.filter(({ where }) => isFileWhere(where) && where.file === ZONING)]).toEqual([
      [],
      [],
    ]);
    expect(result.checks.notEvaluated.map(({ id }) => id)).toContain("OWN-CAMERAS-KEEP-FILES");
  });
});
