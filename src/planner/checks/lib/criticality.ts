import type { Severity } from "../../../model/finding.ts";
import type { Site } from "../../../model/site.ts";

/** Whether an hour's outage of the site hurts. */
export function isCritical(site: Site): boolean {
  return site.criticality === "high" || site.criticality === "critical";
}

/** What a lack of redundancy weighs at a site. */
export function outageSeverity(site: Site): Severity {
  return isCritical(site) ? "warning" : "info";
}
