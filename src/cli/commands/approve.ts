import { operatorName } from "../../deploy/stack-environment.ts";
import type { Approval } from "../../deploy/stores/types.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { readPlanFile } from "../plan-file.ts";
import { printSitePlan } from "../text/plan.ts";

/** Records somebody's yes to exactly the plans of a file. Who says it is the operator of this machine; whether that is
 *  enough is the gate's business. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const file = textOption(options, "plan");
  if (file === undefined) throw new UsageError("approve wants a plan", "sitewright approve --plan FILE");
  const hours = Number(textOption(options, "hours") ?? "72");
  if (!(hours > 0 && hours <= 24 * 30))
    throw new UsageError(`"${hours}" hours make no sense`, "type 1 to 720");
  const plans = await readPlanFile(file);
  const deploy = openDeploy(context.root, []);
  const now = deploy.now();
  const ticket = textOption(options, "ticket");
  const outsideWindow = textOption(options, "outsideWindow");
  const approvals = plans.map(
    (plan): Approval => ({
      schemaVersion: 1,
      plan: plan.digest,
      site: plan.site,
      by: operatorName(),
      at: now.toISOString(),
      expires: new Date(now.getTime() + hours * 3_600_000).toISOString(),
      ...(ticket === undefined ? {} : { ticket }),
      ...(outsideWindow === undefined ? {} : { outsideWindow }),
    }),
  );
  for (const approval of approvals) await deploy.stores.approvals.append(approval);
  return {
    findings: [],
    result: { approvals },
    reasons: [],
    text: (printer) => {
      for (const plan of plans) printSitePlan(printer, plan, { unchanged: false });
      printer.line();
      for (const approval of approvals) {
        printer.line(`${approval.by} approves ${approval.site} ${approval.plan} until ${approval.expires}`);
      }
    },
  };
}
