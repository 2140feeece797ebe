import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { EngineError, type EngineWay, ensureEngine } from "../../src/deploy/engine/ensure.ts";
import { engineRoot, findCommandPlugin, findEngine } from "../../src/deploy/engine/locate.ts";
import { compareVersions, ENGINE_VERSION } from "../../src/deploy/engine/versions.ts";
import { newWorkspace } from "./workspace-fixture.ts";

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** A machine without an engine: an empty home, and on PATH only what a shell needs. */
function bareMachine(): { readonly home: string; readonly bin: string } {
  const home = newWorkspace();
  const bin = join(home, "bin");
  mkdirSync(bin);
  process.env.PULUMI_HOME = join(home, ".pulumi");
  process.env.PATH = [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  return { home, bin };
}

function putExecutable(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A way that works, and counts how often it was taken. */
function workingWay(delayMs = 0): EngineWay & { readonly taken: () => number } {
  let count = 0;
  return {
    name: "a way that works",
    taken: () => count,
    get: async (root) => {
      count += 1;
      await sleep(delayMs);
      putExecutable(join(root, "bin"), "pulumi", `echo v${ENGINE_VERSION}`);
    },
  };
}

describe("finding the engine", () => {
  test("prefers one on PATH that is new enough", async () => {
    const { bin } = bareMachine();
    putExecutable(bin, "pulumi", "echo v3.270.1");
    expect(await findEngine()).toMatchObject({
      source: "path",
      version: "3.270.1",
      pulumi: join(bin, "pulumi"),
    });
  });

  test.each(["v3.240.0", "v4.0.0", "not a version"])(
    "passes over one on PATH that says %s",
    async (version) => {
      const { bin } = bareMachine();
      putExecutable(bin, "pulumi", `echo ${version}`);
      expect(await findEngine()).toBeUndefined();
    },
  );

  test("passes over npm's launcher, which would download one", async () => {
    const { home, bin } = bareMachine();
    const launcher = putExecutable(join(home, "node_modules", "pulumi"), "pulumi", `echo v${ENGINE_VERSION}`);
    symlinkSync(launcher, join(bin, "pulumi"));
    expect(await findEngine()).toBeUndefined();
  });

  test("finds one in PULUMI_HOME, and the plugin of server actions in its plugin folder", async () => {
    bareMachine();
    putExecutable(join(engineRoot(), "bin"), "pulumi", "exit 9");
    const engine = await findEngine();
    expect(engine).toMatchObject({ source: "home", version: ENGINE_VERSION, root: engineRoot() });
    if (!engine) throw new Error("no engine");
    expect(findCommandPlugin(engine)).toBeUndefined();
    const folder = join(process.env.PULUMI_HOME ?? "", "plugins", "resource-command-v1.2.1");
    const plugin = putExecutable(folder, "pulumi-resource-command", "exit 0");
    expect(findCommandPlugin(engine)).toBe(plugin);
  });

  test("compares versions by number, not by letter", () => {
    expect(compareVersions("3.259.0", "3.68.0")).toBeGreaterThan(0);
    expect(compareVersions("go1.26.8", "1.25.11")).toBeGreaterThan(0);
    expect(compareVersions("v3.259.0", "3.259.0")).toBe(0);
  });
});

describe("getting the engine", () => {
  test("takes the next way where one fails, and says so", async () => {
    bareMachine();
    const broken: EngineWay = {
      name: "a broken way",
      get: async () => Promise.reject(new Error("no network")),
    };
    const said: string[] = [];
    const engine = await ensureEngine((line) => said.push(line), [broken, workingWay()]);
    expect(engine).toMatchObject({ source: "home", root: engineRoot() });
    expect(engine.dynamicProvider).toBe(join(engineRoot(), "bin", "pulumi-resource-pulumi-nodejs"));
    expect(said).toContain("a broken way does not work here: no network");
  });

  test("lets the second of two wait and use what the first got", async () => {
    bareMachine();
    const way = workingWay(1500);
    const said: string[] = [];
    const [first, second] = await Promise.all([
      ensureEngine(() => undefined, [way]),
      ensureEngine((line) => said.push(line), [way]),
    ]);
    expect(second).toEqual(first);
    expect(way.taken()).toBe(1);
    expect(said.join("\n")).toContain("waiting for another process");
  });

  test("leaves nothing behind where no way works, and says what to install", async () => {
    bareMachine();
    const half: EngineWay = {
      name: "a way that breaks off",
      get: async (root) => {
        putExecutable(join(root, "bin"), "pulumi", "exit 1");
        throw new Error("disk full");
      },
    };
    const failure = await ensureEngine(() => undefined, [half]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineError);
    expect((failure as EngineError).message).toContain("a way that breaks off: disk full");
    expect((failure as EngineError).hint).toContain(`install Pulumi ${ENGINE_VERSION}`);
    expect(existsSync(engineRoot())).toBe(false);
    expect(await findEngine()).toBeUndefined();
  });
});
