import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import { findingsOf, ownCheck } from "../../src/own-checks.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const API = join(ROOT, "src/own-checks.ts");

const NAMED = `import { ownCheck } from ${JSON.stringify(API)};
export const check = ownCheck({
  id: "TIDE-001",
  title: "Switches are called after their floor",
  severity: "warning",
  rationale: "The night shift finds the cabinet by the name.",
  mend: "Rename the device.",
  find: (site) =>
    site.devices
      .filter((device) => device.kind === "switch" && !/-\\\\d/.test(device.name))
      .map((device) => ({ where: device.origin, message: device.name + " names no floor", hint: "rename it" })),
});
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-own-"));
  for (const part of ["inventory", "policies"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

interface Validated {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly result: {
    readonly checks: {
      readonly evaluated: readonly string[];
      readonly notEvaluated: readonly { readonly id: string }[];
    };
  };
}

function validate(): Promise<Validated> {
  return run("validate");
}

function run(...args: string[]): Promise<Validated> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), ...args, "--json"],
      { cwd: folder, maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(JSON.parse(stdout) as Validated),
    );
  });
}

describe("checks of a workspace's own", () => {
  test("run beside the catalogue, are counted, and can be waived", async () => {
    write("checks/names.ts", NAMED);
    const first = await validate();
    const own = first.findings.filter(({ code }) => code === "TIDE-001");
    expect(own.map(({ message }) => message)).toContain("sw-srv names no floor");
    expect(first.result.checks.evaluated).toContain("TIDE-001");
    write(
      "policies/lanhai/waivers.yaml",
      "W900:\n  code: TIDE-001\n  owner: li.wei\n  reason: named after its room\n  ticket: CHG-1\n  approver: wang.fang\n  expires: 2099-01-01\n",
    );
    const waived = (await validate()).findings.filter(({ code }) => code === "TIDE-001");
    expect(waived.some(({ waiver }) => waiver?.ticket === "CHG-1")).toBe(true);
    expect((await validate()).findings.map(({ code }) => code)).not.toContain("WVR-UNKNOWN-CODE");
  });

  test("one that throws is a finding and not evaluated; the others run", async () => {
    write("checks/a.ts", NAMED.replace("site.devices", "site.nothing.devices"));
    write("checks/b.ts", NAMED.replace("TIDE-001", "TIDE-002"));
    const { findings, result, exitCode } = await validate();
    expect(exitCode).toBe(1);
    expect(findings.find(({ code }) => code === "OWN-THREW")?.message).toMatch(
      /^TIDE-001 threw: Cannot read/,
    );
    expect(result.checks.notEvaluated.map(({ id }) => id)).toContain("TIDE-001");
    expect(result.checks.evaluated).toContain("TIDE-002");
  });

  test.each([
    ["a file that is no code", "export const check = {", "OWN-LOAD"],
    ["a file without a check", "export const nothing = 1;", "OWN-NONE"],
    ["an id of the catalogue", NAMED.replace("TIDE-001", "RUL-900"), "OWN-LOAD"],
    ["an id that is none", NAMED.replace("TIDE-001", "names"), "OWN-LOAD"],
  ])("%s is a finding with its file, and fails the run", async (_title, text, code) => {
    write("checks/wrong.ts", text);
    const { findings, exitCode } = await validate();
    expect(findings.filter((finding) => finding.code === code)).toMatchObject([
      { severity: "error", where: { file: "checks/wrong.ts" } },
    ]);
    expect(exitCode).toBe(1);
  });

  test("an error of one stops apply before a device is dialled or the engine fetched", async () => {
    write("checks/names.ts", NAMED.replace('severity: "warning"', 'severity: "error"'));
    const { exitCode, findings } = await run("apply", "northgate/office");
    expect(exitCode).toBe(1);
    expect(findings.map(({ code }) => code)).toContain("TIDE-001");
    expect(existsSync(join(folder, ".sitewright"))).toBe(false);
  });

  test("two of one id are told; tests beside them are not loaded", async () => {
    write("checks/a.ts", NAMED);
    write("checks/b.ts", NAMED);
    write("checks/a.test.ts", "throw new Error('a test was loaded')");
    const codes = (await validate()).findings.map(({ code }) => code);
    expect(codes.filter((code) => code.startsWith("OWN-"))).toEqual(["OWN-TWICE"]);
  });

  test("the test helper runs a check over a few lines of YAML, and refuses lines that do not resolve", () => {
    const check = ownCheck({
      id: "TIDE-003",
      title: "Every site has contacts",
      severity: "info",
      rationale: "Somebody must open the door.",
      mend: "Write contacts.",
      find: (site) =>
        site.contacts.length > 0
          ? []
          : [{ where: site.origin, message: `${site.id} has no contact`, hint: "write contacts:" }],
    });
    const files = {
      "inventory/provider.yaml": "name: Tide\n",
      "inventory/acme/client.yaml": "name: Acme\n",
      "inventory/acme/hq/site.yaml": "name: HQ\ntimezone: Europe/London\n",
    };
    expect(findingsOf(check, files)).toMatchObject([{ code: "TIDE-003", message: "acme/hq has no contact" }]);
    const site = `${files["inventory/acme/hq/site.yaml"]}contacts:\n  ann:\n    name: Ann\n    phone: "1"\n`;
    expect(findingsOf(check, { ...files, "inventory/acme/hq/site.yaml": site })).toEqual([]);
    expect(() => findingsOf(check, { ...files, "inventory/acme/hq/site.yaml": "nmae: HQ\n" })).toThrow(
      /do not resolve/,
    );
  });
});
