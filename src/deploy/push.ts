import { randomBytes } from "node:crypto";
import type { DeviceSession, RunningState } from "../drivers/driver.ts";
import type { Change } from "../planner/config/types.ts";
import { expectPredicted, finish, writeReceipt } from "./finish.ts";
import { runChecks } from "./health.ts";
import { hasDeparted, refuseTaken } from "./moving.ts";
import { afterPush, beforePush, isAbsence, openSession, openSessionUntil } from "./open-session.ts";
import { explainFailure, PushError } from "./push-error.ts";
import type { PushResult } from "./push-result.ts";
import type { OpenedSession, PushRequest, SealedPush } from "./push-types.ts";
import { type Recorder, startRecord } from "./recorder.ts";
import { changeOf, commandsDigest, type IntendedDevice, moveOf, renderDevice } from "./render-device.ts";
import { resumeHeld } from "./resume.ts";
import { giveBack } from "./stores/locks.ts";
import type { HeldLock, Receipt } from "./stores/types.ts";
import type { DeployContext, DeviceOutcome } from "./types.ts";
import { armOf, undo } from "./undo.ts";

type Ending = Omit<DeviceOutcome, "device" | "asset" | "durationMs">;
type Before = NonNullable<SealedPush["before"]>;

/** How long a device may take to answer again after a change, milliseconds; at most a third of the dead-man's time. */
const SETTLE_MS = 30_000;

/** A push under way. */
interface Run {
  readonly request: PushRequest;
  readonly context: DeployContext;
  readonly recorder: Recorder;
  readonly intended: IntendedDevice;
  readonly receipt: Receipt | undefined;
  readonly session: DeviceSession;
  /** Where it answered before anything was sent. */
  readonly address: string;
}

/** Pushes one device: lock, read, recompute, archive, arm, send, new session, health checks, confirm, save, re-read,
 *  prove, receipt, unlock; anything else ends in a rollback that is proved, or in a call for a person.
 *  What an earlier, killed push left is finished or undone first.
 *  Never throws for what a device, a lock or a secret does: the outcome says it. */
export async function pushDevice(request: PushRequest, context: DeployContext): Promise<DeviceOutcome> {
  const started = Date.now();
  const { id, asset } = request.intent;
  const outcome = (ending: Ending): DeviceOutcome => ({
    device: id,
    asset,
    ...ending,
    durationMs: Date.now() - started,
  });
  let lock: HeldLock;
  try {
    lock = await context.stores.locks.acquire(asset);
  } catch (error) {
    return outcome({ result: "refused", ...explainFailure(error) });
  }
  try {
    const left = await resumeHeld(asset, request.driver, context);
    if (left?.result === "needs-person" || left?.result === "unreachable")
      return { ...left, durationMs: Date.now() - started };
    return outcome(await pushLocked(request, context));
  } catch (error) {
    return outcome({ result: "refused", ...explainFailure(error) });
  } finally {
    await giveBack(lock);
  }
}

async function pushLocked(request: PushRequest, context: DeployContext): Promise<Ending> {
  const { intent, driver } = request;
  const intended = renderDevice(driver, intent);
  const refusal = intended.rendered.findings.find((finding) => finding.severity === "error");
  if (refusal) return { result: "refused", code: "PUSH-UNRENDERED", reason: refusal.message };
  const receipt = await context.stores.receipts.last(intent.asset);
  const recorder = await startRecord(context.stores.journal, recordOptions(request, context));
  await context.stores.journal.seal(recorder.push, sealOf(request, intended));
  const opened = await openAndLock(request, receipt, recorder, context);
  if ("result" in opened) return opened;
  const run: Run = { request, context, recorder, intended, receipt, ...opened };
  return runSequence(run);
}

/** The name of a push: also its token on the device, so short and of letters and digits only. */
function recordOptions(request: PushRequest, context: DeployContext) {
  const { intent, operator, plan, observe } = request;
  return {
    push: `sw${randomBytes(6).toString("hex")}`,
    asset: intent.asset,
    device: intent.id,
    operator,
    plan,
    now: context.now,
    ...(observe ? { observe } : {}),
  };
}

async function openAndLock(
  request: PushRequest,
  receipt: Receipt | undefined,
  recorder: Recorder,
  context: DeployContext,
): Promise<OpenedSession | Ending> {
  const { intent, driver } = request;
  let session: DeviceSession | undefined;
  try {
    return await recorder.step("lock", async () => {
      const asked = { intent, driver, purpose: "push" as const };
      const opened = await openSession(asked, beforePush(intent, receipt), context);
      session = opened.session;
      await session.lock(recorder.push);
      return opened;
    });
  } catch (error) {
    await session?.close().catch(() => undefined);
    const failure = explainFailure(error);
    const result: PushResult = isAbsence(error) ? "unreachable" : "refused";
    await recorder.over(result, failure.reason);
    return { result, ...failure };
  }
}

