import { existsSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../deploy/stores/sql/sql.ts";
import type { Stores } from "../deploy/stores/types.ts";
import { openContext, stateFolder } from "../deploy/workspace.ts";
import type { Incident } from "../drift/incidents/types.ts";
import { openNightStore } from "../drift/store/open-store.ts";
import { driverFor } from "../drivers/registry.ts";
import { siteFacts } from "../inventory/resolve/site-facts.ts";
import { compareText } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { checkResults, evaluatePack } from "../planner/checks/pack.ts";
import { offlineDigest } from "../planner/plan/digest.ts";
import type { SitePlan } from "../planner/plan/types.ts";
import type { ReportChange, ReportIncident, SiteReport } from "../report/report-types.ts";
import { type SiteHistory, siteReport } from "../report/site-report.ts";
import { UsageError } from "./exit.ts";
import { judgeSites } from "./judge.ts";
import { type Chosen, openChosen } from "./open.ts";
import { packNames, readPack } from "./packs.ts";

/** Reports of the chosen sites, and the sites that they are about. */
export interface Gathered {
  readonly chosen: Chosen;
  readonly reports: readonly SiteReport[];
}

/** Judges the chosen sites and gathers what is on record of them. Reads no device.
 *  @throws UsageError where a selector matches nothing, or the store of incidents cannot be read */
export async function gatherReports(
  root: string,
  selectors: readonly string[],
  now: Date,
): Promise<Gathered> {
  const chosen = await openChosen(root, selectors, {});
  const judged = judgeSites(chosen, now);
  const facts = siteFacts(chosen.workspace, chosen.sites);
  const packs = packNames(root).map((name) => readPack(root, name));
  const results = checkResults(chosen.sites, judged, judged.findings);
  const past = await readPast(root, chosen.sites, now);
  const reports = chosen.sites.map((site) => {
    const own = results.filter((result) => result.site === site.id);
    const platforms = new Set(site.devices.map((device) => device.platform));
    return siteReport({
      site,
      now: now.toISOString(),
      findings: judged.findings,
      proofs: judged.proofs.get(site.id) ?? [],
      facts: facts.get(site.id),
      packs: packs.map((pack) => ({ pack, result: evaluatePack(pack, own, platforms) })),
      history: past.get(site.id) ?? NO_HISTORY,
    });
  });
  return { chosen, reports };
}

const NO_HISTORY: SiteHistory = {
  changes: { known: false, entries: [] },
  incidents: { known: false, entries: [] },
  archive: new Map(),
};

/** What the stores of the workspace hold; none are made where there are none. */
async function readPast(root: string, sites: readonly Site[], now: Date): Promise<Map<string, SiteHistory>> {
  const folder = stateFolder(root);
  const shared = (process.env.SITEWRIGHT_STORE_URL ?? "").trim() !== "";
  if (!existsSync(folder) && !shared) return new Map();
  const context = openContext({ root, drivers: driverFor, isLab: () => false, now: () => now });
  const nightly = shared || existsSync(join(folder, "night.sqlite"));
  const incidents = nightly ? await readIncidents(folder, context, sites) : undefined;
  const histories = sites.map(async (site) => {
    const mine = incidents?.filter((incident) => incident.site === site.id).map(toIncident) ?? [];
    const history: SiteHistory = {
      changes: { known: true, entries: await readChanges(site, context.stores) },
      incidents: {
        known: incidents !== undefined,
        entries: mine.sort((a, b) => compareText(b.openedAt, a.openedAt) || compareText(a.id, b.id)),
      },
      archive: await readArchive(site, context.stores),
    };
    return [site.id, history] as const;
  });
  return new Map(await Promise.all(histories));
}

async function readIncidents(
  folder: string,
  context: ReturnType<typeof openContext>,
  sites: readonly Site[],
): Promise<readonly Incident[] | undefined> {
  const store = await openNightStore({
    folder,
    environment: process.env,
    secrets: context.secrets,
    locks: context.stores.locks,
    now: context.now,
  }).catch((error: unknown) => {
    if (error instanceof StoreError) throw new UsageError(error.message, error.hint);
    throw error;
  });
  try {
    // A damaged file was put aside and the new one is empty: that is not the same as no incidents.
    if (store.keptAside !== undefined) return undefined;
    return await store.incidents({ sites: sites.map((site) => site.id), all: true });
  } finally {
    await store.close();
  }
}

/** An incident as a client reads it: what differs and who, never the lines themselves. */
export function toIncident(incident: Incident): ReportIncident {
  const { subject, facts } = incident;
  return {
    id: incident.id,
    device: incident.device.split("/").at(-1) ?? incident.device,
    openedAt: incident.openings.at(-1) ?? incident.firstSeenAt,
    lastSeenAt: incident.lastSeenAt,
    closedAt: incident.closedAt,
    openings: incident.opened,
    state: incident.state,
    priority: facts.priority,
    summary:
      subject.kind === "unreadable"
        ? "cannot be read"
        : `${subject.change} ${subject.path.join(" › ")}${facts.witness === undefined ? "" : `; passes now: ${facts.witness}`}`,
    what: subject.kind === "unreadable" ? "unreadable" : subject.change,
    path: subject.kind === "unreadable" ? [] : subject.path,
    witness: facts.witness ?? null,
    by: facts.by.name ?? null,
    confidence: facts.by.confidence,
    from: facts.from,
    acknowledgedBy: incident.acknowledged?.by ?? null,
    recurring: incident.problem !== null,
  };
}

async function readChanges(site: Site, stores: Stores): Promise<ReportChange[]> {
  const said = await stores.approvals.ofSite(site.id);
  const receipts = await Promise.all(site.devices.map((device) => stores.receipts.all(device.asset)));
  const mine = receipts.flat().filter((receipt) => receipt.site === site.id);
  const plans = new Set(mine.flatMap(({ plan }) => plan ?? []));
  const digests = new Map<string, readonly string[]>();
  for (const plan of plans) digests.set(plan, await digestsOf(plan, stores));
  return mine
    .map((receipt) => {
      const known = digests.get(receipt.plan ?? "") ?? [];
      const yes = said.filter(
        ({ plan, role }) => known.includes(plan) && role !== "author" && role !== "review",
      );
      const approvers = [...new Set(yes.map(({ by }) => by))].sort();
      return {
        id: receipt.id,
        at: receipt.at,
        device: receipt.device.split("/").at(-1) ?? receipt.device,
        operator: receipt.operator,
        commands: receipt.commands,
        plan: receipt.plan ?? null,
        ticket: yes.findLast(({ ticket }) => ticket !== undefined)?.ticket ?? null,
        approver: approvers.length === 0 ? null : approvers.join(", "),
      };
    })
    .sort((a, b) => compareText(b.at, a.at) || compareText(a.device, b.device));
}

/** What an approval of a plan may name: the plan, or the same one made offline. */
async function digestsOf(digest: string, stores: Stores): Promise<readonly string[]> {
  const plan = (await stores.plans.get(digest)) as SitePlan | undefined;
  return plan === undefined ? [digest] : [digest, offlineDigest(plan)];
}

async function readArchive(site: Site, stores: Stores): Promise<SiteHistory["archive"]> {
  const entries = await Promise.all(
    site.devices.map(async (device) => ({ device, kept: await stores.archive.entries(device.asset) })),
  );
  return new Map(
    entries.flatMap(({ device, kept }) => {
      const last = kept.at(-1);
      if (last === undefined) return [];
      return [[device.name, { at: last.at, copies: kept.length, restorable: last.restorable }] as const];
    }),
  );
}
