import { driverFor } from "../drivers/registry.ts";
import { type Finding, sortFindings } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { runChecks } from "../planner/checks/run-checks.ts";
import type { RenderedConfig } from "../planner/checks/types.ts";
import { applyWaivers } from "../planner/checks/waivers.ts";
import { parseOrigin } from "../planner/filters/origin.ts";
import { checkPolicy } from "../planner/policy/check-policy.ts";
import type { RenderedFilters } from "../planner/policy/rendered.ts";

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
  const rendered = renderAll(sites);
  const filters = filtersOf(rendered);
  const proofs = sites.map((site) => ({ site: site.id, report: checkPolicy(site, today, {}, filters) }));
  const checks = runChecks(sites, { today, rendered, proved: true });
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

interface RenderedText extends RenderedConfig {
  readonly provenance: readonly (string | undefined)[];
}

function renderAll(sites: readonly Site[]): Map<string, RenderedText> {
  const rendered = new Map<string, RenderedText>();
  for (const device of sites.flatMap((site) => site.devices)) {
    const driver = driverFor(device.platform);
    if (driver?.level !== "full") continue;
    const { config, provenance } = driver.render(device);
    rendered.set(device.id, { platform: device.platform, config, provenance });
  }
  return rendered;
}

/** The packet filters of what would be rendered, so that the zones are proved over these. */
function filtersOf(rendered: ReadonlyMap<string, RenderedText>): Map<string, RenderedFilters> {
  const filters = new Map<string, RenderedFilters>();
  for (const [device, { platform, config, provenance }] of rendered) {
    const read = driverFor(platform)?.filters;
    if (read === undefined) continue;
    filters.set(device, { filters: read(config), originOf: (line) => parseOrigin(provenance[line - 1]) });
  }
  return filters;
}
