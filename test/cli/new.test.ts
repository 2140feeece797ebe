import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import type { Site } from "../../src/model/site.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = new Ajv2020().compile(
  JSON.parse(readFileSync(join(ROOT, "docs/schemas/new.json"), "utf8")) as object,
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-new-"));
  for (const part of ["inventory", "policies", "src/inventory/schema"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sitewright(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

interface Made {
  readonly files: readonly string[];
  readonly chosen: readonly string[];
  readonly written: boolean;
}

async function make(...args: string[]): Promise<Made> {
  const { stdout, code } = await sitewright("new", ...args, "--json");
  const { result, findings } = JSON.parse(stdout) as { result: Made; findings: unknown };
  expect([code, findings]).toEqual([0, []]);
  SCHEMA(result);
  expect(SCHEMA.errors ?? []).toEqual([]);
  return result;
}

/** The workspace must resolve without an error after each new part, and fmt must have nothing to do. */
async function siteAfterwards(id: string): Promise<Site> {
  const { sites, findings } = resolveWorkspace(await readWorkspace(folder));
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect((await sitewright("fmt", "--check")).stdout).toBe("nothing to change\n");
  const site = sites.find((candidate) => candidate.id === id);
  if (site === undefined) throw new Error(`no site ${id}`);
  return site;
}

describe("sitewright new", () => {
  test("a vlan gets a free id, a prefix that says it, and the gateway of its zone; the rest of the file stays", async () => {
    const path = join(folder, "inventory/lanhai/hq/site.yaml");
    const before = readFileSync(path, "utf8");
    expect(await make("vlan", "lanhai/hq", "lab", "--zone", "server")).toEqual({
      files: ["inventory/lanhai/hq/site.yaml"],
      chosen: ["VLAN 60", "10.1.60.0/24", "zone server", "gateway on fw-1"],
      written: true,
    });
    const site = await siteAfterwards("lanhai/hq");
    expect(site.networks.find(({ name }) => name === "lab")).toMatchObject({
      vlan: 60,
      gateway: "10.1.60.1",
    });
    const after = readFileSync(path, "utf8").split("\n");
    expect(before.split("\n").filter((line) => !after.includes(line))).toEqual([]);
  });

  test("a second vlan does not take what the first one took", async () => {
    const first = await make("vlan", "northgate/office", "lab", "--zone", "office", "--length", "26");
    const second = await make("vlan", "northgate/office", "shop", "--zone", "office", "--length", "26");
    expect(first.chosen[0]).not.toBe(second.chosen[0]);
    expect(first.chosen[1]).not.toBe(second.chosen[1]);
    await siteAfterwards("northgate/office");
  });

  test("a switch gets the next asset id, a free address, and a cable from a free port", async () => {
    const made = await make(
      "device",
      "northgate/office",
      "acc-5",
      "--uplink",
      "core-1",
      "--model",
      "cisco-c9200l-48p-4x",
    );
    expect(made.chosen[0]).toBe("NG-SW-0015");
    const site = await siteAfterwards("northgate/office");
    expect(site.devices.find(({ name }) => name === "acc-5")?.management.address).toBe(made.chosen[2]);
    expect(site.links.some(({ a, b }) => [a.device, b.device].sort().join() === "acc-5,core-1")).toBe(true);
  });

  test("a server gets an address that nobody has", async () => {
    const before = resolveWorkspace(await readWorkspace(folder)).sites.find(({ id }) => id === "lanhai/hq");
    const made = await make("server", "lanhai/hq", "srv-print", "--network", "servers");
    expect(before?.hosts.map(({ address }) => address)).not.toContain(made.chosen[2]);
    await siteAfterwards("lanhai/hq");
  });

  test("a rule has the next id, an owner, a ticket, and a review in a year", async () => {
    const wish = ["--from", "guest", "--to", "printers", "--service", "printing", "--reason", "Guests print"];
    const made = await make(
      "rule",
      "northgate/office",
      ...wish,
      "--owner",
      "priya.nair",
      "--ticket",
      "NG-0099",
    );
    const site = await siteAfterwards("northgate/office");
    expect(site.rules.find(({ id }) => id === made.chosen[0])).toMatchObject({
      ticket: "NG-0099",
      log: true,
    });
    expect((await sitewright("new", "rule", "northgate/office", "--from", "guest")).stderr).toContain(
      "a rule wants --to, --reason, --owner, --ticket, --service",
    );
  });

  test("a site of a new client has its files and room of its own, and takes a device", async () => {
    const made = await make("site", "acme/leeds", "--timezone", "Europe/London", "--title", "Leeds");
    expect(made.files).toEqual(["inventory/acme/leeds/site.yaml", "inventory/acme/client.yaml"]);
    expect((await siteAfterwards("acme/leeds")).name).toBe("Leeds");
    await make("device", "acme/leeds", "sw-1", "--model", "cisco-c9200l-24t-4g", "--network", "mgmt");
    expect((await siteAfterwards("acme/leeds")).devices.map(({ asset }) => asset)).toEqual(["AC-SW-0001"]);
  });

  test("--dry-run writes nothing", async () => {
    const { stdout } = await sitewright(
      "new",
      "server",
      "lanhai/hq",
      "srv-x",
      "--network",
      "servers",
      "--dry-run",
    );
    expect(stdout).toContain("asset: LH-SV-");
    expect(existsSync(join(folder, "inventory/lanhai/hq/servers/srv-x.yaml"))).toBe(false);
  });

  test("what would not validate is not written", async () => {
    const { code, stdout } = await sitewright(
      ...[
        "new",
        "rule",
        "northgate/office",
        "--from",
        "nowhere",
        "--to",
        "printers",
        "--service",
        "printing",
      ],
      ...["--reason", "x", "--owner", "o", "--ticket", "T-1"],
    );
    expect([code, stdout.includes("nothing written"), stdout.includes("nowhere")]).toEqual([1, true, true]);
    expect(readFileSync(join(folder, "inventory/northgate/office/rules.yaml"), "utf8")).not.toContain(
      "nowhere",
    );
  });

  test.each([
    ["a name with capitals", ["vlan", "lanhai/hq", "Lab"], "use small letters"],
    ["a name that is taken", ["vlan", "lanhai/hq", "guest"], "there is a vlan guest already"],
    ["a zone that there is not", ["vlan", "lanhai/hq", "lab"], "add --zone Z; known: "],
    [
      "an id that is taken",
      ["vlan", "lanhai/hq", "lab", "--zone", "server", "--vlan", "10"],
      "leave --vlan away",
    ],
    [
      "a prefix that is too large",
      ["vlan", "lanhai/hq", "lab", "--zone", "server", "--length", "8"],
      "give --length",
    ],
    [
      "a number that is none",
      ["vlan", "lanhai/hq", "lab", "--zone", "server", "--vlan", "ten"],
      "type: --vlan 20",
    ],
    ["a model that there is not", ["device", "lanhai/hq", "sw-9", "--model", "x"], "known: cisco-"],
    ["an uplink that there is not", ["device", "lanhai/hq", "sw-9", "--uplink", "x"], "there is no device x"],
    ["a site that there is not", ["vlan", "lanhai/paris", "lab"], "known: harbour-dental/main"],
    ["a part that there is not", ["vpn", "lanhai/hq"], "known: site, vlan, device, server, rule"],
    ["a first site without a time zone", ["site", "acme/leeds"], "add --timezone"],
  ])("says what to type: %s", async (_title, args, hint) => {
    const { code, stderr } = await sitewright("new", ...args);
    expect([code, stderr]).toEqual([4, expect.stringContaining(hint)]);
  });

  test("a line for editors that leads to its schema stays, one that leads nowhere is put right", async () => {
    const path = join(folder, "inventory/lanhai/hq/site.yaml");
    const plain = readFileSync(path, "utf8");
    const [ours = ""] = plain.split("\n");
    mkdirSync(join(folder, "schemas"));
    writeFileSync(join(folder, "schemas/site.json"), "{}");
    const own = "# yaml-language-server: $schema=../../../schemas/site.json";
    writeFileSync(path, plain.replace(ours, own));
    await make("vlan", "lanhai/hq", "lab", "--zone", "server");
    expect(readFileSync(path, "utf8").split("\n")[0]).toBe(own);
    expect((await sitewright("fmt", "--check")).stdout).toBe("nothing to change\n");
    rmSync(join(folder, "schemas"), { recursive: true });
    await sitewright("fmt");
    expect(readFileSync(path, "utf8").split("\n")[0]).toBe(ours);
  });

  test("a file that nobody formatted is left to fmt first", async () => {
    const path = join(folder, "inventory/lanhai/hq/site.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("binding: lab", "binding:   lab"));
    expect((await sitewright("new", "vlan", "lanhai/hq", "lab", "--zone", "server")).stderr).toContain(
      "sitewright fmt",
    );
  });
});
