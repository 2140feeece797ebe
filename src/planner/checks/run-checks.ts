import { compareText, type Finding, isFileWhere, sortFindings, type Where } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { Check, CheckContext, RenderedConfig, SiteFacts } from "./types.ts";

/** What a run of the checks is given beside the sites. */
export interface CheckInput {
  /** ISO day. */
  readonly today: string;
  /** All resolved sites, where `sites` are only some of them. */
  readonly all?: readonly Site[];
  /** Rendered configurations by device id; checks that need one say so where it is absent. */
  readonly rendered?: ReadonlyMap<string, RenderedConfig>;
  /** By site id. */
  readonly facts?: ReadonlyMap<string, SiteFacts>;
  /** Sites as they were before the change that is looked at, by id. */
  readonly previous?: ReadonlyMap<string, Site>;
  /** Whether the zone proofs (`checkPolicy`) ran over the same sites; their ids are not evaluated otherwise. */
  readonly proved?: boolean;
  /** Checks of the workspace's own, run after the catalogue. */
  readonly own?: readonly Check[];
}

/** A check that could not look at something. */
export interface NotEvaluated {
  readonly id: string;
  /** The first reason; `more` tells how many others there are. */
  readonly reason: string;
  readonly more: number;
  /** Sites where it was not, or not wholly, evaluated. */
  readonly sites: readonly string[];
}

/** What the checks say, and what they could not look at. */
export interface ChecksReport {
  /** Findings of this catalogue only: those of resolving and of the zone proofs are reported by them. */
  readonly findings: readonly Finding[];
  /** Ids that were evaluated wholly on every site. */
  readonly evaluated: readonly string[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/** Runs the whole catalogue over sites. Pure; the same input gives the same findings in the same order. */
export function runChecks(sites: readonly Site[], input: CheckInput): ChecksReport {
  const context: CheckContext = {
    today: input.today,
    sites: input.all ?? sites,
    rendered: input.rendered ?? new Map(),
    facts: input.facts ?? new Map(),
    previous: input.previous ?? new Map(),
  };
  const found = new Map<string, Finding>();
  const evaluated: string[] = [];
  const notEvaluated: NotEvaluated[] = [];
  for (const check of [...CATALOGUE, ...(input.own ?? [])]) {
    const lacking: string[] = [];
    const reasons = new Set<string>();
    for (const site of sites) {
      const { findings, missing } = judge(check, site, context, input.proved ?? false);
      for (const finding of findings) {
        found.set(identityOf(finding), finding);
      }
      if (missing.length > 0) lacking.push(site.id);
      for (const reason of missing) reasons.add(reason);
    }
    const [reason] = reasons;
    if (reason === undefined) evaluated.push(check.id);
    else
      notEvaluated.push({ id: check.id, reason, more: reasons.size - 1, sites: lacking.sort(compareText) });
  }
  return { findings: sortFindings([...found.values()]), evaluated, notEvaluated };
}

function judge(check: Check, site: Site, context: CheckContext, proved: boolean) {
  const { findings, missing } = check.evaluate(site, context);
  const waits = check.decidedBy.includes("data")
    ? [`waits for ${check.needs}: ${check.reads?.en ?? ""}`]
    : [];
  const unproved = check.decidedBy.includes("proof") && !proved ? ["the zone proofs were not run"] : [];
  return { findings, missing: [...missing, ...waits, ...unproved] };
}

/** One place of a shared file is told once, however many sites build upon it. */
function identityOf(finding: Finding): string {
  return [finding.code, placeOf(finding.where), finding.message].join("\u0000");
}

function placeOf(where: Where): string {
  if (isFileWhere(where)) return `${where.file}:${where.line}:${where.column}`;
  return `${where.device}#${where.line ?? 0}`;
}
