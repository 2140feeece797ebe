import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLabBinding, writeLabBinding } from "../../../src/deploy/lab-binding.ts";
import { pushDevice } from "../../../src/deploy/push.ts";
import { resumeDevice } from "../../../src/deploy/resume.ts";
import { unlockSite } from "../../../src/deploy/resume-site.ts";
import { ourselves } from "../../../src/deploy/stores/locks.ts";
import type { DeployContext } from "../../../src/deploy/types.ts";
import { openContext } from "../../../src/deploy/workspace.ts";
import { recordRun } from "../../../src/drift/night/record.ts";
import { readSiteDrift } from "../../../src/drift/read-drift.ts";
import { openNightStore } from "../../../src/drift/store/open-store.ts";
import { QUIET } from "../../drift/alert-settings.ts";
import { HAS_POSTGRES, type PostgresServer, sql, startPostgres } from "../../drift/store/postgres-server.ts";
import { accessSwitch, CANARY, type SwitchLab, startSwitches } from "../switches.ts";
import { testDrivers } from "../test-drivers.ts";
import { newWorkspace, putSecret, siteOf } from "../workspace-fixture.ts";

const BIN = fileURLToPath(new URL("../../../bin/sitewright.js", import.meta.url));
const intent = accessSwitch("iosxe", 1);
const site = siteOf([intent]);
describe.runIf(HAS_POSTGRES)("a laptop and a fresh runner on one PostgreSQL", { timeout: 60_000 }, () => {
  let server: PostgresServer;
  let lab: SwitchLab;
  let url: string;
  let laptop: DeployContext;
  let runner: DeployContext;

  const environment = () => ({
    ...process.env,
    NO_COLOR: "1",
    SITEWRIGHT_STORE_URL: url,
    SITEWRIGHT_FINGERPRINT_KEY: "one key for the laptop and the runner",
  });

  /** A workspace as git has it: nothing of `.sitewright/` but where the practice devices listen. */
  async function machine(): Promise<DeployContext> {
    const root = newWorkspace();
    putSecret(root, "ops.password", CANARY);
    mkdirSync(join(root, "inventory"));
    const binding = readLabBinding(lab.root);
    if (binding === undefined) throw new Error("no lab");
    await writeLabBinding(root, binding);
    return openContext({
      root,
      drivers: testDrivers,
      isLab: () => true,
      environment: environment(),
      timeouts: { connectMs: 5000, commandMs: 20_000, keepaliveMs: 5000 },
    });
  }

  const push = (context: DeployContext, change: Partial<Parameters<typeof pushDevice>[0]> = {}) => {
    const driver = testDrivers("iosxe");
    if (driver?.level !== "full") throw new Error("no driver");
    return pushDevice(
      {
        intent,
        driver,
        operator: "li.wei",
        plan: undefined,
        commandsDigest: undefined,
        graceSeconds: 120,
        ...change,
      },
      context,
    );
  };

  async function night(context: DeployContext, run: string) {
    const { root, secrets, stores, now } = context;
    const options = { folder: join(root, ".sitewright"), environment: environment(), secrets, now };
    const store = await openNightStore({ ...options, locks: stores.locks });
    try {
      const drifts = [await readSiteDrift(site, context)];
      const { notices } = await recordRun(drifts, {
        store,
        settingsOf: () => QUIET,
        devices: site.devices,
        run,
        now: new Date(),
      });
      return { state: drifts[0]?.devices[0]?.state, notices: [...new Set(notices.map(({ kind }) => kind))] };
    } finally {
      await store.close();
    }
  }

  function sitewright(context: DeployContext, ...args: readonly string[]) {
    return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>(
      (resolve) => {
        execFile(
          process.execPath,
          [BIN, ...args],
          { cwd: context.root, env: environment() },
          (error, stdout, stderr) =>
            resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
        );
      },
    );
  }

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.freshDatabase();
    lab = await startSwitches("iosxe", [1]);
    laptop = await machine();
    runner = await machine();
    expect(await push(laptop)).toMatchObject({ result: "done" });
  }, 60_000);
  afterAll(async () => {
    await lab?.stop();
    await server?.stop();
  });

  it("what the laptop applied is clean to the runner, and its night is quiet", async () => {
    expect(existsSync(join(laptop.root, ".sitewright", "receipts"))).toBe(false);
    expect(await night(runner, "run-1")).toEqual({ state: "clean", notices: [] });
  });

  it("a drift is told once, whichever fresh machine reads it next", async () => {
    lab.emulators
      .get(1)
      ?.handEdit(["interface GigabitEthernet1/0/1", "switchport access vlan 20"], "mallory");
    expect(await night(laptop, "run-2")).toEqual({ state: "drift", notices: ["opened"] });
    expect(await night(await machine(), "run-3")).toEqual({ state: "drift", notices: [] });
  });

  it("the archive lists on one what the other read, and the doctor says where it is", async () => {
    const list = await sitewright(runner, "archive", "list", "--json");
    const [device] = JSON.parse(list.stdout).result.devices;
    expect(device.device).toBe("acme/hq/sw-1");
    expect(device.versions.map(({ why }: { readonly why: string }) => why).slice(0, 2)).toEqual([
      "before-push",
      "after-push",
    ]);
    const shown = await sitewright(runner, "archive", "show", "acme/hq/sw-1");
    expect(shown.stdout).toContain("hostname sw-1");
    expect(shown.stdout).not.toContain(CANARY);
    expect((await sitewright(runner, "doctor")).stdout).toMatch(/ok +stores +PostgreSQL /);
  });

  it("a push is refused while another machine pushes, naming it; unlock names it too", async () => {
    const held = await laptop.stores.locks.acquire(intent.asset);
    const away = { ...ourselves(), host: "nms-2", pid: 4711, user: "chen.jing", machine: "elsewhere" };
    await sql(url, "UPDATE store_locks SET document = $1", [JSON.stringify(away)]);
    expect(await push(runner)).toMatchObject({
      result: "refused",
      code: "PUSH-LOCKED",
      reason: expect.stringContaining("chen.jing, pid 4711 on nms-2"),
    });
    const unlock = (force: boolean) => unlockSite(site, runner, { force, cancel: async () => {} });
    expect(await unlock(false)).toMatchObject([{ kind: "device", stale: false, released: false }]);
    expect(await unlock(true)).toMatchObject([{ holder: expect.stringContaining("nms-2"), released: true }]);
    await held.release();
    expect(await push(runner)).toMatchObject({ result: "done" });
    expect(await night(laptop, "run-4")).toEqual({ state: "clean", notices: ["closed"] });
  });

  it("stores that fail in the middle of a push end it with a person; resume undoes it when they are back", async () => {
    const other = accessSwitch("iosxe", 1, { description: "changed" });
    const before = lab.emulators.get(1)?.running();
    const outcome = await push(laptop, {
      intent: other,
      observe: async (step, when) => {
        if (`${step}:${when}` === "send:done") await sql(url, "ALTER TABLE store_lines RENAME TO gone");
      },
    });
    expect(outcome).toMatchObject({ result: "needs-person" });
    expect(outcome.reason).toContain("PostgreSQL");
    expect(await readSiteDrift(site, runner)).toMatchObject({
      devices: [{ state: "unreachable", reason: expect.stringContaining("check the server") }],
    });
    await sql(url, "ALTER TABLE gone RENAME TO store_lines");
    expect(await resumeDevice(intent.asset, runner)).toMatchObject({
      result: "refused",
      reason: expect.stringContaining("resume on the machine that began it"),
    });
    expect(await resumeDevice(intent.asset, laptop)).toMatchObject({ result: "rolled-back" });
    expect(lab.emulators.get(1)?.running()).toBe(before);
    expect(await night(runner, "run-5")).toEqual({ state: "clean", notices: [] });
  });

  it.each([
    ["postgres://u:geheim@127.0.0.1:1/x", "cannot be reached (ECONNREFUSED)"],
    ["mysql://u:geheim@db/x", "is no address of a PostgreSQL database"],
    ["env:NOT_SET_HERE@1", "NOT_SET_HERE is not set"],
  ])(
    "%s: every command says so in one sentence, ends with 4, and shows no password",
    async (address, message) => {
      const good = url;
      url = address;
      try {
        const list = await sitewright(runner, "archive", "list");
        expect([list.code, list.stderr]).toEqual([4, expect.stringContaining(message)]);
        expect(list.stderr).not.toMatch(/geheim|bug in Sitewright/);
        const doctor = await sitewright(runner, "doctor");
        expect([doctor.code, doctor.stdout]).toEqual([3, expect.stringMatching(/missing stores +/)]);
        expect(doctor.stdout).toContain(message);
        expect(doctor.stdout + doctor.stderr).not.toContain("geheim");
      } finally {
        url = good;
      }
    },
  );
});
