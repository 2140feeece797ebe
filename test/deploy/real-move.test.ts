import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { nftables } from "../../src/drivers/nftables/index.ts";
import { labDevice, mustOnConsole } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { practiceFirewall } from "../drivers/linux-common/intents.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { firewallContext, QUICK, withKey } from "./real-firewall.ts";
import { bindLab, newWorkspace, putSecret } from "./workspace-fixture.ts";

const OLD = "10.77.10.1";
const NEW = "10.77.10.2";
const NOWHERE = "10.77.10.3";

/** Run in the operator's namespace: a local socket for each address, carried over the wire to its port 22. */
const RELAY = `
const { createServer, connect } = require("node:net");
for (const address of process.argv.slice(2)) {
  createServer((near) => {
    const far = connect({ host: address, port: 22, timeout: 2000 });
    far.on("timeout", () => far.connecting && far.destroy());
    for (const [a, b] of [[near, far], [far, near]]) { a.on("error", () => b.destroy()); a.on("close", () => b.destroy()); }
    near.pipe(far).pipe(near);
  }).listen(process.argv[1] + "/" + address);
}`;

const reason = await whyNoLab();

describe.skipIf(reason)(
  titled("a firewall that moves to another management address", reason),
  { timeout: 180_000 },
  () => {
    const options = newLabOptions();
    const sockets = mkdtempSync(join(tmpdir(), "relay-"));
    let state: LabState;
    let context: DeployContext;
    let relay = 0;

    beforeAll(async () => {
      const up = await labUp(officeSite(), options);
      if (!up.ok) throw new Error(JSON.stringify(up.findings));
      state = up.state;
      const root = newWorkspace();
      const { hostKey = "" } = labDevice(state, "fw");
      const bound = [OLD, NEW, NOWHERE].map((address) => {
        const endpoint = { kind: "socket", path: join(sockets, address) } as const;
        return [address, { endpoint, hostKeys: [hostKey] }] as const;
      });
      await bindLab(root, "acme/office", Object.fromEntries(bound));
      putSecret(root, "operator.key", OPERATOR_KEY.private);
      context = firewallContext(root, { ...QUICK, keepaliveMs: 2000 });
      const line = 'node -e "$1" "$2" "$3" "$4" "$5" >/dev/null 2>&1 </dev/null & echo $!';
      const args = ["/bin/sh", "-c", line, "sh", RELAY, sockets, OLD, NEW, NOWHERE];
      relay = Number((await mustOnConsole(state, "pc1", args)).stdout);
      await vi.waitFor(() => expect(readdirSync(sockets)).toContain(NOWHERE), 10_000);
    });
    afterAll(async () => {
      if (relay > 0) process.kill(relay);
      rmSync(sockets, { recursive: true, force: true });
      await labDown(options);
    });

    /** The firewall managed over its office leg, and what that leg is. */
    const managedAt = (address: string, leg: string, checks: readonly CheckIntent[] = []): DeviceIntent => {
      const bare = practiceFirewall();
      return withKey({
        ...bare,
        management: { ...bare.management, address, allowedFrom: ["10.77.10.0/24", "198.18.0.0/15"] },
        interfaces: bare.interfaces.map((one) =>
          one.name === "lan10" ? { ...one, addresses: [`${leg}/24`, "2001:db8:10::1/64"] } : one,
        ),
        checks,
      });
    };
    const push = (intent: DeviceIntent, graceSeconds = 60) =>
      pushDevice(
        {
          intent,
          driver: nftables,
          operator: "li.wei",
          plan: undefined,
          commandsDigest: undefined,
          graceSeconds,
        },
        context,
      );
    const addresses = async () =>
      (await mustOnConsole(state, "fw", ["ip", "-4", "-o", "address", "show", "dev", "lan10"])).stdout;

    beforeEach(async () => {
      const settled = await push(managedAt(OLD, OLD));
      expect(["done", "same"], settled.reason).toContain(settled.result);
    });

    test("the old session dies, the new address proves the change, and the receipt follows", async () => {
      const moved = await push(managedAt(NEW, NEW));
      expect(moved, moved.reason).toMatchObject({ result: "done" });
      expect(await addresses()).toContain(`${NEW}/24`);
      expect(await addresses()).not.toContain(`${OLD}/24`);
      expect(await context.stores.receipts.last("AC-fw")).toMatchObject({ address: NEW, id: moved.receipt });
      expect(await push(managedAt(NEW, NEW))).toMatchObject({ result: "same" });
    });

    test("a device that moved and fails a check goes back, and answers at its old address", async () => {
      const origin = { file: "inventory/acme/office/site.yaml", line: 9, column: 3 };
      const isp = { name: "isp", kind: "ping", address: "192.0.2.1", withinSeconds: 1, origin } as const;
      // Long enough that a busy machine reaches the check before the device goes back by itself.
      const outcome = await push(managedAt(NEW, NEW, [isp]), 110);
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-CHECK-FAILED" });
      expect(await addresses()).toContain(`${OLD}/24`);
      expect(await addresses()).not.toContain(`${NEW}/24`);
    });

    test("a device that moves where nobody looks for it comes back by itself", async () => {
      const outcome = await push(managedAt(NEW, NOWHERE), 15);
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
      expect(await addresses()).toContain(`${OLD}/24`);
    });

    test("an inventory that names an address which nothing moves to is told so, and nothing is recorded", async () => {
      const before = await context.stores.receipts.last("AC-fw");
      const outcome = await push(managedAt(NEW, OLD));
      expect(outcome).toMatchObject({ result: "refused", code: "PUSH-NOT-MOVED" });
      expect(outcome.reason).toBe(
        `it answers at ${OLD} and not at ${NEW}, and nothing of the change moves it there`,
      );
      expect(await context.stores.receipts.last("AC-fw")).toEqual(before);
      expect(await context.stores.journal.open("AC-fw")).toBeUndefined();
    });

    test("an inventory that is corrected to where the device is already gets a new receipt and types nothing", async () => {
      await mustOnConsole(state, "fw", ["ip", "address", "add", `${NEW}/24`, "dev", "lan10"]);
      const both = (address: string): DeviceIntent => {
        const intent = managedAt(address, OLD);
        return {
          ...intent,
          interfaces: intent.interfaces.map((one) =>
            one.name === "lan10" ? { ...one, addresses: [...one.addresses, `${NEW}/24`] } : one,
          ),
        };
      };
      expect(await push(both(OLD))).toMatchObject({ result: "done" });
      const corrected = await push(both(NEW));
      expect(corrected, corrected.reason).toMatchObject({ result: "done" });
      expect(await context.stores.receipts.last("AC-fw")).toMatchObject({ address: NEW, commands: 0 });
    });
  },
);
