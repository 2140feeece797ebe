import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITE = "inventory/northgate/office/site.yaml";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-watch-"));
  for (const part of ["inventory", "policies"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("plan --watch plans again after each saved file, tells mistakes, and ends with Ctrl-C", async () => {
  const child = spawn(
    process.execPath,
    [join(ROOT, "bin/sitewright.js"), "plan", "--watch", "northgate/office"],
    { cwd: folder, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let text = "";
  const rounds = (): number => text.split("waiting for the next saved file").length - 1;
  const until = async (count: number): Promise<string> => {
    while (rounds() < count)
      await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), once(child, "exit")]);
    return text.slice(text.lastIndexOf("waiting", text.lastIndexOf("waiting") - 1));
  };
  child.stdout.on("data", (data: Buffer) => (text += data));
  child.stderr.on("data", (data: Buffer) => (text += data));
  const site = join(folder, SITE);
  const good = readFileSync(site, "utf8");
  await until(1);
  writeFileSync(site, good.replace(/vlan: \d+/, "vlan: 4095"));
  expect(await until(2)).toContain("4095");
  writeFileSync(site, good);
  expect(await until(3)).not.toContain("4095");
  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(130);
});
