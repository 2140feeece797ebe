import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushDevice } from "../../../src/deploy/push.ts";
import type { DeployContext } from "../../../src/deploy/types.ts";
import { type DeviceDrift, readSiteDrift } from "../../../src/drift/read-drift.ts";
import { labDevice } from "../../../src/lab/real/device-console.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import { firewallContext, withKey } from "../../deploy/real-firewall.ts";
import { testDrivers } from "../../deploy/test-drivers.ts";
import { bindLab, newWorkspace, putSecret, siteOf } from "../../deploy/workspace-fixture.ts";
import { practiceServer, practiceSwitch } from "../../drivers/linux-common/intents.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { runOver } from "../../lab/real/ssh.ts";

const reason = await whyNoLab();
const MALLORY = { name: "mallory", authorizedKeys: [OPERATOR_KEY.public], sudo: true } as const;

describe.skipIf(reason)(titled("who changed a real switch or server", reason), { timeout: 120_000 }, () => {
  const options = newLabOptions();
  const site = officeSite();
  let state: LabState;
  let context: DeployContext;

  beforeAll(async () => {
    const devices = site.devices.map((device) =>
      device.users === undefined ? device : { ...device, users: [...device.users, MALLORY] },
    );
    const up = await labUp({ ...site, devices }, options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
    const root = newWorkspace();
    const bound = ["sw1", "srv1"].map((name) => {
      const { managementAddress = "", socketPath = "", hostKey = "" } = labDevice(state, name);
      return [
        managementAddress,
        { endpoint: { kind: "socket", path: socketPath }, hostKeys: [hostKey] },
      ] as const;
    });
    await bindLab(root, "acme/office", Object.fromEntries(bound));
    putSecret(root, "operator.key", OPERATOR_KEY.private);
    context = firewallContext(root);
  });
  afterAll(() => labDown(options));

  const placed = (intent: DeviceIntent): DeviceIntent => {
    const address = labDevice(state, intent.name).managementAddress ?? "";
    const { management } = withKey(intent);
    return { ...intent, management: { ...management, address } };
  };
  const adopt = async (intent: DeviceIntent): Promise<void> => {
    const driver = testDrivers(intent.platform);
    if (driver?.level !== "full") throw new Error("no driver");
    const push = { intent, driver, operator: "test", plan: undefined, commandsDigest: undefined };
    const outcome = await pushDevice({ ...push, graceSeconds: 30 }, context);
    expect(outcome, outcome.reason).toMatchObject({ result: "done" });
  };
  const changed = async (intent: DeviceIntent, command: string): Promise<DeviceDrift | undefined> => {
    await adopt(intent);
    const by = { user: "mallory", key: OPERATOR_KEY.private };
    expect(await runOver(state, intent.name, by, command)).toMatchObject({ exitCode: 0 });
    return (await readSiteDrift(siteOf([intent]), context)).devices[0];
  };

  test("a VLAN moved by sudo ovs-vsctl has its maker, the time and the address", async () => {
    const before = Date.now();
    const drift = await changed(placed(practiceSwitch()), "sudo ovs-vsctl -t 5 set port p1 tag=20");
    const item = drift?.items.find((one) => one.path.join(" ") === "port p1 tag");
    expect(item?.by, JSON.stringify(drift)).toEqual({ name: "mallory", confidence: "named" });
    expect(item?.from).toMatch(/^198\.18\./);
    expect(Math.abs(Date.parse(item?.at ?? "") - before)).toBeLessThan(60_000);
  });

  test("an option that sudo wrote into sshd's file has its maker, the time and the address", async () => {
    const intent = placed(practiceServer({ backups: [], packages: [], files: [] }));
    const edit = `sudo sed -i '1i MaxAuthTries 9' /etc/ssh/sshd_config.d/00-sitewright.conf`;
    const plain = { ...intent, secrets: [], system: { ...intent.system, users: [] } };
    const drift = await changed(plain, edit);
    const item = drift?.items.find((one) => /maxauthtries/i.test(`${one.path.join(" ")} ${one.running}`));
    expect(item?.by, JSON.stringify(drift)).toEqual({ name: "mallory", confidence: "named" });
    expect(item?.from).toMatch(/^198\.18\./);
    expect(item?.evidence).toContain("sed -i");
  });
});
