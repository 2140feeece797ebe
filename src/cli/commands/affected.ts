import { previewBranch } from "../../deploy/preview/preview-branch.ts";
import { driverFor } from "../../drivers/registry.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { printFindings } from "../text/findings.ts";
import { readVersion } from "../version.ts";

/** Names the sites whose model a branch changes, one a line, for the next command of a pipeline. Findings are left to
 *  `preview`. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const base = textOption(options, "base");
  if (base === undefined)
    throw new UsageError("affected wants a base", "sitewright affected --base origin/main");
  const { preview, findings } = await previewBranch({
    root: context.root,
    base,
    head: textOption(options, "head") ?? "HEAD",
    drivers: driverFor,
    judge: () => ({ findings: [], notEvaluated: [] }),
    now: new Date(),
    version: `${readVersion()} affected`,
  });
  const sites = (preview?.sites ?? []).map(({ site, state }) => ({ site, state }));
  const failed = preview === undefined ? findings : [];
  return {
    findings: failed,
    result: { sites, untouched: preview?.untouched ?? 0 },
    reasons: [
      ...findingReasons(failed),
      ...(preview === undefined
        ? [{ code: 4, reason: "usage", subject: findings[0]?.message ?? "nothing to compare" } as const]
        : []),
    ],
    text: (printer) => {
      printFindings(printer, failed, () => undefined);
      for (const { site } of sites) printer.line(site);
      printer.note(`${sites.length} sites`);
    },
  };
}
