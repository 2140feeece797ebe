import type { SiteResolution } from "../inventory/resolve/inventory.ts";
import type { SiteHistory } from "../report/site-report.ts";
import { siteReport } from "../report/site-report.ts";
import { judgeSites } from "./judge.ts";
import { type ReportDocument, reportDocuments } from "./report-documents.ts";

/** A preview sees no store: what was, it does not know. */
const NO_HISTORY: SiteHistory = {
  changes: { known: false, entries: [] },
  incidents: { known: false, entries: [] },
  archive: new Map(),
};
/** More pages than these nobody opens. */
const MOST_PAGES = 20;

/** Makes the page of each touched site as it would be after the merge: offline, and without what stores know of it. */
export async function previewPages(
  resolutions: readonly SiteResolution[],
  lang: "en" | "zh",
  now: Date,
): Promise<ReportDocument[]> {
  const reports = resolutions.slice(0, MOST_PAGES).flatMap(({ site, findings }) => {
    if (site === undefined) return [];
    const judged = judgeSites({ sites: [site], findings }, now);
    const proofs = judged.proofs.get(site.id) ?? [];
    const input = { site, now: now.toISOString(), proofs, facts: undefined, packs: [], history: NO_HISTORY };
    return [siteReport({ ...input, findings: judged.findings })];
  });
  return reportDocuments({ reports, format: "html", lang, fleet: false, now: now.toISOString() });
}
