import { analyseFlows } from "../../deploy/analyse-flows.ts";
import { type ApplyResult, applySite, GateError } from "../../deploy/apply-site.ts";
import { ensureEngine } from "../../deploy/engine/ensure.ts";
import { planSite } from "../../deploy/plan-site.ts";
import { resumeSite } from "../../deploy/resume-site.ts";
import type { DeployContext, OnProgress } from "../../deploy/types.ts";
import { type Finding, sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { SitePlan } from "../../planner/plan/types.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { openDeploy, showProgress } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { type RequestReviews, readReviews, recordReviews } from "../forge-approvals.ts";
import { GATE, gateFinding } from "../gate-finding.ts";
import { isSerious, judgeSites } from "../judge.ts";
import { type Chosen, openChosen } from "../open.ts";
import { loadOwnChecks } from "../own-checks.ts";
import { readPlanFile } from "../plan-file.ts";
import { deskOf, sayAuthor } from "../say-author.ts";
import { settlePlan } from "../settle-plan.ts";
import type { Desk } from "../sign-statement.ts";
import { printFindings } from "../text/findings.ts";
import { outcomeReasons, printOutcomes } from "../text/outcomes.ts";
import { printSitePlan } from "../text/plan.ts";

/** Plans the chosen devices, asks the gate, pushes through Pulumi and proves. Findings of severity error stop it. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const planFile = textOption(options, "plan");
  const approved = planFile === undefined ? [] : await readPlanFile(planFile);
  const wanted = approved.length > 0 ? approved.map((plan) => plan.site) : selectors;
  if (wanted.length === 0 && !flag(options, "all")) {
    throw new UsageError("apply wants a selector", "name what to push, or type --all");
  }
  const chosen = await openChosen(context.root, wanted, options);
  const own = await loadOwnChecks(context.root);
  const findings = judgeSites(chosen, new Date(), own).findings.filter(isSerious);
  if (findingReasons(findings).length > 0) return refused(findings, chosen);
  await ensureEngine((message) => context.printer.note(message));
  const deploy = openDeploy(context.root, chosen.sites);
  const desk = await deskOf(context, options);
  const reviews = await readReviews(context.root, options);
  const runs: SiteRun[] = [];
  for (const site of chosen.sites) {
    if (context.signal.aborted) break;
    runs.push(await applyOne(site, { context, chosen, deploy, approved, desk, reviews }));
  }
  const all = sortFindings([...findings, ...runs.flatMap((run) => run.findings)]);
  return {
    findings: all,
    result: { sites: runs.map(toJson) },
    reasons: [...findingReasons(all), ...runs.flatMap((run) => run.reasons)],
    text: (printer) => {
      printFindings(printer, context.verbose ? all : all.filter(isSerious), chosen.frameOf);
      for (const run of runs) {
        if (context.verbose || run.result === undefined)
          printSitePlan(printer, run.plan, { unchanged: false });
        if (run.result) printOutcomes(printer, run.plan.site, run.result.devices, run.result.actions);
      }
    },
  };
}

interface SiteRun {
  readonly plan: SitePlan;
  readonly result: ApplyResult | undefined;
  readonly findings: readonly Finding[];
  readonly reasons: readonly ExitReason[];
}

interface Applying {
  readonly context: CommandContext;
  readonly chosen: Chosen;
  readonly deploy: DeployContext;
  readonly approved: readonly SitePlan[];
  readonly desk: Desk | undefined;
  readonly reviews: RequestReviews | undefined;
}

async function applyOne(site: Site, applying: Applying): Promise<SiteRun> {
  const { context, deploy, approved } = applying;
  // What a killed run left is settled before anything is planned over it.
  await resumeSite(site, deploy);
  const kept = approved.find((one) => one.site === site.id);
  const reading = showProgress(context.printer, site.devices.length, `${site.id}: reading`);
  try {
    const plan =
      kept === undefined
        ? await planNow(site, applying, reading)
        : await settlePlan(site, kept, deploy, reading);
    return await pushPlan(site, plan, applying);
  } catch (error) {
    if (!(error instanceof GateError) || kept === undefined) throw error;
    return { plan: kept, result: undefined, findings: [gateFinding(site, error)], reasons: [GATE] };
  }
}

function planNow(site: Site, { chosen, deploy }: Applying, onProgress: OnProgress): Promise<SitePlan> {
  return planSite(site, deploy, {
    mode: "live",
    ...(chosen.wholeSites ? {} : { only: chosen.devices }),
    onProgress,
    analyse: analyseFlows(site),
  });
}

async function pushPlan(site: Site, plan: SitePlan, applying: Applying): Promise<SiteRun> {
  const { context, deploy, reviews } = applying;
  if (findingReasons(plan.findings).length > 0) {
    return { plan, result: undefined, findings: plan.findings, reasons: [] };
  }
  await sayAuthor(site, plan, applying.desk, applying);
  const told = reviews === undefined ? [] : await recordReviews(site, plan, reviews, deploy);
  const findings = [...plan.findings, ...told];
  try {
    const result = await applySite(site, plan, deploy, {
      onProgress: showProgress(context.printer, plan.devices.length, `${site.id}: pushing`),
      signal: context.signal,
    });
    return { plan, result, findings, reasons: resultReasons(result) };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return { plan, result: undefined, findings: [...findings, gateFinding(site, error)], reasons: [GATE] };
  }
}

function resultReasons(result: ApplyResult): ExitReason[] {
  const engine = result.engineErrors.map(
    (subject): ExitReason => ({ code: 3, reason: "incomplete", subject }),
  );
  const actions = result.actions
    .filter((action) => action.result === "failed")
    .map(
      (action): ExitReason => ({ code: 3, reason: "incomplete", subject: `${action.server} ${action.name}` }),
    );
  return [...outcomeReasons(result.devices), ...actions, ...engine];
}

function refused(findings: readonly Finding[], chosen: Chosen): CommandOutcome {
  return {
    findings,
    result: { sites: [] },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      printer.line("nothing was pushed: mend the errors first");
    },
  };
}

function toJson(run: SiteRun): unknown {
  return {
    site: run.plan.site,
    digest: run.plan.digest,
    devices: run.result?.devices ?? [],
    actions: run.result?.actions ?? [],
    engineErrors: run.result?.engineErrors ?? [],
  };
}
