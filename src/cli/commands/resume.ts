import { resumeSite } from "../../deploy/resume-site.ts";
import type { DeviceOutcome } from "../../deploy/types.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { openChosen } from "../open.ts";
import { outcomeReasons, printOutcomes } from "../text/outcomes.ts";

/** Finishes or undoes what a killed run left on the devices of the chosen sites. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const outcomes: DeviceOutcome[] = [];
  for (const site of chosen.sites) outcomes.push(...(await resumeSite(site, deploy)));
  return {
    findings: chosen.findings,
    result: { devices: outcomes },
    reasons: [...findingReasons(chosen.findings), ...outcomeReasons(outcomes)],
    text: (printer) => {
      if (outcomes.length === 0) printer.line("no push was left open");
      else printOutcomes(printer, "resumed", outcomes);
    },
  };
}
