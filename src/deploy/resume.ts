import type { DeviceSession, FullDriver } from "../drivers/driver.ts";
import { finish, writeReceipt } from "./finish.ts";
import { isAbsence, openSession, type Whereabouts, whileAsking, whileUndoing } from "./open-session.ts";
import { explainFailure, PushError } from "./push-error.ts";
import type { OpenedSession, SealedPush } from "./push-types.ts";
import { continueRecord, type Recorder } from "./recorder.ts";
import { giveBack } from "./stores/locks.ts";
import type { OpenPush, Receipt } from "./stores/types.ts";
import type { DeployContext, DeviceOutcome } from "./types.ts";
import { undo } from "./undo.ts";

type SealedChange = SealedPush & { readonly before: NonNullable<SealedPush["before"]> };

/** A killed push that is being settled. */
interface Settling {
  readonly open: OpenPush;
  readonly driver: FullDriver;
  readonly recorder: Recorder;
  readonly receipt: Receipt | undefined;
  readonly context: DeployContext;
}

/** Finishes or undoes what a killed push left on one device; undefined where it left nothing.
 *  Where the change was being confirmed the device itself says which way to go; before that it is undone,
 *  after that it is finished. */
export async function resumeDevice(
  asset: string,
  context: DeployContext,
): Promise<DeviceOutcome | undefined> {
  const open = await context.stores.journal.open(asset);
  if (!open) return undefined;
  const started = Date.now();
  try {
    const lock = await context.stores.locks.acquire(asset);
    try {
      return await resumeHeld(asset, undefined, context);
    } finally {
      await giveBack(lock);
    }
  } catch (error) {
    const { asset: id, device } = open;
    return {
      device,
      asset: id,
      result: "refused",
      ...explainFailure(error),
      durationMs: Date.now() - started,
    };
  }
}

/** The same for a caller that holds the device's lock. @param driver - looked up by the sealed platform if undefined */
export async function resumeHeld(
  asset: string,
  driver: FullDriver | undefined,
  context: DeployContext,
): Promise<DeviceOutcome | undefined> {
  const open = await context.stores.journal.open(asset);
  if (!open) return undefined;
  const started = Date.now();
  const ended = (ending: Omit<DeviceOutcome, "device" | "asset" | "durationMs">): DeviceOutcome => ({
    device: open.device,
    asset,
    ...ending,
    durationMs: Date.now() - started,
  });
  const recorder = continueRecord(context.stores.journal, { ...open, now: context.now });
  const sealed = (await context.stores.journal.unseal(open.push)) as SealedPush | undefined;
  if (sealed === undefined) {
    if (open.begun.includes("arm")) {
      return ended({
        result: "needs-person",
        code: "PUSH-NOT-UNDONE",
        reason: "what undoing needs is gone from disk",
      });
    }
    await recorder.over("refused", "killed before it reached the device");
    return ended({ result: "refused", code: "PUSH-KILLED", reason: "killed before it reached the device" });
  }
  const found = driver ?? context.drivers(sealed.intent.platform);
  if (found?.level !== "full") {
    return ended({
      result: "needs-person",
      code: "PUSH-NO-DRIVER",
      reason: `no driver for ${sealed.intent.platform}`,
    });
  }
  const receipt = await context.stores.receipts.last(asset);
  return ended(await settle({ open, driver: found, recorder, receipt, context }, sealed));
}

type Ending = Omit<DeviceOutcome, "device" | "asset" | "durationMs">;

async function settle(settling: Settling, sealed: SealedPush): Promise<Ending> {
  const { open } = settling;
  try {
    if (!hasChange(sealed) || !open.begun.includes("arm")) return await settleUntouched(settling, sealed);
    if (open.begun.includes("roll-back") || !open.begun.includes("confirm")) {
      return await settleByUndoing(settling, sealed, []);
    }
    return await settleByAsking(settling, sealed);
  } catch (error) {
    const failure = explainFailure(error);
    if (!open.begun.includes("arm"))
      return { result: isAbsence(error) ? "unreachable" : "refused", ...failure };
    return { result: "needs-person", code: "PUSH-NOT-UNDONE", reason: failure.reason };
  }
}

function hasChange(sealed: SealedPush): sealed is SealedChange {
  return sealed.before !== undefined;
}

/** Nothing was sent: only a lock may lie on the device. A receipt without a change stands as it was written. */
async function settleUntouched(settling: Settling, sealed: SealedPush): Promise<Ending> {
  const { recorder, receipt } = settling;
  const { session } = await reach(settling, sealed, whileUndoing(sealed, receipt));
  try {
    await session.lock(recorder.push);
    await session.unlock(recorder.push);
  } finally {
    await session.close();
  }
  if (receipt?.id === recorder.push) {
    await recorder.over("done", "killed after its receipt");
    return { result: "done", receipt: receipt.id };
  }
  const reason = "a killed push had sent nothing; its lock is released";
  await recorder.over("rolled-back", reason);
  return { result: "rolled-back", code: "PUSH-KILLED", reason };
}

async function settleByUndoing(
  settling: Settling,
  sealed: SealedChange,
  sessions: readonly DeviceSession[],
): Promise<Ending> {
  const { recorder, driver, receipt, context } = settling;
  await undo({ sealed, driver, receipt, recorder, sessions }, context);
  const reason = "a killed push was undone";
  await recorder.over("rolled-back", reason);
  return { result: "rolled-back", code: "PUSH-KILLED", reason };
}

/** All checks had passed and the confirmation was under way: what the device runs decides, if it says so where the
 *  inventory has it. Nothing is confirmed over another address. */
async function settleByAsking(settling: Settling, sealed: SealedChange): Promise<Ending> {
  const { driver, recorder, receipt, context, open } = settling;
  const { session, address } = await reach(settling, sealed, whileAsking(sealed, receipt));
  try {
    const now = await session.read();
    const isNew = driver.compare(sealed.before.change.predicted, now.text, { kind: "full" }).length === 0;
    const isHome = address === sealed.intent.management.address;
    if (!isNew || !isHome) return await settleByUndoing(settling, sealed, []);
    await session.lock(recorder.push);
    if (await session.pending()) await recorder.step("confirm", () => session.confirm(recorder.push));
    const { operator, plan } = open;
    const request = { sealed, driver, session, recorder, operator, plan };
    try {
      if (open.begun.includes("unlock")) await writeReceipt(request, now, context);
      else await finish(request, context);
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      return await settleByUndoing(settling, sealed, [session]);
    }
    await recorder.step("unlock", () => session.unlock(recorder.push));
    await recorder.over("done", "a killed push was finished");
    return { result: "done", receipt: recorder.push };
  } finally {
    await session.close();
  }
}

function reach(settling: Settling, sealed: SealedPush, where: Whereabouts): Promise<OpenedSession> {
  const { driver, context } = settling;
  return openSession({ intent: sealed.intent, driver, purpose: "push" }, where, context);
}
