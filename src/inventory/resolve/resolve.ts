import type { Finding } from "../../model/finding.ts";
import { compareText, sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { Workspace } from "../read/workspace.ts";
import { checkAssets } from "./check-assets.ts";
import { Findings } from "./findings.ts";
import type { SiteResolution } from "./inventory.ts";
import { Inventory } from "./inventory.ts";

/** What resolving gave. A site with errors is still given as far as it could be made; ask the findings before acting on it. */
export interface Resolution {
  /** Sorted by id. */
  readonly sites: readonly Site[];
  /** Sorted by place; those of the workspace's reading included. */
  readonly findings: readonly Finding[];
}

/** Resolves the named sites (`client/site`), or all. Pure. For thousands of devices take `eachSite`, which keeps none. */
export function resolveWorkspace(
  workspace: Workspace,
  options: { readonly sites?: readonly string[] } = {},
): Resolution {
  const findings = new Findings();
  findings.addAll(workspace.findings);
  const sites: Site[] = [];
  const inventory = new Inventory(workspace);
  const chosen = options.sites ? new Set(options.sites) : undefined;
  for (const id of [...inventory.siteIds].sort(compareText)) {
    if (chosen && !chosen.has(id)) continue;
    const resolved = inventory.resolve(id);
    findings.addAll(resolved.findings);
    if (resolved.site) sites.push(resolved.site);
  }
  checkAssets(sites, findings);
  return { sites, findings: sortFindings(findings.list) };
}

/** Resolves site after site, sorted, without holding on to any. The findings of shared files come with each site that uses them. */
export function* eachSite(workspace: Workspace, siteIds?: readonly string[]): Generator<SiteResolution> {
  const inventory = new Inventory(workspace);
  const chosen = siteIds ? new Set(siteIds) : undefined;
  for (const id of [...inventory.siteIds].sort(compareText)) {
    if (!chosen || chosen.has(id)) yield inventory.resolve(id);
  }
}
