import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { BASE } from "../errors/base-workspace.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sitewright-read-"));
  for (const [path, text] of BASE) put(path, text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function codes(): Promise<string[]> {
  const workspace = await readWorkspace(root);
  return resolveWorkspace(workspace).findings.map(
    (finding) => `${finding.code} ${"file" in finding.where ? finding.where.file : ""}`,
  );
}

const SW3 = "inventory/acme/hq/devices/sw-3.yaml";

test("a sound workspace gives no finding", async () => {
  expect(await codes()).toEqual([]);
});

test("a workspace without inventory says how to begin", async () => {
  rmSync(join(root, "inventory"), { recursive: true });
  rmSync(join(root, "policies"), { recursive: true });
  const { findings } = await readWorkspace(root);
  expect(findings.map((finding) => finding.code)).toEqual(["INV-NO-INVENTORY"]);
  expect(findings[0]?.hint).toContain("sitewright init");
});

test("a symbolic link out of the workspace is refused", async () => {
  symlinkSync("/etc/hostname", join(root, SW3));
  expect(await codes()).toEqual([`INV-SYMLINK ${SW3}`]);
});

test("a symbolic link within the workspace is followed", async () => {
  put(
    "inventory/shared.md",
    "asset: A-SW-3\nmodel: switch-8\nrole: access\nmanagement: {network: mgmt, address: 4}\n",
  );
  symlinkSync(join(root, "inventory/shared.md"), join(root, SW3));
  const { sites } = resolveWorkspace(await readWorkspace(root));
  expect(sites.flatMap((site) => site.devices.map((device) => device.name))).toContain("sw-3");
});

test("a symbolic link that leads nowhere is a finding", async () => {
  symlinkSync(join(root, "nowhere"), join(root, SW3));
  expect(await codes()).toEqual([`INV-UNREADABLE ${SW3}`]);
});

test("a loop of symbolic links ends", async () => {
  symlinkSync(join(root, "inventory"), join(root, "inventory/acme/loop"));
  const found = await codes();
  expect(found.every((code) => !code.startsWith("INV-YAML"))).toBe(true);
});

test("a file of 10 MB is a finding and is not read", async () => {
  put(SW3, `# ${"x".repeat(10 * 1024 * 1024)}\n`);
  expect(await codes()).toEqual([`INV-FILE-TOO-LARGE ${SW3}`]);
});

test.each([
  ["UTF-16 with a mark", Buffer.from("\ufeffasset: X\n", "utf16le")],
  ["GBK", Buffer.concat([Buffer.from("asset: A\nlocation: "), Buffer.from([0xc8, 0xf5, 0xb5, 0xe7])])],
  ["a NUL byte", Buffer.from("asset: A\0B\n")],
])("%s is told as a wrong encoding", async (_what, bytes) => {
  put(SW3, bytes);
  expect(await codes()).toEqual([`INV-ENCODING ${SW3}`]);
});

test("a wrong byte is told with its line and column", async () => {
  put(SW3, Buffer.concat([Buffer.from("asset: A\nlocation: "), Buffer.from([0xc8, 0xf5])]));
  const { findings } = await readWorkspace(root);
  expect(findings[0]?.where).toEqual({ file: SW3, line: 2, column: 11 });
});

test("a byte-order mark of UTF-8 is no mistake", async () => {
  put("inventory/acme/client.yaml", `\ufeff${BASE.get("inventory/acme/client.yaml")}`);
  expect(await codes()).toEqual([]);
});

test("with sites chosen, devices of other sites are not even read", async () => {
  const workspace = await readWorkspace(root, { sites: ["acme/branch"] });
  expect([...workspace.files.keys()].some((path) => path.includes("/hq/devices/"))).toBe(false);
  expect([...workspace.files.keys()]).toContain("inventory/acme/hq/site.yaml");
  expect(workspace.siteIds).toEqual(["acme/branch", "acme/hq"]);
});

test("with a site chosen, its findings are those of the whole run", async () => {
  put("inventory/acme/hq/devices/sw-2.yaml", "asset: A-SW-2\nmodel: switch-9\n");
  const whole = resolveWorkspace(await readWorkspace(root));
  const one = resolveWorkspace(await readWorkspace(root, { sites: ["acme/hq"] }), { sites: ["acme/hq"] });
  expect(one.findings).toEqual(whole.findings);
});
