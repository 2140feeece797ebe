import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planSite } from "../../src/deploy/plan-site.ts";
import { pushDevice } from "../../src/deploy/push.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { nftables } from "../../src/drivers/nftables/index.ts";
import { mustOnConsole } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { practiceFirewall, rule, tcp } from "../drivers/linux-common/intents.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { firewallContext, firewallWorkspace, withKey } from "./real-firewall.ts";
import { siteOf } from "./workspace-fixture.ts";

const reason = await whyNoLab();

describe.skipIf(reason)(titled("pushing a real firewall", reason), { timeout: 180_000 }, () => {
  const options = newLabOptions();
  let state: LabState;
  let context: DeployContext;
  const intent = withKey(practiceFirewall());

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
    context = firewallContext(await firewallWorkspace(state));
  });
  afterAll(() => labDown(options));

  const request = (
    device: DeviceIntent,
    change: { commandsDigest?: string; graceSeconds?: number } = {},
  ) => ({
    intent: device,
    driver: nftables,
    operator: "li.wei",
    plan: undefined,
    commandsDigest: change.commandsDigest,
    graceSeconds: change.graceSeconds ?? 30,
  });
  const byHand = async (line: string) => (await mustOnConsole(state, "fw", ["/bin/sh", "-c", line])).stdout;

  test("a first push ends in a receipt, and a second has nothing to do", async () => {
    const first = await pushDevice(request(intent), context);
    expect(first).toMatchObject({ result: "done", device: "acme/office/fw" });
    const receipt = await context.stores.receipts.last(intent.asset);
    expect(receipt).toMatchObject({ id: first.receipt, operator: "li.wei", platform: "nftables" });
    expect(await pushDevice(request(intent), context)).toMatchObject({
      result: "same",
      receipt: first.receipt,
    });
    expect(await context.stores.journal.open(intent.asset)).toBeUndefined();
    expect(await context.stores.locks.list()).toEqual([]);
  });

  test("a plan made before somebody changed the device is refused, and nothing is sent", async () => {
    const wider = withKey(practiceFirewall([rule("R0014", { services: [tcp(8080)] })]));
    const plan = await planSite(siteOf([wider]), context, { mode: "live" });
    await byHand("nft add rule inet sitewright office_to_server tcp dport 3389 accept");
    const before = await byHand("nft -s list ruleset");
    const planned = plan.devices[0]?.commandsDigest ?? "";
    const outcome = await pushDevice(request(wider, { commandsDigest: planned }), context);
    expect(outcome).toMatchObject({ result: "refused", code: "PUSH-STALE-PLAN" });
    expect(await byHand("nft -s list ruleset")).toBe(before);
    await pushDevice(request(intent), context);
  });

  test("rules that lock the operator out heal by themselves, proved equal to before", async () => {
    const locked = withKey({
      ...practiceFirewall(),
      management: { ...practiceFirewall().management, allowedFrom: ["203.0.113.0/24"] },
    });
    const before = await byHand("nft -s list ruleset");
    const outcome = await pushDevice(request(locked, { graceSeconds: 5 }), context);
    expect(outcome).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
    expect(await byHand("nft -s list ruleset")).toBe(before);
    expect(await pushDevice(request(intent), context)).toMatchObject({ result: "same" });
  });

  const asking = (...checks: readonly CheckIntent[]): DeviceIntent => ({
    ...withKey(practiceFirewall([rule("R0015", { services: [tcp(8081)] })])),
    checks,
  });
  const origin = { file: "inventory/acme/office/devices/fw.yaml", line: 9, column: 3 };
  const server: CheckIntent = {
    name: "server",
    kind: "ping",
    address: "10.77.20.10",
    withinSeconds: 20,
    origin,
  };

  test.each<[string, CheckIntent, RegExp]>([
    [
      "an address that does not answer",
      { ...server, name: "isp", address: "10.77.20.250", withinSeconds: 1 },
      /^check isp failed: ping 10\.77\.20\.250: /,
    ],
    [
      "a service that does not answer",
      { ...server, name: "shop", kind: "tcp", port: 8443, withinSeconds: 1 },
      /^check shop failed: TCP 10\.77\.20\.10 port 8443: .*Connection refused/,
    ],
  ])("a check that asks %s takes the change back", async (_title, check, reason) => {
    const before = await byHand("nft -s list ruleset");
    const outcome = await pushDevice(request(asking(server, check)), context);
    expect(outcome).toMatchObject({ result: "rolled-back", code: "PUSH-CHECK-FAILED" });
    expect(outcome.reason).toMatch(reason);
    expect(await byHand("nft -s list ruleset")).toBe(before);
  });

  test("a change whose checks are answered is kept", async () => {
    const listen = `require("node:net").createServer((s) => s.end()).listen(8081, "10.77.10.1")`;
    await byHand(`node -e '${listen}' >/dev/null 2>&1 & echo $! > /run/listener`);
    const own: CheckIntent = { ...server, name: "own", kind: "tcp", address: "10.77.10.1", port: 8081 };
    const outcome = await pushDevice(request(asking(server, own)), context);
    await byHand("kill $(cat /run/listener)");
    expect(outcome, outcome.reason).toMatchObject({ result: "done" });
    expect(await byHand("nft -s list ruleset")).toContain("8081");
  });
});
