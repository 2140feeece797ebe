import { planDigest } from "../planner/plan/digest.ts";
import type { DevicePlan, SitePlan } from "../planner/plan/types.ts";
import type { DeviceInputs } from "./device-config.ts";
import { PushError } from "./push-error.ts";
import type { DeployContext } from "./types.ts";

/** A device's share of a plan on record, with the plan. */
export interface PlannedShare {
  readonly plan: SitePlan;
  readonly device: DevicePlan;
}

/** A device as the inventory has it now: what the program declared, and its checks as a plan spells them. */
export interface WantedDevice {
  readonly inputs: DeviceInputs;
  readonly checks: readonly string[];
}

/** Looks a device up in the plan that is being applied.
 *  @throws PushError where the plan is not on record, was altered, or does not push this device */
export async function plannedDevice(
  digest: string,
  wanted: WantedDevice,
  context: DeployContext,
): Promise<PlannedShare> {
  const { inputs } = wanted;
  const plan = await readPlan(digest, context);
  const device = plan.devices.find((entry) => entry.asset === inputs.asset);
  if (!device) throw new PushError("PUSH-STALE-PLAN", `the plan does not name ${inputs.device}`);
  expectPushable(device, wanted);
  return { plan, device };
}

/** Finds the newest approved plan of a site that intends for this device exactly what the inventory says now, and asks
 *  the same checks. */
export async function approvedPlan(
  site: string,
  wanted: WantedDevice,
  context: DeployContext,
): Promise<PlannedShare | undefined> {
  const { inputs } = wanted;
  const approvals = await context.stores.approvals.ofSite(site);
  for (const digest of new Set(approvals.map((approval) => approval.plan).toReversed())) {
    if ((await context.stores.plans.get(digest)) === undefined) continue;
    const plan = await readPlan(digest, context);
    const device = plan.devices.find((entry) => entry.asset === inputs.asset);
    // Only an apply compares the devices with what an offline plan assumed of them.
    if (device?.basis === "archive") continue;
    if (device?.intendedDigest !== inputs.intendedDigest) continue;
    if (asksTheSame(device, wanted)) return { plan, device };
  }
  return undefined;
}

/** Reads a plan and proves that it is what its digest says, and comparable here. */
async function readPlan(digest: string, context: DeployContext): Promise<SitePlan> {
  const plan = (await context.stores.plans.get(digest)) as SitePlan | undefined;
  if (!plan) throw new PushError("PUSH-STALE-PLAN", `plan ${digest.slice(0, 19)} is not on record here`);
  if (planDigest(plan) !== digest) {
    throw new PushError("PUSH-STALE-PLAN", `plan ${digest.slice(0, 19)} was altered after it was made`);
  }
  if (plan.keyId !== context.fingerprint.keyId) {
    throw new PushError(
      "PUSH-STALE-PLAN",
      "the plan was made under another fingerprint key: set SITEWRIGHT_FINGERPRINT_KEY to the shared one",
    );
  }
  return plan;
}

function asksTheSame(device: DevicePlan, wanted: WantedDevice): boolean {
  return (device.checks ?? []).join("\n") === wanted.checks.join("\n");
}

function expectPushable(device: DevicePlan, wanted: WantedDevice): void {
  const { inputs } = wanted;
  if (device.state === "unreachable") {
    throw new PushError(
      "PUSH-STALE-PLAN",
      `the plan does not push ${inputs.device}: ${device.reason ?? "unreachable"}`,
    );
  }
  if (device.basis === "archive") {
    throw new PushError("PUSH-STALE-PLAN", "the plan was made offline; plan again with the devices at hand");
  }
  if (device.intendedDigest !== inputs.intendedDigest) {
    throw new PushError("PUSH-STALE-PLAN", "the inventory changed since the plan was made; plan again");
  }
  if (!asksTheSame(device, wanted)) {
    throw new PushError("PUSH-STALE-PLAN", "its checks changed since the plan was made; plan again");
  }
}
