import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceSession, ProbeResult } from "../drivers/driver.ts";
import type { CheckIntent } from "../model/intent.ts";
import { explainFailure, PushError } from "./push-error.ts";

/** Milliseconds between two attempts: a network that just changed may need some to settle. */
const RETRY_MS = 1_000;

/** Runs a device's checks from the device, one after the other, each until it succeeds or its time is up.
 *  @param untilMs - time of the clock by which all must have succeeded: the dead-man does not wait
 *  @throws PushError `PUSH-CHECK-FAILED` naming the first check that does not succeed */
export async function runChecks(
  session: Pick<DeviceSession, "probe">,
  checks: readonly CheckIntent[],
  untilMs: number,
): Promise<void> {
  for (const check of checks) {
    const deadline = Math.min(untilMs, Date.now() + check.withinSeconds * 1000);
    const last = await probeUntil(session, check, deadline);
    if (last.answered) continue;
    throw new PushError("PUSH-CHECK-FAILED", `check ${check.name} failed: ${spell(check)}: ${last.said}`);
  }
}

async function probeUntil(
  session: Pick<DeviceSession, "probe">,
  check: CheckIntent,
  deadlineMs: number,
): Promise<ProbeResult> {
  for (;;) {
    const result = await probe(session, check);
    if (result.answered || Date.now() + RETRY_MS > deadlineMs) return result;
    await sleep(RETRY_MS);
  }
}

async function probe(session: Pick<DeviceSession, "probe">, check: CheckIntent): Promise<ProbeResult> {
  try {
    return await session.probe(check);
  } catch (cause) {
    const { reason } = explainFailure(cause);
    throw new PushError("PUSH-CHECK-FAILED", `check ${check.name} could not be run: ${reason}`, cause);
  }
}

/** Spells a device's checks for its plan: name, what is asked and how long it may take, sorted. */
export function spellChecks(checks: readonly CheckIntent[]): readonly string[] {
  return checks.map((check) => `${check.name}: ${spell(check)} within ${check.withinSeconds} s`).sort();
}

function spell(check: CheckIntent): string {
  return check.kind === "ping" ? `ping ${check.address}` : `TCP ${check.address} port ${check.port}`;
}
