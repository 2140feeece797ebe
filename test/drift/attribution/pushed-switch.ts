import { expect } from "vitest";
import { pushDevice } from "../../../src/deploy/push.ts";
import type { DeployContext } from "../../../src/deploy/types.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import { CANARY, type SwitchLab, startSwitches } from "../../deploy/switches.ts";
import { testDrivers } from "../../deploy/test-drivers.ts";
import { open } from "../../lab/emulator/client.ts";

/** What is typed to put the first port into another VLAN, and back into its own. */
export const FIRST_PORT = {
  iosxe: {
    moved: ["configure terminal", "int gi1/0/1", "switchport access vlan 20", "end"],
    back: ["configure terminal", "int gi1/0/1", "switchport access vlan 10", "end"],
  },
  vrp: {
    moved: ["system-view", "interface GigabitEthernet0/0/1", "port default vlan 20", "return"],
    back: ["system-view", "interface GigabitEthernet0/0/1", "port default vlan 10", "return"],
  },
} as const;

/** A switch that runs what was pushed, with accounts of alice and bob. */
export async function startPushed(
  platform: keyof typeof FIRST_PORT,
  intent: DeviceIntent,
): Promise<{ readonly lab: SwitchLab; readonly context: DeployContext }> {
  const lab = await startSwitches(platform, [1], 60_000, ["alice", "bob"]);
  const context = lab.context();
  const driver = testDrivers(platform);
  if (driver?.level !== "full") throw new Error("no driver");
  const push = { intent, driver, operator: "test", plan: undefined, commandsDigest: undefined };
  expect(await pushDevice({ ...push, graceSeconds: 120 }, context)).toMatchObject({ result: "done" });
  return { lab, context };
}

/** Somebody logs in from an address, types lines and leaves. */
export async function typeAs(
  lab: SwitchLab,
  username: string,
  lines: readonly string[],
  from = "127.0.0.1",
): Promise<void> {
  const emulator = lab.emulators.get(1);
  if (!emulator) throw new Error("no switch");
  emulator.setClientAddress(from);
  const person = await open(emulator, { username, password: CANARY });
  for (const line of lines) await person.say(line);
  person.end();
  emulator.setClientAddress("127.0.0.1");
}
