import { workspaceOfTexts } from "./inventory/read/workspace.ts";
import { resolveWorkspace } from "./inventory/resolve/resolve.ts";
import type { Finding } from "./model/finding.ts";
import type { OwnCheck } from "./planner/checks/own.ts";

export type { FileWhere, Finding, Severity } from "./model/finding.ts";
export type { DeviceIntent } from "./model/intent.ts";
export type { Site } from "./model/site.ts";
export { type OwnCheck, type OwnCheckDefinition, ownCheck } from "./planner/checks/own.ts";
export type { CheckContext, Problem } from "./planner/checks/types.ts";

/** Runs a check over an inventory of texts: the helper for a check's own test.
 *  @param files - text by path, `inventory/acme/hq/site.yaml`, …
 *  @param today - ISO day that the check believes it is
 *  @throws Error where the files do not resolve: the test would judge another site than it thinks */
export function findingsOf(
  check: OwnCheck,
  files: Readonly<Record<string, string>>,
  today = "2026-01-01",
): readonly Finding[] {
  const { sites, findings } = resolveWorkspace(workspaceOfTexts("/", new Map(Object.entries(files))));
  const error = findings.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`the files do not resolve: ${error.code} ${error.message}`);
  const context = { today, sites, rendered: new Map(), facts: new Map(), previous: new Map() };
  return sites.flatMap((site) => check.evaluate(site, context).findings);
}
