import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "bin/sitewright.js");

let folder: string;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "sitewright-hook-")), "net");
  execFileSync(process.execPath, [BIN, "init", folder]);
  const git = (...args: string[]): void => {
    execFileSync("git", args, { cwd: folder, stdio: "ignore" });
  };
  git("init", "-q");
  git("config", "user.email", "test@example.net");
  git("config", "user.name", "test");
  // What `npm install` would put there: the command by its name.
  const shim = join(folder, "node_modules/.bin");
  execFileSync("mkdir", ["-p", shim]);
  writeFileSync(join(shim, "sitewright"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {
    mode: 0o755,
  });
  execFileSync("npm", ["run", "--silent", "hooks"], { cwd: folder });
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

function commit(message: string): { status: number | null; text: string } {
  execFileSync("git", ["add", "-A"], { cwd: folder });
  const ran = spawnSync("git", ["commit", "-q", "-m", message], { cwd: folder, encoding: "utf8" });
  return { status: ran.status, text: `${ran.stdout}${ran.stderr}` };
}

test("the hook of a new workspace lets a sound commit pass, and tells the line of one that is not", () => {
  expect(commit("a new workspace")).toMatchObject({ status: 0 });
  const site = join(folder, "inventory/acme/hq/site.yaml");
  const sound = readFileSync(site, "utf8");
  writeFileSync(site, sound.replace(/vlan: \d+/, "vlan: 4095"));
  const broken = commit("a VLAN that there cannot be");
  expect(broken.status).not.toBe(0);
  expect(broken.text).toMatch(/inventory\/acme\/hq\/site\.yaml:\d+:\d+/);
  writeFileSync(site, sound);
  expect(commit("nothing but what was")).toMatchObject({ status: 1 });
});
