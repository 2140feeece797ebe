import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MINUTE_MS = 60_000;

/** A user's shell: the Node that runs the tests first on PATH, nothing of this repository. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"))),
  PATH: [
    dirname(process.execPath),
    ...(process.env.PATH ?? "").split(delimiter).filter((part) => !part.startsWith(ROOT)),
  ].join(delimiter),
  NO_COLOR: "1",
  PULUMI_CONFIG_PASSPHRASE: "practice",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
};

function shell(
  command: string,
  args: readonly string[],
  folder: string,
): Promise<{ stdout: string; stderr: string }> {
  return run(command, [...args], {
    cwd: folder,
    env: ENVIRONMENT,
    timeout: 6 * MINUTE_MS,
    maxBuffer: 1 << 26,
  });
}

describe("sitewright as users get it: packed, installed in an empty folder", () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "sitewright-package-"));
    await run("npm", ["pack", "--silent", "--pack-destination", home], { cwd: ROOT, timeout: 5 * MINUTE_MS });
    const [tarball] = (await readdir(home)).filter((name) => name.endsWith(".tgz"));
    await shell("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `./${tarball}`], home);
  }, 10 * MINUTE_MS);
  afterAll(() => rm(home, { recursive: true, force: true }));

  it(
    "init writes a workspace whose demo does the whole job; a lab, an apply and plain pulumi work in it",
    async () => {
      await shell("npx", ["sitewright", "init", "acme-net"], home);
      const workspace = join(home, "acme-net");
      await shell("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], workspace);
      const validated = await shell("npx", ["sitewright", "validate"], workspace);
      expect(validated.stdout).toMatch(/zone pairs: [1-9]\d* proved, 0 violated, 0 unknown/);
      const demo = await shell("npx", ["sitewright", "demo"], workspace);
      expect(demo.stdout).toMatch(/\d+ steps, each as promised/);
      expect(demo.stdout).not.toContain("not as promised");
      await shell("npx", ["sitewright", "lab", "up"], workspace);
      try {
        const applied = await shell("npx", ["sitewright", "apply", "acme/hq"], workspace);
        expect(applied.stdout).toContain("2 pushed and verified");
        const preview = await shell(
          "npx",
          ["pulumi", "preview", "--stack", "acme.hq", "--non-interactive"],
          workspace,
        );
        expect(preview.stdout).toMatch(/3 unchanged/);
        const drift = await shell("npx", ["sitewright", "drift"], workspace);
        expect(drift.stdout).toContain("2 clean");
      } finally {
        await shell("npx", ["sitewright", "lab", "down"], workspace);
      }
    },
    10 * MINUTE_MS,
  );

  it("says in one line what to type on an old Node", async () => {
    const shim = join(home, "node_modules/sitewright/bin/sitewright.js");
    const lie = join(home, "old-node.cjs");
    await writeFile(lie, `Object.defineProperty(process.versions, "node", { value: "18.19.0" });\n`);
    const failed = await run(process.execPath, ["--require", lie, shim, "--version"]).catch(
      (error: unknown) => error as { readonly code: number; readonly stderr: string },
    );
    expect(failed).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("npm install --global node@24"),
    });
  });
});
