import { compareText } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { type ControlResult, checkResults, evaluatePack } from "../../planner/checks/pack.ts";
import type { ComplianceReport } from "../../report/compliance-report.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { UsageError } from "../exit.ts";
import { judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
import { readPack } from "../packs.ts";
import { CONTROL_FORMATS, type ControlFormat, printControls, spellControls } from "../text/controls.ts";

/** What a standard asks of the chosen sites, control by control. A control is met only if every check behind it looked
 *  at everything and found nothing. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const format = formatOf(textOption(options, "format") ?? "text");
  const chosen = await openChosen(context.root, selectors, options);
  const [turnedOn, ...others] = packsOf(chosen.sites);
  const pack = readPack(context.root, textOption(options, "pack") ?? turnedOn ?? "baseline");
  if (textOption(options, "pack") === undefined && others.length > 0)
    context.printer.note(`this is ${turnedOn}; also turned on: ${others.join(", ")} (--pack)`);
  const now = new Date();
  const judged = judgeSites(chosen, now);
  const platforms = new Set(chosen.sites.flatMap((site) => site.devices).map((device) => device.platform));
  const results = checkResults(chosen.sites, judged, judged.findings);
  const evaluated = evaluatePack(pack, results, platforms);
  const result = { ...evaluated, controls: evaluated.controls.map(toJson) };
  const report: ComplianceReport = {
    pack,
    result: evaluated,
    sites: chosen.sites.map(({ id }) => id).sort(compareText),
    generatedAt: now.toISOString(),
  };
  const outcome = {
    findings: [],
    result,
    reasons: evaluated.counts["not-met"] > 0 ? [{ code: 1, reason: "findings" } as const] : [],
  };
  if (format === "text" || context.json)
    return { ...outcome, text: (printer) => printControls(printer, report, context.lang) };
  const raw =
    format === "json"
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : spellControls(report, context.lang, format);
  return { ...outcome, raw, text: () => undefined };
}

/** Packs that the clients of these sites turned on, in the order in which they are written. */
function packsOf(sites: readonly Site[]): string[] {
  return [...new Set(sites.flatMap(({ policy }) => policy.checks?.packs.map(({ name }) => name) ?? []))];
}

function formatOf(text: string): ControlFormat {
  const format = CONTROL_FORMATS.find((known) => known === text);
  if (format === undefined)
    throw new UsageError(`unknown format "${text}"`, `known: ${CONTROL_FORMATS.join(", ")}`);
  return format;
}

function toJson({ control, state, findings, notEvaluated }: ControlResult): unknown {
  return { id: control.id, title: control.title, state, checks: control.checks, findings, notEvaluated };
}
