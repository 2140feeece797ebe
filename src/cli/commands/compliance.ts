import type { Site } from "../../model/site.ts";
import { type ControlResult, checkResults, evaluatePack } from "../../planner/checks/pack.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { UsageError } from "../exit.ts";
import { judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
import { readPack } from "../packs.ts";
import { type ControlFormat, printControls } from "../text/controls.ts";

const FORMATS: readonly ControlFormat[] = ["text", "md", "csv"];

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
  const judged = judgeSites(chosen, new Date());
  const platforms = new Set(chosen.sites.flatMap((site) => site.devices).map((device) => device.platform));
  const results = checkResults(chosen.sites, judged, judged.findings);
  const evaluated = evaluatePack(pack, results, platforms);
  return {
    findings: [],
    result: { ...evaluated, controls: evaluated.controls.map(toJson) },
    reasons: evaluated.counts["not-met"] > 0 ? [{ code: 1, reason: "findings" }] : [],
    text: (printer) => printControls(printer, pack, evaluated, { lang: context.lang, format }),
  };
}

/** Packs that the clients of these sites turned on, in the order in which they are written. */
function packsOf(sites: readonly Site[]): string[] {
  return [...new Set(sites.flatMap(({ policy }) => policy.checks?.packs.map(({ name }) => name) ?? []))];
}

function formatOf(text: string): ControlFormat {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(`unknown format "${text}"`, `known: ${FORMATS.join(", ")}`);
  return format;
}

function toJson({ control, state, findings, notEvaluated }: ControlResult): unknown {
  return { id: control.id, title: control.title, state, checks: control.checks, findings, notEvaluated };
}
