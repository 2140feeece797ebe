import type { FullDriver, RunningState } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import { beforePush, openSession } from "./open-session.ts";
import type { Receipt } from "./stores/types.ts";
import type { DeployContext } from "./types.ts";

/** Reads a device's running configuration with its read-only login, and archives it if it changed.
 *  @throws DeviceError, SecretError */
export async function readDevice(
  intent: DeviceIntent,
  driver: FullDriver,
  receipt: Receipt | undefined,
  context: DeployContext,
): Promise<RunningState> {
  const asked = { intent, driver, purpose: "read" as const };
  const { session } = await openSession(asked, beforePush(intent, receipt), context);
  try {
    const running = await session.read();
    await context.stores.archive.put({
      asset: intent.asset,
      device: intent.id,
      why: "read",
      text: running.text,
      redacted: driver.redact(running.text),
      at: running.readAt,
    });
    return running;
  } finally {
    await session.close().catch(() => undefined);
  }
}
