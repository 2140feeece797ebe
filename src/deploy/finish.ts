import type { DeviceSession, FullDriver, RunningState } from "../drivers/driver.ts";
import type { ConfigItem } from "../planner/config/types.ts";
import { PushError } from "./push-error.ts";
import type { SealedPush } from "./push-types.ts";
import type { Recorder } from "./recorder.ts";
import type { Receipt } from "./stores/types.ts";
import type { DeployContext } from "./types.ts";

/** What a push that may be kept still has to do. */
export interface FinishRequest {
  readonly sealed: SealedPush & { readonly before: NonNullable<SealedPush["before"]> };
  readonly driver: FullDriver;
  readonly session: DeviceSession;
  readonly recorder: Recorder;
  readonly operator: string;
  readonly plan: string | undefined;
}

/** Saves a confirmed change, reads the device again, proves running = predicted and writes the receipt.
 *  @returns the receipt's id
 *  @throws PushError where the device is not as predicted */
export async function finish(request: FinishRequest, context: DeployContext): Promise<string> {
  const { recorder, session, driver, sealed } = request;
  await recorder.step("save", () => session.save());
  const after = await recorder.step("re-read", () => session.read());
  await recorder.step("prove", async () => {
    expectPredicted(driver, sealed.before.change.predicted, after);
    if (after.saved === "differs")
      throw new PushError("PUSH-NOT-SAVED", "a reboot would bring back another configuration");
  });
  await recorder.step("receipt", () => writeReceipt(request, after, context));
  return recorder.push;
}

/** @throws PushError naming what differs from the prediction */
export function expectPredicted(driver: FullDriver, predicted: string, now: RunningState): void {
  const items = driver.compare(predicted, now.text, { kind: "full" });
  if (items.length > 0) throw new PushError("PUSH-NOT-AS-PREDICTED", describeItems(items));
}

/** Archives what the device is now and appends the receipt, once for a push. */
export async function writeReceipt(
  request: Omit<FinishRequest, "session">,
  after: RunningState,
  context: DeployContext,
): Promise<void> {
  const { sealed, driver, recorder } = request;
  const { intent } = sealed;
  const { stores } = context;
  if ((await stores.receipts.last(intent.asset))?.id === recorder.push) return;
  const archived = await stores.archive.put({
    asset: intent.asset,
    device: intent.id,
    why: "after-push",
    text: after.text,
    redacted: driver.redact(after.text),
    at: after.readAt,
  });
  await stores.receipts.append(receiptOf(request, archived, after, context.now()));
}

function receiptOf(
  request: Omit<FinishRequest, "session">,
  archived: { readonly redacted: string; readonly snapshot: string },
  after: RunningState,
  now: Date,
): Receipt {
  const { sealed, recorder, operator, plan } = request;
  const { intent } = sealed;
  return {
    schemaVersion: 1,
    id: recorder.push,
    asset: intent.asset,
    device: intent.id,
    site: `${intent.client}/${intent.site}`,
    platform: intent.platform,
    at: now.toISOString(),
    operator,
    plan,
    intendedDigest: sealed.intendedDigest,
    snapshot: archived.snapshot,
    archived: archived.redacted,
    commands: sealed.before.change.commands.length,
    hostname: after.facts.hostname ?? intent.system.hostname,
    address: intent.management.address,
    secretVersions: sealed.secretVersions,
  };
}

function describeItems(items: readonly ConfigItem[]): string {
  const paths = items.slice(0, 3).map((item) => `${item.kind} ${item.path.join(" › ")}`);
  const more = items.length > 3 ? ` and ${items.length - 3} more` : "";
  return `the device is not as predicted: ${paths.join("; ")}${more}`;
}
