import type { DeviceSession, FullDriver } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Change } from "../planner/config/types.ts";
import { PushError } from "./push-error.ts";
import { moveOf } from "./render-device.ts";

/** A device that is to be pushed, where it answers now. */
interface Moving {
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  readonly session: Pick<DeviceSession, "probe">;
  readonly address: string;
}

/** Makes sure that nobody holds the address that a device is to move to: two devices at one address would both be lost.
 *  @param running - what the device runs; where it holds the address itself already, nobody is asked
 *  @throws PushError `PUSH-ADDRESS-TAKEN` */
export async function refuseTaken(moving: Moving, running: string): Promise<void> {
  const { intent, driver, session, address } = moving;
  const move = moveOf(intent, address);
  if (move === undefined || !driver.capabilities.includes("ping-checks") || holds(running, move.to)) return;
  const { origin } = intent;
  const ping = { name: "new-address", kind: "ping", address: move.to, withinSeconds: 1, origin } as const;
  if (!(await session.probe(ping)).answered) return;
  throw new PushError(
    "PUSH-ADDRESS-TAKEN",
    `somebody answers at ${move.to} already, where it is to move; nothing was changed`,
  );
}

/** Tells whether a session may have ended with the command that takes its address away.
 *  @param taken - commands that the device is known to have taken */
export function hasDeparted({ departure }: Pick<Change, "departure">, taken: number): boolean {
  return departure !== undefined && taken >= departure;
}

/** Tells whether a configuration gives an address to an interface: on every platform that moves, `address` stands before it. */
function holds(running: string, address: string): boolean {
  const given = running.matchAll(/\baddress ([\w.:]+)/g);
  return [...given].some(([, held]) => held === address);
}
