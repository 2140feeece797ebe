import { driverFor } from "../drivers/registry.ts";
import { type Finding, sortFindings } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { runChecks } from "../planner/checks/run-checks.ts";
import type { RenderedConfig } from "../planner/checks/types.ts";
import { applyWaivers } from "../planner/checks/waivers.ts";
import { checkPolicy } from "../planner/policy/check-policy.ts";

/** What the planner says of sites before any device is read. */
export interface Judgement {
  /** Findings of resolving, of the zone proofs and of the catalogue, waivers applied; sorted. */
  readonly findings: readonly Finding[];
  /** Pairs of zones that were proved, by site id. */
  readonly cells: ReadonlyMap<string, number>;
  /** Ids of the checks that looked at everything they want to see. */
  readonly evaluated: readonly string[];
  /** Checks that could not look, and why: never counted as passed. */
  readonly notEvaluated: readonly { readonly id: string; readonly reason: string }[];
}

/** Proves zones, runs the catalogue over what would be rendered, and applies the clients' waivers.
 *  @param resolved - findings of resolving these sites */
export function judgeSites(sites: readonly Site[], resolved: readonly Finding[], now: Date): Judgement {
  const today = now.toISOString().slice(0, 10);
  const proofs = sites.map((site) => ({ site: site.id, report: checkPolicy(site, today) }));
  const checks = runChecks(sites, { today, rendered: renderAll(sites), proved: true });
  const found = [...resolved, ...proofs.flatMap(({ report }) => report.findings), ...checks.findings];
  const waived = applyWaivers(found, sites, { today, complete: false });
  return {
    findings: sortFindings([...waived.findings, ...waived.problems]),
    cells: new Map(proofs.map(({ site, report }) => [site, report.proved.cells])),
    evaluated: checks.evaluated,
    notEvaluated: checks.notEvaluated,
  };
}

/** What a plan has to show: errors that are not waived. Warnings and notes are `validate`'s. */
export function isSerious(finding: Finding): boolean {
  return finding.severity === "error" && finding.waiver === undefined;
}

function renderAll(sites: readonly Site[]): Map<string, RenderedConfig> {
  const rendered = new Map<string, RenderedConfig>();
  for (const device of sites.flatMap((site) => site.devices)) {
    const driver = driverFor(device.platform);
    if (driver?.level !== "full") continue;
    rendered.set(device.id, { platform: device.platform, config: driver.render(device).config });
  }
  return rendered;
}
