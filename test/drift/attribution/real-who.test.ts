import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushDevice } from "../../../src/deploy/push.ts";
import type { DeployContext } from "../../../src/deploy/types.ts";
import { type DeviceDrift, readSiteDrift } from "../../../src/drift/read-drift.ts";
import { nftables } from "../../../src/drivers/nftables/index.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import { firewallContext, firewallWorkspace, withKey } from "../../deploy/real-firewall.ts";
import { siteOf } from "../../deploy/workspace-fixture.ts";
import { practiceFirewall } from "../../drivers/linux-common/intents.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { login, runOver } from "../../lab/real/ssh.ts";

const reason = await whyNoLab();
const MALLORY = { name: "mallory", authorizedKeys: [OPERATOR_KEY.public], sudo: true } as const;
const TRENT = { ...MALLORY, name: "trent" } as const;

describe.skipIf(reason)(titled("who changed a real firewall", reason), { timeout: 120_000 }, () => {
  const options = newLabOptions();
  const site = officeSite();
  const intent = withKey(practiceFirewall());
  let state: LabState;
  let context: DeployContext;

  beforeAll(async () => {
    const devices = site.devices.map((device) =>
      device.name === "fw" ? { ...device, users: [...(device.users ?? []), MALLORY, TRENT] } : device,
    );
    const up = await labUp({ ...site, devices }, options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
    context = firewallContext(await firewallWorkspace(state));
    const push = { intent, driver: nftables, operator: "test", plan: undefined, commandsDigest: undefined };
    expect(await pushDevice({ ...push, graceSeconds: 30 }, context)).toMatchObject({ result: "done" });
  });
  afterAll(() => labDown(options));

  const as = (user: string, command: string) =>
    runOver(state, "fw", { user, key: OPERATOR_KEY.private }, command);
  const drift = async (): Promise<DeviceDrift | undefined> =>
    (await readSiteDrift(siteOf([intent]), context)).devices[0];
  const itemAbout = (found: DeviceDrift | undefined, word: string) =>
    found?.items.find((item) => `${item.path.join(" ")} ${item.running}`.includes(word));

  test("a rule added by sudo nft over SSH has its maker, the time and the address", async () => {
    const before = Date.now();
    const added = await as(
      "mallory",
      "sudo nft add rule inet sitewright office_to_server tcp dport 3389 accept",
    );
    expect(added).toMatchObject({ exitCode: 0 });
    const item = itemAbout(await drift(), "3389");
    expect(item?.by, JSON.stringify(item)).toEqual({ name: "mallory", confidence: "named" });
    expect(item?.from).toMatch(/^198\.18\./);
    const at = Date.parse(item?.at ?? "");
    expect(at).toBeGreaterThanOrEqual(before - 2000);
    expect(at).toBeLessThanOrEqual(Date.now() + 2000);
    expect(item?.evidence).toMatch(
      /nft add rule inet sitewright office_to_server[\s\S]*Accepted publickey for mallory/,
    );
  });

  test("a change through a root shell leaves nobody's name while two are logged in", async () => {
    const other = await login(state, "fw", { user: "trent", key: OPERATOR_KEY.private });
    await as("mallory", "sudo sh -c 'nft add rule inet sitewright office_to_server udp dport 69 accept'");
    await as("trent", "sudo bash -c true");
    other.close();
    const item = itemAbout(await drift(), "69");
    expect(item?.by.name === undefined || item.by.confidence === "named").toBe(true);
    const file = await as(
      "trent",
      "echo 'vi' | sudo -n bash -s <<'X'\nnft add rule inet sitewright office_to_server udp dport 70 accept\nX",
    );
    expect(file).toMatchObject({ exitCode: 0 });
    const hidden = itemAbout(await drift(), "dport 70");
    expect(hidden?.by).toEqual({ name: undefined, confidence: "unknown" });
    expect(hidden?.evidence).toMatch(/mallory[\s\S]*trent/);
  });
});
