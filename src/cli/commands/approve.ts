import type { JudgedApproval } from "../../deploy/approval/prove.ts";
import { roleWord } from "../../deploy/approval/statement.ts";
import type { Approval, ApprovalRole } from "../../deploy/stores/types.ts";
import type { DeployContext } from "../../deploy/types.ts";
import type { Finding } from "../../model/finding.ts";
import { planDigest } from "../../planner/plan/digest.ts";
import type { SitePlan } from "../../planner/plan/types.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { GATE } from "../gate-finding.ts";
import { readPlanFile } from "../plan-file.ts";
import { type Desk, openDesk, sealStatement } from "../sign-statement.ts";
import { printFindings } from "../text/findings.ts";
import { printSitePlan } from "../text/plan.ts";

/** Records somebody's word on exactly the plans of a file, signed by an SSH key. What does not verify is not recorded.
 *  Where nobody can be proved at all, it is recorded as unproved and said to be. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const file = textOption(options, "plan");
  if (file === undefined) throw new UsageError("approve wants a plan", "sitewright approve --plan FILE");
  const deploy = openDeploy(context.root, []);
  const plans = await plansOf(file, deploy);
  const facts = factsOf(options, deploy.now());
  const desk = await openDesk(context.root, options);
  if (desk.key === undefined && desk.signers.known)
    throw new UsageError(
      `approvals are signed here, by keys of ${desk.signers.from}`,
      "sitewright approve --plan FILE --key ~/.ssh/id_ed25519",
    );
  const judged: JudgedApproval[] = [];
  for (const plan of plans) {
    const { site, digest, changeClass } = plan;
    judged.push(await sealStatement({ ...facts, plan: digest, site, changeClass }, desk, deploy));
  }
  const findings = judged.flatMap((one) => findingOf(one, desk, file));
  const refused = findingReasons(findings).length > 0;
  if (!refused) await record(judged, deploy);
  return {
    findings,
    result: {
      approvals: refused ? [] : judged.map(({ approval, proof }) => ({ ...approval, proved: proof.proved })),
    },
    reasons: refused ? [GATE] : [],
    text: (printer) => {
      for (const plan of plans) printSitePlan(printer, plan, { unchanged: false });
      printer.line();
      printFindings(printer, findings, () => undefined);
      if (refused) return printer.line("nothing was recorded");
      for (const { approval, proof } of judged) {
        const note = proof.proved ? "" : " (unproved)";
        printer.line(
          `${approval.by} ${roleWord(approval)} ${approval.site} ${approval.plan} until ${approval.expires}${note}`,
        );
      }
    },
  };
}

type Facts = Omit<Approval, "plan" | "site" | "by" | "changeClass" | "proof">;

function factsOf(options: Options, now: Date): Facts {
  const hours = Number(textOption(options, "hours") ?? "72");
  if (!(hours > 0 && hours <= 24 * 30))
    throw new UsageError(`"${hours}" hours make no sense`, "type 1 to 720");
  const role = roleOf(options);
  const ticket = textOption(options, "ticket");
  const reason = textOption(options, "reason");
  const outsideWindow = textOption(options, "outsideWindow");
  if (role === "emergency" && (!ticket || !reason))
    throw new UsageError(
      "an emergency names a ticket and a reason",
      "sitewright approve --plan FILE --emergency --ticket INC-1 --reason TEXT",
    );
  return {
    schemaVersion: 1,
    role,
    at: now.toISOString(),
    expires: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    ...(ticket ? { ticket } : {}),
    ...(reason ? { reason } : {}),
    ...(outsideWindow ? { outsideWindow } : {}),
  };
}

function roleOf(options: Options): ApprovalRole {
  const asked = (["author", "emergency", "review"] as const).filter((role) => flag(options, role));
  const [first, second] = asked;
  if (second !== undefined)
    throw new UsageError(`--${first} and --${second} are two different words`, "say one of them");
  return first ?? "approval";
}

/** A plan of a file, or of the records by its digest; an altered one is not shown as what it is not. */
async function plansOf(file: string, deploy: DeployContext): Promise<readonly SitePlan[]> {
  const plans = file.startsWith("sha256:") ? await planOnRecord(file, deploy) : await readPlanFile(file);
  const altered = plans.find((plan) => planDigest(plan) !== plan.digest);
  if (altered !== undefined)
    throw new UsageError(
      `the plan of ${altered.site} was altered after it was made, or by another release`,
      `plan again: sitewright plan ${altered.site} --out FILE`,
    );
  return plans;
}

async function planOnRecord(digest: string, deploy: DeployContext): Promise<readonly SitePlan[]> {
  const plan = (await deploy.stores.plans.get(digest)) as SitePlan | undefined;
  if (plan !== undefined) return [plan];
  throw new UsageError(
    `no plan ${digest.slice(0, 19)} is on record here`,
    "sitewright audit list names them",
  );
}

function findingOf({ approval, proof }: JudgedApproval, { key, signers }: Desk, file: string): Finding[] {
  if (proof.proved) return [];
  const where = { file, line: 1, column: 1 };
  if (key !== undefined) {
    return [
      {
        code: "APPROVAL-REFUSED",
        severity: "error",
        message: proof.why,
        hint: "sign with a key that is allowed and valid, under the name that stands beside it: --key FILE --as NAME",
        where,
      },
    ];
  }
  const why = signers.known ? "no key was named" : signers.why;
  return [
    {
      code: "APPROVAL-UNPROVED",
      severity: "warning",
      message: `the word of ${approval.by} is unproved (${why}): it opens the gate of practice sites only`,
      hint: signers.known ? "--key ~/.ssh/id_ed25519" : signers.hint,
      where,
    },
  ];
}

async function record(judged: readonly JudgedApproval[], deploy: DeployContext): Promise<void> {
  for (const { approval, proof } of judged) {
    const { plan, site, by, ticket, reason } = approval;
    const what = approval.role === "review" ? "reviewed" : "approved";
    const words = [approval.role, ticket, reason, approval.outsideWindow].filter(
      (word) => word !== undefined,
    );
    const event = { what, who: by, proved: proof.proved, site, plan, note: words.join(", ") } as const;
    await deploy.stores.audit.append(event);
    await deploy.stores.approvals.append(approval);
  }
}
