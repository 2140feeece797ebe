import { beforePush, openSession } from "../../deploy/open-session.ts";
import type { Receipt } from "../../deploy/stores/types.ts";
import type { DeployContext } from "../../deploy/types.ts";
import type { FullDriver } from "../../drivers/driver.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Evidence } from "./attribute.ts";

/** Asks a device who was there, with commands that only read. A device that does not tell is no failure: the drift
 *  stands without a name. */
export async function askDevice(
  asked: { readonly intent: DeviceIntent; readonly driver: FullDriver; readonly receipt: Receipt },
  context: DeployContext,
): Promise<Evidence | undefined> {
  const { intent, driver, receipt } = asked;
  const reader = driver.evidence;
  if (reader === undefined) return undefined;
  try {
    const request = { intent, driver, purpose: "read" as const };
    const { session } = await openSession(request, beforePush(intent, receipt), context);
    try {
      const sentMs = Date.now();
      const answers = await session.ask(reader.commands);
      const told = reader.clock(answers, sentMs);
      const clock = told ?? { nowMs: sentMs, offsetMinutes: 0, told: false };
      const records = reader.read(answers, clock);
      return { records, skewMs: clock.nowMs - sentMs, measured: clock.told };
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch {
    return undefined;
  }
}
