import type { DeployContext } from "../deploy/types.ts";
import type { Site } from "../model/site.ts";
import type { SitePlan } from "../planner/plan/types.ts";
import { type CommandContext, type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";
import { type Desk, openDesk, sealStatement } from "./sign-statement.ts";

/** An author's word holds for the push that it comes with. */
const HOLDS_MS = 3_600_000;

/** Who pushes, if a key can tell. One of the settings that cannot serve is told; one that was typed must serve.
 *  @throws UsageError */
export async function deskOf(context: CommandContext, options: Options): Promise<Desk | undefined> {
  try {
    return await openDesk(context.root, options);
  } catch (error) {
    if (!(error instanceof UsageError) || textOption(options, "key") !== undefined) throw error;
    context.printer.note(`${error.message}: nobody is proved to push this`);
    return undefined;
  }
}

/** Puts on record that who pushes with a key puts the plan forward: one approver is then enough for a normal change. */
export async function sayAuthor(
  site: Site,
  plan: SitePlan,
  desk: Desk | undefined,
  { deploy, context }: { readonly deploy: DeployContext; readonly context: CommandContext },
): Promise<void> {
  if (desk?.key === undefined || site.gate === "none") return;
  const { digest, changeClass } = plan;
  const now = deploy.now();
  const expires = new Date(now.getTime() + HOLDS_MS).toISOString();
  const base = { schemaVersion: 1, plan: digest, site: site.id, changeClass } as const;
  const said = { ...base, role: "author", at: now.toISOString(), expires } as const;
  const { approval, proof } = await sealStatement(said, desk, deploy);
  if (proof.proved) await deploy.stores.approvals.append(approval);
  else context.printer.note(`you could not be proved: ${proof.why}`);
}