/** Everything between our lock on the device and its release. */
async function runSequence(run: Run): Promise<Ending> {
  const { session } = run;
  let before: Before;
  try {
    before = await prepare(run);
  } catch (error) {
    return giveUp(run, error);
  }
  if (before.change.commands.length === 0) return adopt(run, before);
  const sealed = sealedWith(run, before);
  const sessions: DeviceSession[] = [session];
  try {
    const receipt = await change(run, sealed, sessions);
    return await release(run, sessions.at(-1) ?? session, receipt);
  } catch (error) {
    return await rollBack(run, sealed, sessions, error);
  } finally {
    await Promise.all(sessions.map((open) => open.close().catch(() => undefined)));
  }
}

/** The receipt is written: from here on nothing is rolled back, a lock that stays is resume's business. */
async function release(run: Run, session: DeviceSession, receipt: string): Promise<Ending> {
  const { recorder } = run;
  try {
    await recorder.step("unlock", () => session.unlock(recorder.push));
    await recorder.over("done");
    return { result: "done", receipt };
  } catch (error) {
    const { reason } = explainFailure(error);
    return {
      result: "done",
      receipt,
      reason: `its lock is still on the device (${reason}): sitewright resume`,
    };
  }
}

/** Read, recompute, archive: nothing on the device changes. */
async function prepare(run: Run): Promise<Before> {
  const { session, recorder, request, context } = run;
  const running = await recorder.step("read", () => session.read());
  const change = await recorder.step("recompute", () => recompute(run, running));
  const before: Before = { running: running.text, saved: running.saved, change };
  await context.stores.journal.seal(recorder.push, sealedWith(run, before));
  await recorder.step("archive", () =>
    context.stores.archive.put({
      asset: request.intent.asset,
      device: request.intent.id,
      why: "before-push",
      text: running.text,
      redacted: request.driver.redact(running.text),
      at: running.readAt,
    }),
  );
  return before;
}

/** Makes the change anew from what runs now; it must be the planned one, to the letter. */
async function recompute(run: Run, running: RunningState): Promise<Change> {
  const { request, context, intended, receipt } = run;
  const change = changeOf(request.driver, running.text, intended, { intent: request.intent, receipt });
  const unsafe = change.findings.find((finding) => finding.severity === "error");
  if (unsafe) throw new PushError("PUSH-UNSAFE", unsafe.message);
  const digest = commandsDigest(change, context);
  if (request.commandsDigest !== undefined && digest !== request.commandsDigest && !isDone(run, change)) {
    throw new PushError(
      "PUSH-STALE-PLAN",
      "the device changed since the plan was made: its commands would be others; plan again",
    );
  }
  await revealAll(change, context);
  const { session, address } = run;
  if (change.commands.length > 0) {
    await refuseTaken({ intent: request.intent, driver: request.driver, session, address }, running.text);
  }
  return change;
}

/** A plan that is applied a second time has nothing left to do where its own push was the last one. */
function isDone({ request, receipt, intended }: Run, change: Change): boolean {
  if (request.plan === undefined || change.commands.length > 0) return false;
  return receipt?.plan === request.plan && receipt.intendedDigest === intended.digest;
}

/** A secret that cannot be had must stop a push before it starts, not in its middle. */
async function revealAll(change: Change, context: DeployContext): Promise<void> {
  const text = [...change.commands, ...change.rollback].join("\n");
  for (const match of text.matchAll(/\$\{secret:([^}]+)\}/g)) await context.secrets.reveal(match[1] ?? "");
}

/** Arm, send, look from outside, confirm, save, prove. New sessions are added to `sessions`, newest last. */
async function change(
  run: Run,
  sealed: SealedPush & { readonly before: Before },
  sessions: DeviceSession[],
): Promise<string> {
  const { session, recorder, request, context } = run;
  const { intent, driver, graceSeconds, operator, plan } = request;
  await recorder.step("arm", () => session.arm(armOf(sealed, recorder.push)));
  await recorder.step("send", () => send(run, sealed.before.change));
  const outside = await recorder.step("reconnect", async () => {
    const asked = { intent, driver, purpose: "push" as const };
    const until = Date.now() + Math.min(SETTLE_MS, (graceSeconds * 1000) / 3);
    const { session: fresh } = await openSessionUntil(asked, afterPush(intent, run.receipt), context, until);
    sessions.push(fresh);
    return fresh;
  });
  await recorder.step("health", () => health(run, sealed, outside));
  await recorder.step("confirm", () => outside.confirm(recorder.push));
  return finish({ sealed, driver, session: outside, recorder, operator, plan }, context);
}

/** Sends the change. A device that moves to its new address falls silent at the old one with its departure, and only
 *  there: what the new session reads decides then, for nothing else than the prediction is ever confirmed.
 *  A session that ends on any command before it is an error like everywhere else. */
