import { type FileWhere, type Finding, sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import {
  countVerdicts,
  NO_VERDICTS,
  sumVerdicts,
  type VerdictCounts,
  verdictWords,
} from "../../planner/flows/verdict-counts.ts";
import { sarifLog } from "../../report/sarif.ts";
import { applyBaseline, type Baselined } from "../baseline-file.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { isSerious, type Judgement, judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
import { loadOwnChecks } from "../own-checks.ts";
import type { Printer } from "../print.ts";
import { dutyFindings } from "../read-duties.ts";
import { counted, countFindings, formatWhere, printFindings } from "../text/findings.ts";
import { readVersion } from "../version.ts";

const FORMATS = ["text", "sarif", "junit"] as const;
type Format = (typeof FORMATS)[number];

/** Shape, links, IP plan, zone proofs and the catalogue of checks over the chosen sites; reads no device. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const format = formatOf(textOption(options, "format") ?? "text");
  refuseHalfBaselines(selectors, options);
  const chosen = await openChosen(context.root, selectors, options);
  const judged = judgeSites(chosen, new Date(), await loadOwnChecks(context.root));
  const baselined = await baselineOf(judged.findings, options);
  const duties = await dutyFindings(context.root, chosen.sites);
  const findings = sortFindings([...(baselined?.findings ?? judged.findings), ...duties]);
  const sites = chosen.sites.map((site) => ({
    site: site.id,
    devices: site.devices.length,
    zonePairs: judged.pairs.get(site.id) ?? NO_VERDICTS,
  }));
  return {
    findings,
    result: {
      sites,
      ownRules: judged.rules,
      checks: { evaluated: judged.evaluated, notEvaluated: judged.notEvaluated },
      ...(baselined === undefined
        ? {}
        : { baseline: { known: baselined.known, gone: baselined.gone, updated: baselined.updated } }),
    },
    reasons: findingReasons(findings),
    ...(await rawOf(format, findings, judged, chosen.sites)),
    text: (printer) => {
      const shown = context.verbose ? findings : findings.filter(isSerious);
      printFindings(printer, shown, chosen.frameOf);
      if (!context.verbose) printGrouped(printer, findings.filter(isWarning));
      printSummary(printer, findings, judged, sites);
      if (baselined !== undefined) printBaseline(printer, baselined);
    },
  };
}

function formatOf(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined)
    throw new UsageError(`unknown format "${text}"`, `known: ${FORMATS.join(", ")}; JSON is --json`);
  return format;
}

/** A baseline of a part would throw the rest of the file away, or call it mended. */
function refuseHalfBaselines(selectors: readonly string[], options: Options): void {
  const file = textOption(options, "baseline");
  const update = flag(options, "updateBaseline");
  if (update && file === undefined)
    throw new UsageError("--update-baseline wants a file", "add --baseline FILE");
  const narrow = selectors.length > 0 || textOption(options, "role") !== undefined;
  if (update && narrow)
    throw new UsageError("a baseline is made of the whole workspace", "leave the selectors and --role out");
}

async function baselineOf(findings: readonly Finding[], options: Options): Promise<Baselined | undefined> {
  const file = textOption(options, "baseline");
  return file === undefined ? undefined : applyBaseline(file, findings, flag(options, "updateBaseline"));
}

async function rawOf(
  format: Format,
  findings: readonly Finding[],
  judged: Judgement,
  sites: readonly Site[],
): Promise<{ readonly raw?: string }> {
  if (format === "text") return {};
  if (format === "junit") {
    const { junitReport } = await import("../../report/junit.ts");
    const { evaluated, notEvaluated } = judged;
    return { raw: junitReport({ findings, evaluated, notEvaluated }) };
  }
  const places = new Map<string, FileWhere>(
    sites.flatMap((site) => site.devices.map((device) => [device.id, device.origin] as const)),
  );
  return { raw: sarifLog({ findings, version: readVersion(), placeOf: (device) => places.get(device) }) };
}

function printBaseline(printer: Printer, { known, gone, updated }: Baselined): void {
  printer.line(updated ? `baseline written: ${known} findings are known` : `${known} known findings let in`);
  if (gone.length === 0) return;
  printer.line(
    updated
      ? `${gone.length} mended findings taken out:`
      : `${gone.length} are mended; take them out with --update-baseline:`,
  );
  for (const { code, place, message } of gone)
    printer.line(printer.style.dim(`  ${code} ${place} ${message}`));
}

/** Warnings, and errors that somebody waived; notes come with -v. */
function isWarning(finding: Finding): boolean {
  return finding.severity !== "info" && !isSerious(finding);
}

/** Warnings, one line a code: how many, and where the first is. */
function printGrouped(printer: Printer, findings: readonly Finding[]): void {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.code}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const { style } = printer;
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const waived = first.waiver === undefined ? "" : style.dim(" (waived)");
    const times = group.length === 1 ? "" : ` ×${group.length}`;
    printer.line(
      `${style.yellow(first.severity.padEnd(7))} ${style.bold(first.code)}${times} ${first.message}${waived}`,
    );
    printer.line(style.dim(`        ${formatWhere(first.where)}`));
  }
}

function printSummary(
  printer: Printer,
  findings: readonly Finding[],
  judged: Judgement,
  sites: readonly { readonly devices: number; readonly zonePairs: VerdictCounts }[],
): void {
  const { style } = printer;
  const devices = sites.reduce((sum, site) => sum + site.devices, 0);
  const pairs = sumVerdicts(sites.map(({ zonePairs }) => zonePairs));
  const paint = findings.some(isSerious) ? style.red : style.green;
  if (findings.length > 0) printer.line();
  printer.line(
    `${paint(countFindings(findings))}: ${counted(sites.length, "site")}, ${counted(devices, "device")}`,
  );
  printer.line(`zone pairs: ${verdictWords(pairs)}`);
  if (countVerdicts(judged.rules) > 0) printer.line(`own rules: ${verdictWords(judged.rules)}`);
  const open = judged.notEvaluated.length;
  printer.line(
    style.dim(
      `${judged.evaluated.length} checks evaluated, ${open} not (why: --json); -v shows all, explain CODE tells more`,
    ),
  );
}
