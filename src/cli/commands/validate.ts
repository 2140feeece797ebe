import type { Finding } from "../../model/finding.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { isSerious, type Judgement, judgeSites } from "../judge.ts";
import { openChosen } from "../open.ts";
import type { Printer } from "../print.ts";
import { countFindings, formatWhere, printFindings } from "../text/findings.ts";

/** Shape, links, IP plan, zone proofs and the catalogue of checks over the chosen sites; reads no device. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const judged = judgeSites(chosen, new Date());
  const { findings } = judged;
  const sites = chosen.sites.map((site) => ({
    site: site.id,
    devices: site.devices.length,
    cellsProved: judged.cells.get(site.id) ?? 0,
  }));
  return {
    findings,
    result: { sites, checks: { evaluated: judged.evaluated, notEvaluated: judged.notEvaluated } },
    reasons: findingReasons(findings),
    text: (printer) => {
      const shown = context.verbose ? findings : findings.filter(isSerious);
      printFindings(printer, shown, chosen.frameOf);
      if (!context.verbose) printGrouped(printer, findings.filter(isWarning));
      printSummary(printer, findings, judged, sites);
    },
  };
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
  sites: readonly { readonly devices: number; readonly cellsProved: number }[],
): void {
  const { style } = printer;
  const devices = sites.reduce((sum, site) => sum + site.devices, 0);
  const cells = sites.reduce((sum, site) => sum + site.cellsProved, 0);
  const paint = findings.some(isSerious) ? style.red : style.green;
  if (findings.length > 0) printer.line();
  printer.line(
    `${paint(countFindings(findings))}: ${sites.length} sites, ${devices} devices, ${cells} zone pairs proved`,
  );
  const open = judged.notEvaluated.length;
  printer.line(
    style.dim(
      `${judged.evaluated.length} checks evaluated, ${open} not (why: --json); -v shows all, explain CODE tells more`,
    ),
  );
}
