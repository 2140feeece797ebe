import { writeFile } from "node:fs/promises";
import { analyseFlows } from "../../deploy/analyse-flows.ts";
import { planSite } from "../../deploy/plan-site.ts";
import { sortFindings } from "../../model/finding.ts";
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
import { isSerious, judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
import { loadOwnChecks } from "../own-checks.ts";
import { countFindings, printFindings } from "../text/findings.ts";
import { hasWork, printSitePlan } from "../text/plan.ts";
import { watchWorkspace } from "../watch.ts";

/** Says what would change on each chosen device, live or against the archive. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (flag(options, "watch")) return watchPlans(context, selectors, options);
  return planOnce(context, selectors, options);
}

/** Plans anew after each saved file, offline, so that no device is asked while somebody types. */
async function watchPlans(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (context.json) throw new UsageError("--watch writes for people", "leave --json away");
  const { printer } = context;
  await watchWorkspace(context.root, context.signal, async () => {
    const started = performance.now();
    printer.clear();
    await planOnce(context, selectors, { ...options, offline: true }).then(
      (outcome) => outcome.text(printer),
      (error: unknown) => printer.line(error instanceof Error ? error.message : String(error)),
    );
    printer.note(
      `${Math.round(performance.now() - started)} ms; waiting for the next saved file, Ctrl-C ends`,
    );
  });
  return { findings: [], result: null, reasons: [], text: () => undefined };
}

async function planOnce(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const onProgress = showProgress(context.printer, chosen.devices.size, "reading devices");
  const plans: SitePlan[] = [];
  for (const site of chosen.sites) {
    plans.push(
      await planSite(site, deploy, {
        mode: flag(options, "offline") ? "offline" : "live",
        ...(chosen.wholeSites ? {} : { only: chosen.devices }),
        onProgress,
        analyse: analyseFlows(site),
      }),
    );
  }
  const judged = judgeSites(chosen, deploy.now(), await loadOwnChecks(context.root)).findings.filter(
    isSerious,
  );
  const findings = sortFindings([...judged, ...plans.flatMap((plan) => plan.findings)]);
  const out = textOption(options, "out");
  if (out !== undefined) await writeFile(out, `${JSON.stringify({ sites: plans }, undefined, 2)}\n`);
  return {
    findings,
    result: { sites: plans },
    reasons: [...findingReasons(findings), ...planReasons(plans, flag(options, "exitCode"))],
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      for (const plan of plans) printSitePlan(printer, plan, { unchanged: flag(options, "revealUnchanged") });
      printer.line();
      printer.line(`${countFindings(findings)}${out === undefined ? "" : `; plan kept in ${out}`}`);
    },
  };
}

/** Unreachable devices make a plan incomplete; changes count only where they were asked for. */
export function planReasons(plans: readonly SitePlan[], exitCode: boolean): ExitReason[] {
  const devices = plans.flatMap((plan) => plan.devices);
  const incomplete = devices
    .filter((device) => device.state === "unreachable")
    .map(
      (device): ExitReason => ({
        code: 3,
        reason: "incomplete",
        subject: `${device.device}: ${device.reason}`,
      }),
    );
  const changes = exitCode && devices.some(hasWork);
  return [...incomplete, ...(changes ? [{ code: 2, reason: "difference" } as const] : [])];
}
