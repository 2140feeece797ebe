import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function compliance(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["bin/sitewright.js", "compliance", "northgate/office", "--pack", "mlps-3", ...args],
      { cwd: ROOT, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

interface Result {
  readonly controls: readonly { readonly id: string }[];
}

describe("compliance in a file's format", () => {
  test("each format tells of the same controls, and ends as the text does", async () => {
    const [text, json, csv, md, page] = await Promise.all([
      compliance(),
      compliance("--format", "json"),
      compliance("--format", "csv", "--lang", "zh"),
      compliance("--format", "md"),
      compliance("--format", "html", "--lang", "zh"),
    ]);
    const ids = (JSON.parse(json.stdout) as Result).controls.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(50);
    for (const { stdout, code } of [text, csv, md, page]) {
      expect(ids.filter((id) => !stdout.includes(id))).toEqual([]);
      expect(code).toBe(json.code);
    }
    expect(csv.stdout.startsWith("\ufeff条款,")).toBe(true);
    expect(page.stdout).toMatch(/^<!DOCTYPE html>\n<html lang="zh-CN">/);
    expect(page.stdout.trimEnd().endsWith("</html>")).toBe(true);
  }, 60_000);

  test("--json stays the envelope whatever the format", async () => {
    const { stdout } = await compliance("--format", "csv", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ command: "compliance", result: { pack: "mlps-3" } });
  }, 60_000);

  test("an unknown format is refused with those that there are", async () => {
    const { code, stderr } = await compliance("--format", "pdf");
    expect(code).toBe(4);
    expect(stderr).toContain("known: text, md, json, csv, html");
  }, 60_000);
});
