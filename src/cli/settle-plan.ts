import { analyseFlows } from "../deploy/analyse-flows.ts";
import { GateError } from "../deploy/apply-site.ts";
import { planSite } from "../deploy/plan-site.ts";
import type { DeployContext, OnProgress } from "../deploy/types.ts";
import type { Site } from "../model/site.ts";
import { offlineDigest } from "../planner/plan/digest.ts";
import type { DevicePlan, SitePlan } from "../planner/plan/types.ts";

/** Turns a plan that was made offline into the one to push: the devices are read, and where everything is as that plan
 *  assumed, the live plan is the same one and its approvals hold. A live plan stays as it is.
 *  @throws GateError naming the devices that moved on */
export async function settlePlan(
  site: Site,
  kept: SitePlan,
  deploy: DeployContext,
  onProgress: OnProgress,
): Promise<SitePlan> {
  const planned = kept.devices.filter((device) => device.state !== "release");
  if (!planned.some((device) => device.basis === "archive")) return kept;
  const ids = new Set(planned.map((device) => device.device));
  const whole = site.devices.every((intent) => ids.has(intent.id));
  const live = await planSite(site, deploy, {
    mode: "live",
    ...(whole ? {} : { only: ids }),
    onProgress,
    analyse: analyseFlows(site),
  });
  if (offlineDigest(live) === kept.digest) return live;
  throw new GateError(
    "GATE-BASE-MOVED",
    whyMoved(kept, live),
    `plan again with the devices at hand: sitewright plan ${site.id} --out FILE, and have that approved`,
  );
}

function whyMoved(kept: SitePlan, live: SitePlan): string {
  const now = new Map(live.devices.map((device) => [device.asset, device]));
  const reasons = kept.devices.flatMap((device) => {
    const why = whyOne(device, now.get(device.asset));
    return why === undefined ? [] : [`${device.device} ${why}`];
  });
  const words = reasons.length > 0 ? reasons.join("; ") : "secrets, server actions or the order moved on";
  return `the plan was made offline, and things are not as it assumed: ${words}`;
}

function whyOne(assumed: DevicePlan, live: DevicePlan | undefined): string | undefined {
  if (live === undefined) return "is gone";
  if (live.state === "unreachable") return assumed.state === "unreachable" ? undefined : "does not answer";
  if (live.intendedDigest !== assumed.intendedDigest) return "is intended otherwise by now";
  if (live.runningDigest !== assumed.runningDigest) return "runs something else by now";
  if (live.commandsDigest !== assumed.commandsDigest)
    return "holds secrets that the archive hides, so that an offline plan cannot be exact";
  return live.state === assumed.state ? undefined : `is "${live.state}" by now, not "${assumed.state}"`;
}
