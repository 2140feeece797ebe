import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "bin/sitewright.js");

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sitewright(args: readonly string[], folder = ROOT, input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

function schema(name: string): object {
  return JSON.parse(readFileSync(join(ROOT, "docs/schemas", `${name}.json`), "utf8")) as object;
}

/** Checks a document against the published schemas of the envelope and of the command's result. */
function expectPublished(name: string, text: string): void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const envelope = JSON.parse(text) as { readonly result: unknown };
  ajv.validate(schema("envelope"), envelope);
  expect(ajv.errors ?? []).toEqual([]);
  ajv.validate(schema(name), envelope.result);
  expect(ajv.errors ?? []).toEqual([]);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-cli-"));
  writeFileSync(join(folder, "running.cfg"), "hostname sw1\n!\nvlan 10\n name OFFICE\n!\nend\n");
  writeFileSync(join(folder, "intended.cfg"), "hostname sw1\n!\nvlan 10\n name STAFF\n!\nend\n");
  writeFileSync(join(folder, "empty.cfg"), "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("every command's JSON is what its published schema says", () => {
  it.each([
    ["validate", ["validate", "northgate/office"], 0],
    ["render", ["render", "northgate/office"], 0],
    ["doctor", ["doctor"], undefined],
    ["compliance", ["compliance", "lanhai/hq", "--pack", "mlps-3"], 1],
    ["lab", ["lab", "status"], 0],
    ["plan", ["plan", "northgate/office", "--offline"], 3],
    ["drift", ["drift", "northgate/office"], undefined],
  ])("%s", async (name, args, code) => {
    const ran = await sitewright([...args, "--json"]);
    expectPublished(name, ran.stdout);
    if (code !== undefined) expect(ran.code).toBe(code);
  });

  it("diff and parse", async () => {
    const diff = await sitewright(
      ["diff", "--platform", "iosxe", "running.cfg", "intended.cfg", "--json"],
      folder,
    );
    expectPublished("diff", diff.stdout);
    const parse = await sitewright(["parse", "--platform", "iosxe", "running.cfg", "--json"], folder);
    expectPublished("parse", parse.stdout);
  });
});

describe("a configuration of another platform", () => {
  it("is refused, and the likely platform is named", async () => {
    writeFileSync(join(folder, "huawei.cfg"), "sysname SW1\n#\nvlan batch 10 20\n#\nreturn\n");
    const ran = await sitewright(["diff", "--platform", "iosxe", "huawei.cfg", "huawei.cfg"], folder);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("it looks like vrp");
  });
});

describe("diff speaks to scripts", () => {
  it("ends with 2 only where it was asked to", async () => {
    const args = ["diff", "--platform", "iosxe", "running.cfg", "intended.cfg"];
    expect((await sitewright(args, folder)).code).toBe(0);
    expect((await sitewright([...args, "--exit-code"], folder)).code).toBe(2);
    const same = ["diff", "--platform", "iosxe", "running.cfg", "running.cfg", "--exit-code"];
    expect((await sitewright(same, folder)).code).toBe(0);
  });

  it("answers a batch line by line, in order, errors included, and ends with 0", async () => {
    const line = (id: number, platform: string): string =>
      JSON.stringify({ id, platform, running: "vlan 10\n", intended: "vlan 10\nvlan 20\n" });
    const ran = await sitewright(
      ["diff", "--batch"],
      folder,
      `${line(1, "iosxe")}\n${line(2, "nokia")}\nno json\n`,
    );
    const answers = ran.stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as { readonly id: unknown; readonly commands: readonly string[] });
    expect(answers.map((answer) => answer.id)).toEqual([1, 2, null]);
    expect(answers[0]?.commands).toContain("vlan 20");
    expect(ran.code).toBe(0);
  });
});

describe("wrong usage ends with 4 and says what to type", () => {
  it.each([
    [["frobnicate"], "frobnicate"],
    [["validate", "nobody"], "nobody"],
    [["validate", "northgate/nowhere"], "northgate/office"],
    [["apply"], "--all"],
    [["diff", "--platform", "nokia", "running.cfg", "intended.cfg"], "iosxe"],
    [["diff", "--platform", "iosxe", "missing.cfg", "intended.cfg"], "missing.cfg"],
    [["diff", "--platform", "iosxe", "empty.cfg", "intended.cfg"], "empty.cfg"],
    [["diff", "--platform", "iosxe", "running.cfg"], "two files"],
    [["approve", "--plan", "missing.json"], "missing.json"],
    [["lab", "sideways"], "sideways"],
    [["compliance", "--pack", "nobody"], "mlps-3"],
    [["validate", "--frob"], "--frob"],
  ])("%j", async (args, told) => {
    const inWorkspace = ["validate", "apply", "approve", "lab", "compliance"].includes(args[0] ?? "");
    const ran = await sitewright(args, inWorkspace ? ROOT : folder);
    expect({ code: ran.code, told: `${ran.stdout}${ran.stderr}`.includes(told) }).toEqual({
      code: 4,
      told: true,
    });
  });

  it("names the missing workspace", async () => {
    const ran = await sitewright(["validate"], folder);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain("sitewright init");
  });
});

describe("sites bound to the lab are never dialled", () => {
  it("says that the lab is down and what to type", async () => {
    const ran = await sitewright(["plan", "harbour-dental/main", "-C", ROOT]);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("the lab is down; type: sitewright lab up");
  });
});
