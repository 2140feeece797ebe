import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { toCsv } from "../report/csv.ts";
import { fleetReport } from "../report/fleet-report.ts";
import { fleetPage } from "../report/html/fleet-page.ts";
import { sitePage } from "../report/html/site-page.ts";
import type { Language } from "../report/html/words.ts";
import { fleetMarkdown, siteMarkdown } from "../report/markdown.ts";
import { registersOf } from "../report/registers/registers.ts";
import type { SiteReport } from "../report/report-types.ts";
import { layoutGraph } from "../report/topology/layout.ts";

/** A file that is to be written. */
export interface ReportDocument {
  /** Relative, with `/`. */
  readonly name: string;
  readonly content: string;
}

export const REPORT_FORMATS = ["html", "md", "csv", "json"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What documents are made of. */
export interface DocumentRequest {
  readonly reports: readonly SiteReport[];
  readonly format: ReportFormat;
  readonly lang: Language;
  /** With a page for all sites together. */
  readonly fleet: boolean;
  /** ISO time. */
  readonly now: string;
}

/** Spells reports in one format: a document a site, one for the fleet, or a table a register. */
export async function reportDocuments(request: DocumentRequest): Promise<ReportDocument[]> {
  const { reports, format, lang, fleet, now } = request;
  if (format === "csv") {
    return registersOf(reports, lang).map(({ id, columns, rows }) => ({
      name: `${id}.csv`,
      content: toCsv(columns, rows),
    }));
  }
  const documents: ReportDocument[] = [];
  if (fleet) documents.push(fleetDocument(reports, format, lang, now));
  for (const report of reports) {
    documents.push({ name: fileOf(report.site.id, format), content: await spellSite(report, format, lang) });
  }
  return documents;
}

function fleetDocument(
  reports: readonly SiteReport[],
  format: Exclude<ReportFormat, "csv">,
  lang: Language,
  now: string,
): ReportDocument {
  const fleet = fleetReport(reports, now);
  const spell = {
    html: () => fleetPage(fleet, lang, (site) => fileOf(site, "html")),
    md: () => fleetMarkdown(fleet, lang),
    json: () => spellJson(fleet),
  };
  return { name: `fleet.${format}`, content: spell[format]() };
}

async function spellSite(
  report: SiteReport,
  format: Exclude<ReportFormat, "csv">,
  lang: Language,
): Promise<string> {
  if (format === "md") return siteMarkdown(report, lang);
  if (format === "json") return spellJson(report);
  return sitePage(report, await layoutGraph(report.topology), lang);
}

function spellJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Name of a site's document: no id holds a dot. */
function fileOf(site: string, format: string): string {
  return `${site.replace("/", ".")}.${format}`;
}

/** Writes documents below a folder and gives their paths as they were asked for. */
export async function writeDocuments(
  folder: string,
  documents: readonly ReportDocument[],
): Promise<string[]> {
  for (const { name, content } of documents) {
    const path = resolve(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return documents.map(({ name }) => join(folder, name));
}
