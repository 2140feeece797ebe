import { sortFindings } from "../../model/finding.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { openChosen, provePolicies } from "../open.ts";
import { countFindings, printFindings } from "../text/findings.ts";

/** Shape, links, IP plan, checks and zone proofs of the chosen sites; reads no device. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const reports = provePolicies(chosen.sites, new Date());
  const findings = sortFindings([...chosen.findings, ...reports.flatMap((report) => report.findings)]);
  const sites = chosen.sites.map((site, index) => ({
    site: site.id,
    devices: site.devices.length,
    cellsProved: reports[index]?.proved.cells ?? 0,
  }));
  const devices = sites.reduce((sum, site) => sum + site.devices, 0);
  const cells = sites.reduce((sum, site) => sum + site.cellsProved, 0);
  return {
    findings,
    result: { sites },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      if (findings.length > 0) printer.line();
      const verdict = countFindings(findings);
      const paint = findings.some((finding) => finding.severity === "error")
        ? printer.style.red
        : printer.style.green;
      printer.line(
        `${paint(verdict)}: ${sites.length} sites, ${devices} devices, ${cells} zone pairs proved`,
      );
    },
  };
}
