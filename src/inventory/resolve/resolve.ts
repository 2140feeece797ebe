import type { Finding } from "../../model/finding.ts";
import { sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { Workspace } from "../read/workspace.ts";

/** What resolving gave. A site with errors is still given as far as it could be made; ask the findings before acting on it. */
export interface Resolution {
  /** Sorted by id. */
  readonly sites: readonly Site[];
  /** Sorted by place; those of the workspace's reading included. */
  readonly findings: readonly Finding[];
}

/** One site resolved, with the findings of its own files and of the files that it builds upon. */
export interface SiteResolution {
  readonly site: Site | undefined;
  readonly findings: readonly Finding[];
}

/** Resolves the named sites (`client/site`), or all. Pure. */
export function resolveWorkspace(
  workspace: Workspace,
  options: { readonly sites?: readonly string[] } = {},
): Resolution {
  void options;
  return { sites: [], findings: sortFindings(workspace.findings) };
}
