import type { FullDriver, RunningState } from "../drivers/driver.ts";
import type { Finding } from "../model/finding.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Change } from "../planner/config/types.ts";
import { redactChange } from "../planner/plan/redact-change.ts";
import type { DevicePlan } from "../planner/plan/types.ts";
import { spellChecks } from "./health.ts";
import { explainFailure } from "./push-error.ts";
import { readDevice } from "./read-device.ts";
import { changeOf, commandsDigest, type IntendedDevice, moveOf, renderDevice } from "./render-device.ts";
import type { Receipt } from "./stores/types.ts";
import type { DeployContext } from "./types.ts";

/** A device's plan with what only this process may see: texts in clear. */
export interface PlannedDevice {
  readonly plan: DevicePlan;
  readonly findings: readonly Finding[];
  readonly intended: IntendedDevice | undefined;
  /** For the analysis of flows; undefined where the device was not read. */
  readonly texts: { readonly running: string; readonly predicted: string } | undefined;
  readonly driver: FullDriver | undefined;
  readonly intent: DeviceIntent;
}

/** From what a plan is made: the device itself, or what the archive last saw of it. */
export type PlanMode = "live" | "offline";

/** Plans one device. A device that cannot be read is `unreachable` with the reason; the rest goes on (D8). */
export async function planDevice(
  intent: DeviceIntent,
  mode: PlanMode,
  context: DeployContext,
): Promise<PlannedDevice> {
  const driver = context.drivers(intent.platform);
  if (driver?.level !== "full") {
    return unplanned(intent, undefined, mode, noDriver(intent));
  }
  const intended = renderDevice(driver, intent);
  const receipt = await context.stores.receipts.last(intent.asset);
  const base = { intent, driver, intended, receipt, mode };
  try {
    if (mode === "live") {
      const running = await readDevice(intent, driver, receipt, context);
      return planned({ ...base, runningDigest: context.fingerprint.of(running.text) }, running, context);
    }
    // The archive's text is redacted; its fingerprint is that of the whole text, as a live reading gives it.
    const { running, snapshot } = await fromArchive(intent, context);
    return planned({ ...base, runningDigest: snapshot }, running, context);
  } catch (error) {
    const { reason } = explainFailure(error);
    return unplanned(intent, { driver, intended }, mode, { reason });
  }
}

interface Base {
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  readonly intended: IntendedDevice;
  readonly receipt: Receipt | undefined;
  readonly mode: PlanMode;
  readonly runningDigest: string;
}

function planned(base: Base, running: RunningState, context: DeployContext): PlannedDevice {
  const { intent, driver, intended, receipt, mode, runningDigest } = base;
  const change = changeOf(driver, running.text, intended, { intent, receipt });
  const moves = change.commands.length > 0 ? moveOf(intent, receipt?.address) : undefined;
  const plan: DevicePlan = {
    device: intent.id,
    asset: intent.asset,
    platform: intent.platform,
    state: stateOf(change, receipt, intended, running),
    basis: mode === "live" ? "live" : "archive",
    readAt: running.readAt,
    ...redactChange(change, driver),
    unmanaged: change.unmanaged,
    saved: running.saved,
    intendedDigest: intended.digest,
    runningDigest,
    commandsDigest: commandsDigest(change, context),
    after: [],
    ...(intent.checks.length > 0 ? { checks: spellChecks(intent.checks) } : {}),
    ...(moves === undefined ? {} : { moves }),
  };
  return {
    plan,
    findings: [...intended.rendered.findings, ...change.findings],
    intended,
    texts: { running: running.text, predicted: change.predicted },
    driver,
    intent,
  };
}

/** A device whose name, address or intent moved without a command still wants a new receipt, and one that was not saved
 *  wants saving: both are a change. */
function stateOf(
  change: Change,
  receipt: Receipt | undefined,
  intended: IntendedDevice,
  running: RunningState,
): DevicePlan["state"] {
  if (!receipt) return "unadopted";
  if (change.commands.length > 0 || running.saved === "differs") return "change";
  return receipt.intendedDigest === intended.digest ? "same" : "change";
}

async function fromArchive(
  intent: DeviceIntent,
  context: DeployContext,
): Promise<{ readonly running: RunningState; readonly snapshot: string }> {
  const entry = await context.stores.archive.last(intent.asset);
  const text = entry && (await context.stores.archive.redacted(entry.redacted));
  if (!entry || text === undefined)
    throw new Error("the archive has no configuration of it; plan without --offline once");
  const running: RunningState = { text, saved: "unknown", readAt: entry.at, facts: {} };
  return { running, snapshot: entry.snapshot };
}

function unplanned(
  intent: DeviceIntent,
  known: { readonly driver: FullDriver; readonly intended: IntendedDevice } | undefined,
  mode: PlanMode,
  why: { readonly reason: string; readonly finding?: Finding },
): PlannedDevice {
  const plan: DevicePlan = {
    device: intent.id,
    asset: intent.asset,
    platform: intent.platform,
    state: "unreachable",
    basis: mode === "live" ? "live" : "archive",
    readAt: undefined,
    commands: [],
    rollback: [],
    steps: [],
    items: [],
    unmanaged: 0,
    saved: "unknown",
    intendedDigest: known?.intended.digest ?? "",
    runningDigest: undefined,
    commandsDigest: undefined,
    after: [],
    reason: why.reason,
  };
  const findings = [...(known?.intended.rendered.findings ?? []), ...(why.finding ? [why.finding] : [])];
  return { plan, findings, intended: known?.intended, texts: undefined, driver: known?.driver, intent };
}

function noDriver(intent: DeviceIntent): { readonly reason: string; readonly finding: Finding } {
  const reason = `no driver pushes platform ${intent.platform}`;
  return {
    reason,
    finding: {
      code: "PLAN-NO-DRIVER",
      severity: "error",
      message: reason,
      hint: "set a platform that sitewright doctor lists as full",
      where: intent.origin,
    },
  };
}
