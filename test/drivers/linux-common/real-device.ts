import { expect } from "vitest";
import type { DeviceSession, FullDriver, RevealSecret } from "../../../src/drivers/driver.ts";
import type { DeviceTarget } from "../../../src/drivers/transport/types.ts";
import { labDevice, mustOnConsole } from "../../../src/lab/real/device-console.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Change } from "../../../src/planner/config/types.ts";
import { OPERATOR_KEY } from "../../lab/real/practice-site.ts";

/** Secrets of the tests, by reference. */
export const SECRETS = new Map<string, string>();

/** Gives a secret of the tests. */
export const reveal: RevealSecret = async (reference) => {
  const value = SECRETS.get(reference);
  if (value === undefined) throw new Error(`no secret ${reference} in this test`);
  return new Secret(value);
};

/** Where a device of the lab is reached: its socket, its key. */
export function targetOf(state: LabState, name: string, change: Partial<DeviceTarget> = {}): DeviceTarget {
  const { socketPath = "", hostKey = "" } = labDevice(state, name);
  return {
    device: `acme/office/${name}`,
    endpoint: { kind: "socket", path: socketPath },
    login: { user: "root", key: new Secret(OPERATOR_KEY.private) },
    hostKeys: [hostKey],
    jump: [],
    legacyAlgorithms: false,
    expectHostname: name,
    timeouts: { connectMs: 5000, commandMs: 20_000, keepaliveMs: 2000 },
    ...change,
  };
}

/** A device of the lab with the driver that speaks to it. */
export interface Bench {
  readonly state: LabState;
  readonly name: string;
  readonly driver: FullDriver;
}

/** Opens a session for one thing and closes it. */
export async function within<T>(
  { state, name, driver }: Bench,
  work: (session: DeviceSession) => Promise<T>,
  change: Partial<DeviceTarget> = {},
): Promise<T> {
  const session = await driver.connect(targetOf(state, name, change));
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** The change from what runs on the device to an intent, which must have no refusals. */
export async function planFor(
  bench: Bench,
  intent: DeviceIntent,
): Promise<{ readonly change: Change; readonly running: string }> {
  const rendered = bench.driver.render(intent);
  expect(rendered.findings).toEqual([]);
  const { text } = await within(bench, (session) => session.read());
  return { change: bench.driver.change(text, rendered.config, { scope: rendered.scope }), running: text };
}

/** The whole push, as the contract has it; proves that the device is what was predicted, and saved.
 *  @returns the change and what ran before */
export async function push(bench: Bench, intent: DeviceIntent, token = "push-1") {
  const { change, running } = await planFor(bench, intent);
  const first = await bench.driver.connect(targetOf(bench.state, bench.name));
  try {
    await first.lock(token);
    await first.arm({ token, graceSeconds: 30, running, change });
    await first.send(change, reveal);
    await within(bench, async (session) => {
      expect((await session.read()).text).toBe(change.predicted);
      await session.confirm(token);
      await session.save();
      const after = await session.read();
      expect(after.text).toBe(change.predicted);
      expect(after.saved).toBe("same");
      await session.unlock(token);
      expect(await session.pending()).toBeUndefined();
    });
  } finally {
    await first.close();
  }
  return { change, running };
}

/** Types a shell line at the device's console, behind our back. */
export async function byHand({ state, name }: Bench, line: string): Promise<string> {
  return (await mustOnConsole(state, name, ["/bin/sh", "-c", line])).stdout;
}
