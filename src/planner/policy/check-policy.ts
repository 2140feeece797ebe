import { type Finding, sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { FlowOptions } from "../flows/types.ts";
import { checkCompliance, type DeviceProof } from "./compliance.ts";
import { checkCoverage } from "./coverage.ts";
import { enforcementsOf } from "./enforcement.ts";
import { witnessHints } from "./hints.ts";
import { checkManagement } from "./management.ts";
import { checkOwnRules, type OwnRuleProof } from "./own-rules.ts";
import { fromRendered, type RenderedFilters } from "./rendered.ts";
import { checkRules } from "./rules.ts";
import { zonePartition } from "./zones.ts";

/** What the zone proofs of a site looked at, so that a report can say so. */
export interface PolicyReport {
  readonly findings: readonly Finding[];
  /** Device by device, which pairs of zones were looked at and what breaks them. */
  readonly proofs: readonly DeviceProof[];
  /** What became of each own rule that has both its ends in reach of the site. */
  readonly own: readonly OwnRuleProof[];
  readonly proved: { readonly devices: number; readonly cells: number; readonly pairs: number };
}

/** Proves the zones of one site: nothing beyond the matrix, everything that a rule asks for, no way round, no dead rule.
 *  @param today - ISO day, against which exceptions run out
 *  @param rendered - filters of the rendered configurations by device id: where given, the matrix and what rules ask
 *  for are proved over these instead of over the rules as written */
export function checkPolicy(
  site: Site,
  today: string,
  limits: FlowOptions = {},
  rendered: ReadonlyMap<string, RenderedFilters> = new Map(),
): PolicyReport {
  const options = { ...limits, hints: limits.hints ?? witnessHints(site) };
  const partition = zonePartition(site);
  const enforcements = enforcementsOf(site, partition);
  const effective = enforcements.map((enforcement) =>
    fromRendered(site, partition, enforcement, rendered.get(enforcement.device.id)),
  );
  const written = new Set(site.rules.map((rule) => rule.id));
  const compliance = effective.map((e) => checkCompliance(site, partition, e, today, options));
  const own = checkOwnRules(site, partition, effective, options);
  const findings = [
    ...compliance.flatMap((report) => report.findings),
    ...checkCoverage(site, partition, effective, options),
    ...own.findings,
    ...checkManagement(site, rendered, options),
    ...enforcements.flatMap((enforcement) => checkRules(enforcement, written, options)),
  ];
  return {
    findings: sortFindings(findings),
    proofs: compliance.map((report) => report.proof),
    own: own.proofs,
    proved: {
      devices: enforcements.length,
      cells: compliance.reduce((sum, report) => sum + report.cells, 0),
      pairs: compliance.reduce((sum, report) => sum + report.pairs, 0),
    },
  };
}
