import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDeploy } from "../../src/cli/deploy-context.ts";
import { type RunningPractice, startPractice } from "../../src/cli/practice.ts";
import { pushDevice } from "../../src/deploy/push.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { makeRepository, type Repository } from "./preview-repository.ts";

const DEVICE = "northgate/office/acc-1";
const PORT = "interface GigabitEthernet1/0/22";

interface Night {
  readonly result: {
    readonly sites: readonly { readonly devices: readonly { readonly items: readonly unknown[] }[] }[];
    readonly notices: readonly unknown[];
  };
}

/** The practice switch as the work tree wants it now. */
async function wanted(folder: string) {
  const workspace = await readWorkspace(folder);
  const site = resolveWorkspace(workspace, { sites: ["northgate/office"] }).sites[0];
  const intent = site?.devices.find((device) => device.id === DEVICE);
  const driver = driverFor("iosxe");
  if (!site || !intent || driver?.level !== "full") throw new Error("no practice switch");
  return { site, intent, driver };
}

async function push(folder: string): Promise<void> {
  const { site, intent, driver } = await wanted(folder);
  const asked = { intent, driver, operator: "test", plan: undefined, commandsDigest: undefined };
  const outcome = await pushDevice({ ...asked, graceSeconds: 120 }, openDeploy(folder, [site]));
  expect(outcome, outcome.reason).toMatchObject({ result: "done" });
}

describe("adopting what somebody did on a practice switch", { timeout: 60_000 }, () => {
  let repository: Repository;
  let practice: RunningPractice;

  beforeAll(async () => {
    repository = makeRepository();
    const { site, intent } = await wanted(repository.folder);
    practice = await startPractice(repository.folder, [{ ...site, devices: [intent] }]);
    await push(repository.folder);
  }, 60_000);
  afterAll(async () => {
    await practice?.stop();
    repository?.remove();
  });

  const byHand = (...lines: readonly string[]): void =>
    practice.emulators.get(DEVICE)?.handEdit(lines, "mallory");

  test("gives a branch whose one commit says who, when and for which incident, and no drift is left of it", async () => {
    byHand(PORT, "description Access point stairs");
    expect((await repository.run(["drift", DEVICE, "--json"])).code).toBe(2);
    const ran = await repository.run(["adopt", DEVICE, "--json"]);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    const { result } = JSON.parse(ran.stdout) as { result: { branch: string; files: string[] } };
    expect(result.files).toEqual(["inventory/northgate/office/devices/acc-1.yaml"]);
    const log = repository.git("log", "--format=%B", `main..${result.branch}`);
    expect(log).toMatch(/by: mallory, at \d{4}-\d\d-\d\dT[\d:.]+Z/);
    expect(log).toContain("Changed-on-device-by: mallory");
    expect(log).toMatch(/^Incident: INC-[0-9a-f]{12}$/m);
    expect(repository.git("status", "--porcelain")).toBe("");
    const waiting = await repository.run(["drift", DEVICE, "--json"]);
    const night = JSON.parse(waiting.stdout) as Night;
    expect([waiting.code, night.result.notices]).toEqual([0, []]);
    expect(night.result.sites[0]?.devices[0]?.items).toMatchObject([
      { state: "adopted", adopted: result.branch, unsaved: true },
    ]);
    repository.git("checkout", "-q", result.branch);
    const after = await repository.run(["plan", DEVICE, "--json"]);
    const plan = JSON.parse(after.stdout) as { result: { sites: { devices: { commands: string[] }[] }[] } };
    expect(plan.result.sites[0]?.devices.map((device) => device.commands)).toEqual([[]]);
    expect((await repository.run(["drift", DEVICE])).stdout).toMatch(
      new RegExp(`adopted changed [^]*waits for apply, on branch ${result.branch}`),
    );
    await push(repository.folder);
    const applied = JSON.parse((await repository.run(["drift", DEVICE, "--json"])).stdout) as Night;
    // Nothing was sent, but what was typed by hand is saved: the night has nothing left to say of it.
    expect(applied.result.sites[0]?.devices[0]?.items).toEqual([]);
    expect(applied.result.notices).toMatchObject([{ kind: "closed" }]);
    repository.git("checkout", "-q", "main");
  });

  test("refuses with a reason what the inventory cannot say, and leaves no branch", async () => {
    byHand("interface GigabitEthernet1/0/21", "switchport access vlan 10");
    const branches = repository.git("branch", "--list");
    const ran = await repository.run(["adopt", DEVICE, "--item", "1/0/21"]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/not adopted[\s\S]*L2-PORT-NETWORK[\s\S]*sitewright revert/);
    expect(repository.git("branch", "--list")).toBe(branches);
  });

  test.each([
    [["adopt", "northgate/office"], "adopt wants one device"],
    [
      ["adopt", DEVICE, "--item", "no such thing"],
      'no drift of northgate/office/acc-1 holds "no such thing"',
    ],
  ])("says what to type: %s", async (args, sentence) => {
    const ran = await repository.run(args);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain(sentence);
  });
});
