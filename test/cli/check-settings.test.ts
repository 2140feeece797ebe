import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Finding, isFileWhere } from "../../src/model/finding.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-weigh-"));
  for (const part of ["inventory", "policies"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

interface Answer {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly result: { readonly pack?: { readonly id?: string } };
}

function sitewright(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), ...args, "--json"],
      { cwd: folder, maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(JSON.parse(stdout) as Answer),
    );
  });
}

const severitiesOf = (answer: Answer, code: string, client: string): string[] => [
  ...new Set(
    answer.findings
      .filter((finding) => finding.code === code && isFileWhere(finding.where))
      .filter(({ where }) => isFileWhere(where) && where.file.startsWith(`inventory/${client}/`))
      .map(({ severity }) => severity),
  ),
];

describe("what findings weigh", () => {
  test("a client raises a code for itself only, and an error fails the run", async () => {
    const before = await sitewright("validate");
    const [code = ""] = before.findings
      .filter(({ severity, where }) => severity === "warning" && isFileWhere(where))
      .filter(({ where }) => isFileWhere(where) && where.file.startsWith("inventory/northgate/"))
      .map((finding) => finding.code);
    expect(before.exitCode).toBe(0);
    write("policies/northgate/checks.yaml", `severities:\n  ${code}: error\n`);
    const after = await sitewright("validate");
    expect(severitiesOf(after, code, "northgate")).toEqual(["error"]);
    expect(severitiesOf(after, code, "lanhai")).toEqual(severitiesOf(before, code, "lanhai"));
    expect(after.exitCode).toBe(1);
  });

  test("the client's file lies over the provider's", async () => {
    write("policies/checks.yaml", "severities:\n  L2-011: info\n  L2-014: info\n");
    write("policies/northgate/checks.yaml", "severities:\n  L2-011: error\n");
    const answer = await sitewright("validate", "northgate");
    expect(severitiesOf(answer, "L2-011", "northgate")).toEqual(["error"]);
    expect(severitiesOf(answer, "L2-014", "northgate")).toEqual(["info"]);
  });

  test("codes and packs that there are not are told with their line, and what may stand there", async () => {
    write(
      "policies/northgate/checks.yaml",
      "packs: [mlsp-3]\nseverities:\n  L2-O11: error\n  INV-UNKNOWN-KEY: info\n  NAT-TWICE: warning\n",
    );
    const { findings, exitCode } = await sitewright("validate", "northgate");
    const told = findings.filter(({ code }) => code.startsWith("CHK-UNKNOWN"));
    expect(told).toMatchObject([
      {
        code: "CHK-UNKNOWN-PACK",
        where: { line: 1 },
        hint: expect.stringContaining("did you mean mlps-3? known: "),
      },
      { code: "CHK-UNKNOWN-CODE", where: { line: 3, column: 3 }, hint: "did you mean L2-011?" },
      { code: "CHK-UNKNOWN-CODE", where: { line: 4, column: 3 } },
    ]);
    expect(told).toHaveLength(3);
    expect(exitCode).toBe(1);
  });

  test.each([
    ["a weight that there is not", "severities:\n  L2-011: off\n"],
    ["a key that there is not", "severity:\n  L2-011: error\n"],
  ])("%s is a finding of the file", async (_title, text) => {
    write("policies/northgate/checks.yaml", text);
    const { findings } = await sitewright("validate", "northgate");
    expect(
      findings.some(({ where }) => isFileWhere(where) && where.file === "policies/northgate/checks.yaml"),
    ).toBe(true);
  });

  test("compliance looks at the pack that the client turned on", async () => {
    write("policies/lanhai/checks.yaml", "packs: [mlps-3, baseline]\n");
    const [on, asked] = await Promise.all([
      sitewright("compliance", "lanhai"),
      sitewright("compliance", "lanhai", "--pack", "mlps-3"),
    ]);
    expect(on.result).toEqual(asked.result);
    expect(on.result).not.toEqual((await sitewright("compliance", "lanhai", "--pack", "baseline")).result);
  });
});
