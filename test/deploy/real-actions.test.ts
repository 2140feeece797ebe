import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeployContext } from "../../src/deploy/types.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { labDevice, mustOnConsole } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import type { DeviceIntent, ServerIntent } from "../../src/model/intent.ts";
import { practiceServer } from "../drivers/linux-common/intents.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { planAndApply, pulumi } from "./pulumi-bench.ts";
import { QUICK, withKey } from "./real-firewall.ts";
import { bindLab, newWorkspace, putSecret, siteOf } from "./workspace-fixture.ts";

const reason = await whyNoLab();
const STAND_IN = fileURLToPath(new URL("./stand-in", import.meta.url));
const NOTE = {
  path: "/etc/cron.d/note",
  content: "# first\n",
  mode: "0644",
  owner: "root",
  restarts: "cron",
};
const RESTIC_CANARY = "canary-8811-restic";

describe.skipIf(reason)(
  titled("server actions by @pulumi/command, with the tests' stand-in plugin", reason),
  { timeout: 180_000 },
  () => {
    const options = newLabOptions();
    const environment = { ...process.env };
    let state: LabState;
    let context: DeployContext;

    beforeAll(async () => {
      const up = await labUp(officeSite(), options);
      if (!up.ok) throw new Error(JSON.stringify(up.findings));
      state = up.state;
      const root = newWorkspace();
      const { socketPath = "", hostKey = "" } = labDevice(state, "srv1");
      const endpoint = { kind: "socket", path: socketPath } as const;
      await bindLab(root, "acme/office", { "198.18.0.2": { endpoint, hostKeys: [hostKey] } });
      putSecret(root, "operator.key", OPERATOR_KEY.private);
      Object.assign(process.env, {
        RESTIC: RESTIC_CANARY,
        NAS_KEY: OPERATOR_KEY.private,
        LIWEI: "canary-liwei",
      });
      context = openContext({ root, drivers: driverFor, isLab: () => true, timeouts: QUICK });
      await byHand("mkdir -p '/srv/erp data' && echo invoice > '/srv/erp data/invoice.txt'");
    });
    afterAll(async () => {
      process.env = environment;
      await labDown(options);
    });

    const byHand = async (line: string) =>
      (await mustOnConsole(state, "srv1", ["/bin/sh", "-c", line])).stdout;
    const withPlugin = () => {
      process.env.PATH = `${STAND_IN}${delimiter}${environment.PATH}`;
    };
    const withoutPlugin = () => {
      process.env.PATH = environment.PATH;
    };
    const keyOf = (name: string) => labDevice(state, name).hostKey ?? "";
    const server = (change: Partial<ServerIntent> = {}, nas = "srv2"): DeviceIntent => {
      const intent = withKey(practiceServer({ files: [NOTE], ...change }));
      const backups = (intent.server?.backups ?? []).map((job) => ({
        ...job,
        targets: job.targets.map((target) => ({ ...target, hostKeys: [keyOf(nas)] })),
        restoreTestSeconds: 2_592_000,
      }));
      return intent.server ? { ...intent, server: { ...intent.server, backups } } : intent;
    };
    const names = (actions: readonly { readonly name: string; readonly result?: string }[]) =>
      actions.map(({ name, result }) => [name, result]);

    test("without the plugin the configuration is pushed, and each action says how to get it", async () => {
      withoutPlugin();
      const { plan, result } = await planAndApply(siteOf([server()]), context, 60);
      expect(plan.actions.map((action) => action.name)).toEqual([
        "repository:erp",
        "restart:cron:/etc/cron.d/note",
        "restore-drill:erp",
      ]);
      expect(result.devices, JSON.stringify(result)).toMatchObject([{ result: "done" }]);
      expect(result.actions.map((action) => action.result)).toEqual(["skipped", "skipped", "skipped"]);
      expect(result.actions[0]?.reason).toContain("pulumi plugin install resource command 1.2.1");
    });

    test("with it the repository is made, the restore is drilled and the service restarted, once", async () => {
      withPlugin();
      const { result } = await planAndApply(siteOf([server()]), context, 60);
      expect(names(result.actions), JSON.stringify(result)).toEqual([
        ["repository:erp", "done"],
        ["restart:cron:/etc/cron.d/note", "done"],
        ["restore-drill:erp", "done"],
      ]);
      expect(await byHand("cat /var/lib/sitewright/backup/erp.nas-1.drill")).toMatch(/^20\d\d-/);
      const again = await planAndApply(siteOf([server()]), context, 60);
      expect(again.plan.actions).toEqual([]);
      expect(again.result.engineErrors).toEqual([]);
    });

    test("a file that changes restarts its service, and nothing else runs again", async () => {
      withPlugin();
      const changed = server({ files: [{ ...NOTE, content: "# second\n" }] });
      const { plan, result } = await planAndApply(siteOf([changed]), context, 60);
      expect(plan.actions.map((action) => action.name)).toEqual(["restart:cron:/etc/cron.d/note"]);
      expect(names(result.actions)).toEqual([["restart:cron:/etc/cron.d/note", "done"]]);
    });

    test("an action that fails is named with what the server said; the devices are not touched", async () => {
      withPlugin();
      await byHand("mv /usr/sbin/service /usr/sbin/service.away");
      const changed = server({ files: [{ ...NOTE, content: "# third\n" }] });
      const { result } = await planAndApply(siteOf([changed]), context, 60);
      await byHand("mv /usr/sbin/service.away /usr/sbin/service");
      expect(result.devices).toMatchObject([{ result: "done" }]);
      expect(result.actions).toMatchObject([{ name: "restart:cron:/etc/cron.d/note", result: "failed" }]);
      expect(result.actions[0]?.reason).toContain("exited with status 127");
    });

    test("a backup target that shows another host key than the inventory's is not talked to", async () => {
      withPlugin();
      const run = "/usr/local/sbin/sitewright-backup-erp run";
      await byHand(run);
      await planAndApply(siteOf([server({}, "srv1")]), context, 60);
      expect(await byHand(`${run} 2>&1 || echo refused`)).toMatch(
        /Host key verification failed[\s\S]*refused/,
      );
    });

    test("the state holds the host key and the agent's socket, and neither key nor secret", async () => {
      const { output } = await pulumi(context.root, "acme/office", ["stack", "export", "--show-secrets"]);
      expect(output).toContain("command:remote:Command");
      expect(output).toContain("agentSocketPath");
      expect(output).toMatch(/hostKey\\*": *\\*"ssh-/);
      expect(output).not.toContain("PRIVATE KEY");
      expect(output).not.toContain("canary-");
    });
  },
);
