import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITE = "inventory/northgate/office/site.yaml";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-fmt-"));
  for (const part of ["inventory", "policies", "src/inventory/schema"]) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fmt(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), "fmt", ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

describe("sitewright fmt", () => {
  test("leaves the samples as they are, puts one back that was typed otherwise, and keeps its hands off broken ones", async () => {
    const site = join(folder, SITE);
    const good = readFileSync(site, "utf8");
    expect(await fmt()).toMatchObject({ code: 0, stdout: "nothing to change\n" });
    writeFileSync(site, good.replace(/^# yaml.*\n/, "").replaceAll("\n  ", "\n   "));
    expect(await fmt("--check")).toMatchObject({ code: 2, stdout: `would change ${SITE}\n` });
    expect(await fmt(SITE)).toMatchObject({ code: 0, stdout: `${SITE}\n` });
    expect(readFileSync(site, "utf8")).toBe(good);
    writeFileSync(site, "name: [");
    expect((await fmt(SITE)).stdout).toContain(`left alone ${SITE}: it is no YAML`);
    expect(readFileSync(site, "utf8")).toBe("name: [");
    expect((await fmt("package.json")).stderr).toContain("is no file of this workspace");
  });
});
