import { readTraceRequest } from "../../planner/trace/read-request.ts";
import { traceSite } from "../../planner/trace/trace-site.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { renderedFilters } from "../judge.ts";
import { openChosen } from "../open.ts";
import { printFindings } from "../text/findings.ts";
import { printTrace } from "../text/trace.ts";

/** Follows a packet through a site as it would be rendered: each hop, the line that decides, the verdict, and back. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [id = "", ...words] = args;
  if (!/^[^/*?!]+\/[^/*?!]+$/.test(id))
    throw new UsageError(`"${id}" is not a site`, 'sitewright trace CLIENT/SITE "tcp A -> B:443"');
  const chosen = await openChosen(context.root, [id], {});
  const broken = chosen.findings.filter(({ severity }) => severity === "error");
  const [site] = chosen.sites;
  if (site === undefined) {
    return {
      findings: broken,
      result: null,
      reasons: findingReasons(broken),
      text: (printer) => printFindings(printer, broken, chosen.frameOf),
    };
  }
  const asked = readTraceRequest(site, words.join(" "), textOption(options, "wan"));
  if ("problem" in asked) throw new UsageError(asked.problem, asked.hint);
  const trace = traceSite(site, renderedFilters(site), asked.request);
  return { findings: [], result: trace, reasons: [], text: (printer) => printTrace(printer, trace) };
}
