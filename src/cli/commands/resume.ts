import { resumeDevice } from "../../deploy/resume.ts";
import type { DeviceOutcome } from "../../deploy/types.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { openChosen } from "../open.ts";
import { outcomeReasons, printOutcomes } from "../text/outcomes.ts";

/** Finishes or undoes what a killed run left on the chosen devices. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const open = (await deploy.stores.journal.allOpen()).filter((push) => chosen.devices.has(push.device));
  const settled = await Promise.all(open.map((push) => resumeDevice(push.asset, deploy)));
  const outcomes = settled.filter((outcome): outcome is DeviceOutcome => outcome !== undefined);
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
