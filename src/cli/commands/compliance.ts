import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parsePlainYaml } from "../../inventory/yaml/plain-yaml.ts";
import {
  type ControlResult,
  checkResults,
  evaluatePack,
  type Pack,
  parsePack,
} from "../../planner/checks/pack.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { PACKAGE_ROOT } from "../demo/scratch.ts";
import { UsageError } from "../exit.ts";
import { judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
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
  const pack = readPack(context.root, textOption(options, "pack") ?? "baseline");
  const chosen = await openChosen(context.root, selectors, options);
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

function formatOf(text: string): ControlFormat {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(`unknown format "${text}"`, `known: ${FORMATS.join(", ")}`);
  return format;
}

/** A pack of the workspace, else the one that this package ships.
 *  @throws UsageError where there is none of that name, or it is broken */
function readPack(root: string, name: string): Pack {
  const folders = [join(root, "policies/packs"), join(PACKAGE_ROOT, "policies/packs")].filter((folder) =>
    existsSync(folder),
  );
  const file = folders
    .map((folder) => join(folder, `${basename(name)}.yaml`))
    .find((path) => existsSync(path));
  if (file === undefined) {
    const known = folders
      .flatMap((folder) => readdirSync(folder))
      .map((entry) => entry.replace(/\.yaml$/, ""));
    throw new UsageError(`there is no pack "${name}"`, `known: ${[...new Set(known)].sort().join(", ")}`);
  }
  const { pack, mistakes } = parsePack(parsePlainYaml(readFileSync(file, "utf8")));
  if (pack !== undefined && mistakes.length === 0) return pack;
  throw new UsageError(`${file}: ${mistakes[0] ?? "is no pack"}`, "mend the pack");
}

function toJson({ control, state, findings, notEvaluated }: ControlResult): unknown {
  return { id: control.id, title: control.title, state, checks: control.checks, findings, notEvaluated };
}
