import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDeploy } from "../../src/cli/deploy-context.ts";
import { type RunningPractice, startPractice } from "../../src/cli/practice.ts";
import { pushDevice } from "../../src/deploy/push.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { makeRepository, type Repository } from "./preview-repository.ts";

const CASES = [
  {
    device: "lanhai/suzhou/sw-1",
    platform: "vrp",
    edits: [
      ["ntp-service unicast-server 10.2.99.77"],
      ["ntp-service unicast-server 10.2.99.76"],
      ["dns server 10.2.99.79"],
      ["interface GigabitEthernet0/0/5", "description Lift"],
      ["interface GigabitEthernet0/0/45", "port trunk pvid vlan 10", "port trunk allow-pass vlan 10 90"],
    ],
    written: [
      /^ntp:[\s\S]*10\.2\.99\.77/m,
      /^dns:[\s\S]*10\.2\.99\.79/m,
      /Lift/,
      / {2}GE0\/0\/45:\n.*\n {4}native: office\n {4}tagged: \[guest/,
    ],
  },
  {
    device: "northgate/office/acc-1",
    platform: "iosxe",
    edits: [
      ["ntp server 10.50.99.77"],
      ["logging host 10.50.99.78"],
      ["ip name-server 10.50.99.79"],
      ["interface GigabitEthernet1/0/22", "description Lift", "switchport trunk native vlan 10"],
      ["interface GigabitEthernet1/0/21", "switchport voice vlan 30"],
      ["interface GigabitEthernet1/0/8", "no switchport voice vlan"],
    ],
    written: [
      /^ntp:[\s\S]*10\.50\.99\.77/m,
      /^syslog:[\s\S]*10\.50\.99\.78/m,
      /^dns:[\s\S]*10\.50\.99\.79/m,
      /Lift/,
      / {4}native: office/,
      / {4}voice: phones/,
      / {2}Gi1\/0\/8:\n {4}voice: null/,
    ],
  },
] as const;

describe.each(CASES)("adopting hand edits of $device ($platform)", { timeout: 120_000 }, (one) => {
  let repository: Repository;
  let practice: RunningPractice;

  beforeAll(async () => {
    repository = makeRepository();
    const workspace = await readWorkspace(repository.folder);
    const siteId = one.device.split("/").slice(0, 2).join("/");
    const site = resolveWorkspace(workspace, { sites: [siteId] }).sites[0];
    const intent = site?.devices.find((device) => device.id === one.device);
    const driver = driverFor(one.platform);
    if (!site || !intent || driver?.level !== "full") throw new Error(`no device ${one.device}`);
    practice = await startPractice(repository.folder, [{ ...site, devices: [intent] }]);
    const push = { intent, driver, operator: "test", plan: undefined, commandsDigest: undefined };
    const outcome = await pushDevice({ ...push, graceSeconds: 120 }, openDeploy(repository.folder, [site]));
    expect(outcome, outcome.reason).toMatchObject({ result: "done" });
  }, 120_000);
  afterAll(async () => {
    await practice?.stop();
    repository?.remove();
  });

  test("writes the lists of servers, a port's description, native and voice VLANs; then a plan has nothing to do", async () => {
    const emulator = practice.emulators.get(one.device);
    for (const edit of one.edits) emulator?.handEdit(edit, "mallory");
    const ran = await repository.run(["adopt", one.device, "--json"]);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    const { result } = JSON.parse(ran.stdout) as { result: { branch: string; files: string[] } };
    repository.git("checkout", "-q", result.branch);
    const [file = ""] = result.files;
    for (const pattern of one.written) expect(repository.read(file)).toMatch(pattern);
    const after = await repository.run(["plan", one.device, "--json"]);
    const plan = JSON.parse(after.stdout) as { result: { sites: { devices: { commands: string[] }[] }[] } };
    expect(plan.result.sites[0]?.devices.map((device) => device.commands)).toEqual([[]]);
  });
});