async function send({ session, request, context, address }: Run, change: Change): Promise<void> {
  const { observe, intent } = request;
  let taken = 0;
  try {
    await session.send(
      change,
      (reference) => context.secrets.reveal(reference),
      (done, total) => {
        taken = done;
        void observe?.("send", "command", { done, total });
      },
    );
  } catch (error) {
    const isMoving = moveOf(intent, address) !== undefined;
    if (!isMoving || !isAbsence(error) || !hasDeparted(change, taken)) throw error;
  }
}

/** Nothing is confirmed that is not exactly what was predicted and does not pass every check. */
async function health(
  run: Run,
  sealed: SealedPush & { readonly before: Before },
  outside: DeviceSession,
): Promise<void> {
  const { driver, intent, graceSeconds } = run.request;
  expectPredicted(driver, sealed.before.change.predicted, await outside.read());
  await runChecks(outside, intent.checks, Date.now() + (graceSeconds * 1000) / 3);
}

/** Nothing to type: the device is taken on as it is, its receipt follows a rename or a new address, or what somebody
 *  else typed and the inventory has taken over is saved, so that a reboot brings back nothing else. */
async function adopt(run: Run, before: Before): Promise<Ending> {
  const { request, recorder, session, context, receipt } = run;
  const { driver, operator, plan } = request;
  const sealed = sealedWith(run, before);
  try {
    const unsaved = before.saved === "differs";
    const unchanged = receipt !== undefined && isSettled(receipt, sealed) && !unsaved;
    expectHome(run);
    if (unsaved) {
      await finish({ sealed, driver, session, recorder, operator, plan }, context);
    } else if (!unchanged) {
      const now = await recorder.step("re-read", () => session.read());
      await recorder.step("prove", async () => expectPredicted(driver, before.change.predicted, now));
      await recorder.step("receipt", () =>
        writeReceipt({ sealed, driver, recorder, operator, plan }, now, context),
      );
    }
    await recorder.step("unlock", () => session.unlock(recorder.push));
    await recorder.over(unchanged ? "same" : "done");
    return unchanged ? { result: "same", receipt: receipt.id } : { result: "done", receipt: recorder.push };
  } catch (error) {
    return await giveUp(run, error);
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** @throws PushError where a device that nothing will be sent to does not answer where the inventory says it is */
function expectHome({ address, request }: Run): void {
  const wanted = request.intent.management.address;
  if (address === wanted) return;
  throw new PushError(
    "PUSH-NOT-MOVED",
    `it answers at ${address} and not at ${wanted}, and nothing of the change moves it there`,
  );
}

function isSettled(receipt: Receipt, sealed: SealedPush): boolean {
  const { intent } = sealed;
  return (
    receipt.intendedDigest === sealed.intendedDigest &&
    receipt.device === intent.id &&
    receipt.address === intent.management.address &&
    receipt.platform === intent.platform
  );
}

/** Ends a push that sent nothing. */
async function giveUp(run: Run, error: unknown): Promise<Ending> {
  const { recorder, session } = run;
  const failure = explainFailure(error);
  const result: PushResult = isAbsence(error) ? "unreachable" : "refused";
  try {
    await recorder.step("unlock", () => session.unlock(recorder.push));
    await recorder.over(result, failure.reason);
  } catch {
    // The lock stays on the device; the journal stays open, so that resume takes it away.
    return {
      result,
      ...failure,
      reason: `${failure.reason}; its lock is still on the device: sitewright resume`,
    };
  } finally {
    await session.close().catch(() => undefined);
  }
  return { result, ...failure };
}

async function rollBack(
  run: Run,
  sealed: SealedPush & { readonly before: Before },
  sessions: readonly DeviceSession[],
  error: unknown,
): Promise<Ending> {
  const { request, recorder, receipt, context } = run;
  const failure = explainFailure(error);
  try {
    const { driver } = request;
    await undo({ sealed, driver, receipt, recorder, sessions: sessions.toReversed() }, context);
    await recorder.over("rolled-back", failure.reason);
    return { result: "rolled-back", ...failure };
  } catch (second) {
    const why = explainFailure(second).reason;
    return { result: "needs-person", code: "PUSH-NOT-UNDONE", reason: `${failure.reason}; then ${why}` };
  }
}

/** What undoing needs, where the device answered included. */
function sealedWith(run: Run, before: Before): SealedPush & { readonly before: Before } {
  return { ...sealOf(run.request, run.intended), address: run.address, before };
}

function sealOf(request: PushRequest, intended: IntendedDevice): SealedPush {
  return {
    schemaVersion: 1,
    intent: request.intent,
    graceSeconds: request.graceSeconds,
    intendedDigest: intended.digest,
    secretVersions: intended.secretVersions,
  };
}
