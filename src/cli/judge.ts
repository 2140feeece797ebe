import { driverFor } from "../drivers/registry.ts";
import type { Workspace } from "../inventory/read/workspace.ts";
import { siteFacts } from "../inventory/resolve/site-facts.ts";
import { suggest } from "../inventory/shape/suggest.ts";
import { type Finding, sortFindings } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { type NotEvaluated, runChecks } from "../planner/checks/run-checks.ts";
import type { RenderedConfig } from "../planner/checks/types.ts";
import { applyWaivers } from "../planner/checks/waivers.ts";
import { settingProblems, weighFindings } from "../planner/checks/weigh.ts";
import { parseOrigin } from "../planner/filters/origin.ts";
import type { VerdictCounts } from "../planner/flows/verdict-counts.ts";
import { checkPolicy } from "../planner/policy/check-policy.ts";
import type { DeviceProof } from "../planner/policy/compliance.ts";
import { judgeOwnRules } from "../planner/policy/own-rule-verdicts.ts";
import { countPairs } from "../planner/policy/pair-counts.ts";
import type { RenderedFilters } from "../planner/policy/rendered.ts";
import { knownCodes } from "./known-codes.ts";
import type { Chosen } from "./open.ts";
import { NO_OWN_CHECKS, type OwnChecks } from "./own-checks.ts";
import { packNames } from "./packs.ts";

/** What is judged. Without the workspace (a revision out of git) some facts of the files are not at hand, and the checks
 *  that want them are not evaluated. */
type Judged = Pick<Chosen, "sites" | "findings"> & { readonly workspace?: Workspace };

/** What the planner says of sites before any device is read. */
export interface Judgement {
  /** Findings of resolving, of the zone proofs and of the catalogue, waivers applied; sorted. */
  readonly findings: readonly Finding[];
  /** What became of the pairs of zones, by site id. */
  readonly pairs: ReadonlyMap<string, VerdictCounts>;
  /** What became of the own rules in YAML, one verdict a rule and site. */
  readonly rules: VerdictCounts;
  /** What was proved of each pair of zones, device by device, by site id. */
  readonly proofs: ReadonlyMap<string, readonly DeviceProof[]>;
  /** Ids of the checks that looked at everything they want to see. */
  readonly evaluated: readonly string[];
  /** Checks that could not look, and why: never counted as passed. */
  readonly notEvaluated: readonly NotEvaluated[];
}

/** Proves zones, runs the catalogue over what would be rendered, and applies the clients' waivers.
 *  @param chosen - sites, the workspace they come from, and the findings of resolving them
 *  @param given - the workspace's own checks, where its code is trusted */
export function judgeSites(chosen: Judged, now: Date, given?: OwnChecks): Judgement {
  const { sites, workspace, findings: resolved } = chosen;
  const own = given ?? NO_OWN_CHECKS;
  const today = now.toISOString().slice(0, 10);
  const rendered = renderAll(sites);
  const filters = filtersOf(rendered);
  const proofs = sites.map((site) => ({ site: site.id, report: checkPolicy(site, today, {}, filters) }));
  const checks = runChecks(sites, {
    today,
    rendered,
    ...(workspace ? { facts: siteFacts(workspace, sites) } : {}),
    proved: true,
    own: own.checks,
  });
  const found = [
    ...resolved,
    ...proofs.flatMap(({ report }) => report.findings),
    ...checks.findings,
    ...own.findings,
  ];
  const rules = judgeOwnRules(sites, new Map(proofs.map(({ site, report }) => [site, report.own])));
  const codes = knownCodes(
    found.map(({ code }) => code),
    given?.checks.map(({ id }) => id),
    new Set(sites.flatMap(({ zoning }) => zoning?.map(({ code }) => code) ?? [])),
  );
  const packs = workspace && new Set(packNames(workspace.root));
  const settings = settingProblems(sites, { codes, packs, suggest });
  const waived = applyWaivers(weighFindings(found, sites), sites, {
    today,
    complete: isComplete(chosen),
    otherCodes: codes,
    suggest,
  });
  return {
    findings: sortFindings([...waived.findings, ...waived.problems, ...settings]),
    pairs: new Map(proofs.map(({ site, report }) => [site, countPairs(report.proofs)])),
    rules: rules.verdicts,
    proofs: new Map(proofs.map(({ site, report }) => [site, report.proofs])),
    evaluated: [...checks.evaluated, ...rules.evaluated],
    notEvaluated: [...checks.notEvaluated, ...rules.notEvaluated],
  };
}

/** Whether every site of each of these clients was judged: only then can a waiver be called unused. */
function isComplete({ sites, workspace }: Judged): boolean {
  const clients = new Set(sites.map((site) => site.client));
  const judged = new Set(sites.map((site) => site.id));
  if (workspace === undefined) return false;
  return workspace.siteIds.every((id) => judged.has(id) || !clients.has(id.split("/")[0] ?? ""));
}

/** What a plan has to show: errors that are not waived. Warnings and notes are `validate`'s. */
export function isSerious(finding: Finding): boolean {
  return finding.severity === "error" && finding.waiver === undefined;
}

/** The packet filters that the devices of a site would be rendered with, by device id. */
export function renderedFilters(site: Site): ReadonlyMap<string, RenderedFilters> {
  return filtersOf(renderAll([site]));
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
