import type { DeviceIntent } from "../model/intent.ts";
import { type DevicePlan, savesOnly } from "../planner/plan/types.ts";
import { type DeviceInputs, INPUT_SCHEMA_VERSION } from "./device-config.ts";
import { renderDevice } from "./render-device.ts";
import type { DriverLookup } from "./types.ts";

/** Makes the inputs of every device of a site that a driver can push. Pure but for the rendering.
 *  @param planned - the plan being applied; a device that it changes carries the fingerprint of its commands */
export function siteInputs(
  devices: readonly DeviceIntent[],
  drivers: DriverLookup,
  planned: readonly DevicePlan[] = [],
): DeviceInputs[] {
  const byAsset = new Map(planned.map((plan) => [plan.asset, plan]));
  return devices.flatMap((intent) => {
    const driver = drivers(intent.platform);
    if (driver?.level !== "full") return [];
    const { digest, secretVersions } = renderDevice(driver, intent);
    const plan = byAsset.get(intent.asset);
    return [
      {
        schemaVersion: INPUT_SCHEMA_VERSION,
        device: intent.id,
        asset: intent.asset,
        site: `${intent.client}/${intent.site}`,
        platform: intent.platform,
        address: intent.management.address,
        model: intent.model,
        serial: intent.assetFields.serial ?? "",
        intendedDigest: digest,
        secretVersions,
        commandsDigest: plan === undefined ? "" : workOf(plan),
      },
    ];
  });
}

/** What Pulumi is to see of a plan's work on a device: another text is another update. */
function workOf(plan: DevicePlan): string {
  if (plan.commands.length > 0) return plan.commandsDigest ?? "";
  return savesOnly(plan) ? `save ${plan.runningDigest ?? ""}` : "";
}
