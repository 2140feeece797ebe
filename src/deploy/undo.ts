import { setTimeout as sleep } from "node:timers/promises";
import type { ArmRequest, DeviceSession, FullDriver } from "../drivers/driver.ts";
import { isAbsence, openSessionUntil, whileUndoing } from "./open-session.ts";
import { explainFailure, PushError } from "./push-error.ts";
import type { SealedPush } from "./push-types.ts";
import type { Recorder } from "./recorder.ts";
import { wayOf } from "./render-device.ts";
import type { Receipt } from "./stores/types.ts";
import type { DeployContext } from "./types.ts";

/** How long after the dead-man's time we still wait for a device to answer, milliseconds. */
const HEAL_MARGIN_MS = 60_000;

/** The same where it reboots to heal: a stack of switches takes minutes. */
const REBOOT_MARGIN_MS = 600_000;

/** Sessions that may be lost to their own rollback: one that moves the address back, and some for a bad line. */
const TRIES = 5;

/** Milliseconds between two of them. */
const RETRY_MS = 1_000;

/** What is to be undone. */
export interface UndoRequest {
  readonly sealed: SealedPush & { readonly before: NonNullable<SealedPush["before"]> };
  readonly driver: FullDriver;
  readonly receipt: Receipt | undefined;
  readonly recorder: Recorder;
  /** Sessions that may still stand, best first; each is tried before a new one is opened. */
  readonly sessions: readonly DeviceSession[];
}

/** Brings a device back to what it was before the push and proves it, item by item.
 *  A session that still stands is used first; else the device is awaited until its dead-man must have fired.
 *  @throws PushError `PUSH-NOT-UNDONE` where it does not answer or is not equal to before */
export async function undo(request: UndoRequest, context: DeployContext): Promise<void> {
  const { recorder } = request;
  const session = await recorder.step("roll-back", () => rollBack(request, context));
  try {
    await recorder.step("verify-roll-back", () => verify(request, session));
    await recorder.step("unlock", () => session.unlock(recorder.push));
  } finally {
    await session.close();
  }
}

async function rollBack(request: UndoRequest, context: DeployContext): Promise<DeviceSession> {
  for (const session of request.sessions) {
    try {
      await rollBackIn(session, request, context);
      return await freshSession(request, context);
    } catch {
      // The session was lost with what went wrong: a new one is opened below, and that one must succeed.
      await session.close().catch(() => undefined);
    }
  }
  let last: unknown;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await sleep(RETRY_MS);
    const session = await freshSession(request, context);
    try {
      await session.lock(request.recorder.push);
      await rollBackIn(session, request, context);
      return await provingSession(session, request, context);
    } catch (error) {
      await session.close().catch(() => undefined);
      // Where the way back moves the address, its own session ends with it: the rest is done from the old one.
      if (!isAbsence(error)) throw notUndone(error);
      last = error;
    }
  }
  throw notUndone(last);
}

/** A device that moved back is looked at where it was before, and not over what its own rollback left standing. */
async function provingSession(
  session: DeviceSession,
  request: UndoRequest,
  context: DeployContext,
): Promise<DeviceSession> {
  if (wayOf(request.sealed).move === undefined) return session;
  await session.close().catch(() => undefined);
  return freshSession(request, context);
}

function rollBackIn(session: DeviceSession, request: UndoRequest, context: DeployContext): Promise<void> {
  return session.rollBack(armOf(request.sealed, request.recorder.push), (reference) =>
    context.secrets.reveal(reference),
  );
}

/** What the dead-man of a push needs, and its undoing. */
export function armOf(sealed: UndoRequest["sealed"], token: string): ArmRequest {
  const { before, graceSeconds } = sealed;
  return { token, graceSeconds, running: before.running, change: before.change, way: wayOf(sealed) };
}

/** Proof needs a new session: an old one may stand on a path that nobody else can take any more. */
async function freshSession(request: UndoRequest, context: DeployContext): Promise<DeviceSession> {
  const { intent, graceSeconds } = request.sealed;
  const reboots = request.driver.safetyNet.kind === "reboot";
  const until = Date.now() + graceSeconds * 1000 + (reboots ? REBOOT_MARGIN_MS : HEAL_MARGIN_MS);
  try {
    const asked = { intent, driver: request.driver, purpose: "push" as const };
    return (await openSessionUntil(asked, whileUndoing(request.sealed, request.receipt), context, until))
      .session;
  } catch (error) {
    throw notUndone(error);
  }
}

async function verify(request: UndoRequest, session: DeviceSession): Promise<void> {
  const { driver, sealed } = request;
  const now = await session.read();
  const left = driver.compare(sealed.before.running, now.text, { kind: "full" });
  if (left.length > 0) {
    const paths = left.slice(0, 3).map((item) => item.path.join(" › "));
    throw new PushError(
      "PUSH-NOT-UNDONE",
      `after the rollback ${left.length} items differ: ${paths.join("; ")}`,
    );
  }
  if (sealed.before.saved === "same" && now.saved === "differs") {
    await session.save();
    if ((await session.read()).saved === "differs") {
      throw new PushError("PUSH-NOT-UNDONE", "the old configuration runs but could not be saved");
    }
  }
}

function notUndone(cause: unknown): PushError {
  if (cause instanceof PushError && cause.code === "PUSH-NOT-UNDONE") return cause;
  return new PushError("PUSH-NOT-UNDONE", `the rollback failed: ${explainFailure(cause).reason}`, cause);
}
