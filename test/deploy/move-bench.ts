import { createServer, connect as dial, type Socket } from "node:net";
import { expect } from "vitest";
import { type LabEndpoint, readLabBinding } from "../../src/deploy/lab-binding.ts";
import { pushDevice } from "../../src/deploy/push.ts";
import { resumeDevice } from "../../src/deploy/resume.ts";
import type { DeployContext, DeviceOutcome } from "../../src/deploy/types.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { CANARY, managedSwitch, startSwitches } from "./switches.ts";
import { testDrivers } from "./test-drivers.ts";
import { bindLab } from "./workspace-fixture.ts";

/** Where the switch is managed, and where it is to move. */
export const OLD = "10.1.99.11";
export const NEW = "10.1.99.12";

/** Seconds of the device, whose minute takes two of ours: no busy machine needs so long for a push. */
const NEVER_SECONDS = 3600;

/** The same where a test waits for the dead-man, 20 of our seconds: long enough that the change is sent before. */
export const DEAD_MAN_SECONDS = 600;

const MINUTE_MS = 2_000;

type Platform = "iosxe" | "vrp";

/** What is typed to arm the dead-man, to move the address and to confirm. */
export const WORDS = {
  iosxe: { arm: /^configure terminal revert timer/, confirm: /^configure confirm/ },
  vrp: { arm: /^schedule reboot delay/, confirm: /^undo schedule reboot/ },
} as const;

/** A switch managed at the old address, pushed once, that may move to the new one. */
export interface MoveBench {
  readonly root: string;
  readonly emulator: Emulator;
  readonly context: DeployContext;
  readonly intentAt: (address: string, change?: Partial<DeviceIntent>) => DeviceIntent;
  push(
    intent: DeviceIntent,
    more?: { readonly graceSeconds?: number; readonly onStep?: (step: string) => void },
  ): Promise<DeviceOutcome>;
  resume(): Promise<DeviceOutcome | undefined>;
  /** Says where an address leads from now on. */
  lead(address: string, change: Partial<LabEndpoint>): Promise<void>;
  /** Commands typed on the device since the first push was over. */
  typed(): readonly string[];
  isAt(address: string): boolean;
  /** The device is what it was before, receipt and all, and nothing is left open. */
  expectUnmoved(): Promise<void>;
  /** The device has moved, saved and with a receipt, and nothing is left open. */
  expectMoved(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a switch and adopts it at its old address. */
export async function startMove(platform: Platform, neighbours: readonly string[] = []): Promise<MoveBench> {
  const lab = await startSwitches(platform, [1], MINUTE_MS, [], NEW, neighbours);
  const emulator = lab.emulators.get(1);
  const driver = driverFor(platform);
  if (emulator === undefined || driver?.level !== "full") throw new Error(`no switch for ${platform}`);
  const context = openContext({
    root: lab.root,
    drivers: testDrivers,
    isLab: () => true,
    timeouts: { connectMs: 5000, commandMs: 20_000, keepaliveMs: 1000 },
  });
  const running = () => emulator.running();
  const isAt = (address: string) => running().includes(`ip address ${address} `);
  const intentAt: MoveBench["intentAt"] = (address, change = {}) => ({
    ...managedSwitch(platform, address),
    ...change,
  });
  const push: MoveBench["push"] = (intent, { graceSeconds = NEVER_SECONDS, onStep } = {}) => {
    const base = { operator: "li.wei", plan: undefined, commandsDigest: undefined };
    const observe = (step: string, when: string) => void (when === "begin" && onStep?.(step));
    return pushDevice({ ...base, intent, driver, graceSeconds, observe }, context);
  };
  const { asset } = intentAt(OLD);
  const expectSettled = async (address: string) => {
    expect(isAt(address)).toBe(true);
    expect(emulator.saved()).toBe(running());
    expect(await context.stores.receipts.last(asset)).toMatchObject({ address });
    expect(await context.stores.journal.open(asset)).toBeUndefined();
    expect(await context.stores.locks.list()).toEqual([]);
  };
  const first = await push(intentAt(OLD));
  expect(first, first.reason).toMatchObject({ result: "done" });
  const before = running();
  const logged = emulator.log.length;
  return {
    root: lab.root,
    emulator,
    context,
    intentAt,
    push,
    isAt,
    resume: () => resumeDevice(asset, context),
    async lead(address, change) {
      const bound = readLabBinding(lab.root)?.sites["acme/hq"] ?? {};
      const known = bound[address];
      if (known === undefined) throw new Error(`${address} is not bound`);
      await bindLab(lab.root, "acme/hq", { ...bound, [address]: { ...known, ...change } });
    },
    typed: () =>
      emulator.log
        .slice(logged)
        .filter(({ kind }) => kind === "command" || kind === "login")
        .map(({ kind, text }) => (kind === "login" ? "(login)" : text.trim())),
    async expectUnmoved() {
      expect(driver.compare(before, running(), { kind: "full" })).toEqual([]);
      await expectSettled(OLD);
      expect(await context.stores.receipts.last(asset)).toMatchObject({ id: first.receipt });
    },
    async expectMoved() {
      expect(isAt(OLD)).toBe(false);
      await expectSettled(NEW);
    },
    stop: () => lab.stop(),
  };
}

/** Another device of the same name and logins, which shows a host key of its own. */
export function startStranger(platform: Platform): Promise<Emulator> {
  const users = [{ name: "ops", password: CANARY, privilege: 15 }];
  return startEmulator({ platform, hostname: "sw-1", users });
}

/** What a device saw of anybody who tried to log in. */
export function visits({ log }: Emulator): readonly string[] {
  return log.filter(({ kind }) => kind === "login" || kind === "login-refused").map(({ kind }) => kind);
}

/** A check that no device passes. */
export const FAILING: CheckIntent = {
  name: "isp",
  kind: "ping",
  address: "192.0.2.1",
  withinSeconds: 1,
  origin: { file: "inventory/acme/hq/site.yaml", line: 9, column: 3 },
};

/** A place in the network behind which a device may change.
 *  @param to - the port that a connection is carried on to at that moment; refused where there is none */
export async function startRelay(
  to: () => number | undefined,
): Promise<{ readonly endpoint: LabEndpoint["endpoint"]; stop(): void }> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const port = to();
    if (port === undefined) {
      near.resetAndDestroy();
      return;
    }
    const far = dial({ host: "127.0.0.1", port });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    endpoint: { kind: "tcp", host: "127.0.0.1", port: address.port },
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
