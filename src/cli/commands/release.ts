import { destroySite } from "../../deploy/destroy-site.ts";
import { ensureEngine } from "../../deploy/engine/ensure.ts";
import type { DeviceOutcome } from "../../deploy/types.ts";
import type { CommandContext, CommandOutcome, Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { outcomeReasons, printOutcomes } from "../text/outcomes.ts";

/** Lets go of whole sites: nothing is changed on a device, because taking a firewall's rules away would open it. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  if (selectors.length === 0 || !chosen.wholeSites) {
    throw new UsageError("release wants whole sites", "sitewright release CLIENT/SITE");
  }
  await ensureEngine((message) => context.printer.note(message));
  const deploy = openDeploy(context.root, chosen.sites);
  const released: { readonly site: string; readonly devices: readonly DeviceOutcome[] }[] = [];
  for (const site of chosen.sites)
    released.push({ site: site.id, devices: await destroySite(site.id, deploy) });
  return {
    findings: [],
    result: { sites: released },
    reasons: released.flatMap((site) => outcomeReasons(site.devices)),
    text: (printer) => {
      for (const site of released) printOutcomes(printer, site.site, site.devices);
    },
  };
}
