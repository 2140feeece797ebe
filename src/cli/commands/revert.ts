import { analyseFlows } from "../../deploy/analyse-flows.ts";
import { applySite, GateError } from "../../deploy/apply-site.ts";
import { ensureEngine } from "../../deploy/engine/ensure.ts";
import { planSite } from "../../deploy/plan-site.ts";
import type { DeployContext, DeviceOutcome } from "../../deploy/types.ts";
import { type DeviceDrift, isIncident, readSiteDrift } from "../../drift/read-drift.ts";
import type { Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { SitePlan } from "../../planner/plan/types.ts";
import { type CommandContext, type CommandOutcome, findingReasons, flag, type Options } from "../command.ts";
import { openDeploy, showProgress } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { GATE, gateFinding } from "../gate-finding.ts";
import { openChosen } from "../open.ts";
import { deskOf, sayAuthor } from "../say-author.ts";
import type { Desk } from "../sign-statement.ts";
import { printFindings } from "../text/findings.ts";
import { outcomeReasons, printOutcomes } from "../text/outcomes.ts";
import { printSitePlan } from "../text/plan.ts";

/** Pushes the last applied state back over what was changed behind our back. A device whose inventory has moved on
 *  since is refused, because a push would bring the new intent too; what lies outside our claims is named, not touched. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (selectors.length === 0)
    throw new UsageError("revert wants a selector", "sitewright revert CLIENT/SITE/DEVICE");
  const chosen = await openChosen(context.root, selectors, options);
  if (findingReasons(chosen.findings).length > 0) {
    throw new UsageError("the inventory has errors", "type: sitewright validate");
  }
  await ensureEngine((message) => context.printer.note(message));
  const deploy = openDeploy(context.root, chosen.sites);
  const desk = await deskOf(context, options);
  const dryRun = flag(options, "dryRun");
  const runs: SiteRevert[] = [];
  for (const site of chosen.sites)
    runs.push(await revertSite(site, { context, deploy, desk, only: chosen.devices, dryRun }));
  const findings = runs.flatMap((run) => run.findings);
  return {
    findings,
    result: {
      sites: runs.map(({ plan, devices }) => ({
        site: plan?.site ?? null,
        digest: plan?.digest ?? null,
        devices,
      })),
    },
    reasons: [...findingReasons(findings), ...runs.flatMap((run) => run.reasons)],
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      for (const run of runs) {
        if (run.plan === undefined) printer.line("nothing to revert");
        else if (run.devices.length === 0) printSitePlan(printer, run.plan, { unchanged: false });
        else printOutcomes(printer, run.plan.site, run.devices);
      }
    },
  };
}

interface SiteRevert {
  readonly plan: SitePlan | undefined;
  readonly devices: readonly DeviceOutcome[];
  readonly findings: readonly Finding[];
  readonly reasons: readonly ExitReason[];
}

interface Reverting {
  readonly context: CommandContext;
  readonly deploy: DeployContext;
  readonly desk: Desk | undefined;
  readonly only: ReadonlySet<string>;
  readonly dryRun: boolean;
}

async function revertSite(site: Site, reverting: Reverting): Promise<SiteRevert> {
  const { context, deploy, only } = reverting;
  const drift = await readSiteDrift(site, deploy, {
    only,
    onProgress: showProgress(context.printer, only.size, "reading devices"),
  });
  const findings = drift.devices.flatMap((device) => refusals(site, device));
  const ids = new Set(drift.devices.filter(isRevertible).map((device) => device.device));
  const unread = drift.devices
    .filter((device) => device.state === "unreachable")
    .map(
      (device): ExitReason => ({
        code: 3,
        reason: "incomplete",
        subject: `${device.device}: ${device.reason}`,
      }),
    );
  if (ids.size === 0) return { plan: undefined, devices: [], findings, reasons: unread };
  const plan = await planSite(site, deploy, { mode: "live", only: ids, analyse: analyseFlows(site) });
  if (reverting.dryRun) return { plan, devices: [], findings, reasons: unread };
  await sayAuthor(site, plan, reverting.desk, reverting);
  try {
    const result = await applySite(site, plan, deploy, { signal: context.signal, what: "reverted" });
    return {
      plan,
      devices: result.devices,
      findings,
      reasons: [...unread, ...outcomeReasons(result.devices)],
    };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    const shut = gateFinding(site, error);
    const hint = error.code === "GATE-NO-APPROVAL" ? approveHint([...ids]) : shut.hint;
    return { plan, devices: [], findings: [...findings, { ...shut, hint }], reasons: [...unread, GATE] };
  }
}

/** Putting back is a push as any other: a plan of the same devices has the same digest. */
function approveHint(devices: readonly string[]): string {
  return `type sitewright plan ${devices.join(" ")} --out revert.json, have it approved, then revert again`;
}

/** Ours to put back: something inside our claims was changed, and nothing of ours waits to be pushed. */
function isRevertible(device: DeviceDrift): boolean {
  const ours = device.items.filter((item) => item.managed);
  return ours.some(isIncident) && ours.every((item) => item.state === "unauthorised");
}

function refusals(site: Site, device: DeviceDrift): Finding[] {
  const pending = device.items.filter((item) => item.managed && item.state !== "unauthorised");
  const incidents = device.items.filter(isIncident);
  const outside = incidents.filter((item) => !item.managed);
  const where = site.devices.find((candidate) => candidate.id === device.device)?.origin ?? site.origin;
  const findings: Finding[] = outside.map((item) => ({
    code: "REVERT-OUTSIDE",
    severity: "warning",
    message: `${device.device}: ${item.path.join(" / ")} is outside our claims and stays`.slice(0, 100),
    hint: "undo it on the device, or set `ownership: full` for the site",
    where,
  }));
  if (pending.length === 0 || incidents.length === 0) return findings;
  return [
    ...findings,
    {
      code: "REVERT-PENDING",
      severity: "error",
      message: `${device.device}: the inventory has changed since the last apply`,
      hint: `type sitewright apply ${device.device}: it brings the new intent and undoes the drift`,
      where,
    },
  ];
}
