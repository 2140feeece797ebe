import { compareText } from "../model/finding.ts";
import type { LocalText } from "../planner/checks/types.ts";
import type { ReportFinding, ReportPack, ReportRule, SiteReport, SiteSummary } from "./report-types.ts";

/** What a report says of many sites: each at a glance, and what is due. */
export interface FleetReport {
  readonly kind: "fleet";
  readonly schemaVersion: 1;
  readonly generatedAt: string;
  readonly sites: readonly FleetSite[];
  /** Standards that apply to one site or more, in the columns' order. */
  readonly packs: readonly { readonly pack: string; readonly title: LocalText }[];
  /** Open errors of all sites. */
  readonly errors: readonly (ReportFinding & { readonly site: string })[];
  readonly rulesDue: readonly (ReportRule & { readonly site: string })[];
  /** Devices whose warranty or vendor's support ends within 90 days, or has ended; the soonest first. */
  readonly ending: readonly {
    readonly site: string;
    readonly device: string;
    readonly what: "warranty" | "endOfLife";
    readonly day: string;
  }[];
}

export interface FleetSite {
  readonly id: string;
  readonly name: string;
  readonly clientName: string;
  readonly criticality: SiteReport["site"]["criticality"];
  readonly summary: SiteSummary;
  /** By pack. */
  readonly compliance: Readonly<Record<string, ReportPack["counts"]>>;
}

const SOON_DAYS = 90;

/** Puts the reports of sites together. */
export function fleetReport(reports: readonly SiteReport[], now: string): FleetReport {
  const packs = new Map<string, LocalText>();
  for (const { pack, title, controls } of reports.flatMap((report) => report.compliance))
    if (controls.length > 0) packs.set(pack, title);
  return {
    kind: "fleet",
    schemaVersion: 1,
    generatedAt: now,
    sites: reports.map(({ site, summary, compliance }) => ({
      id: site.id,
      name: site.name,
      clientName: site.clientName,
      criticality: site.criticality,
      summary,
      compliance: Object.fromEntries(compliance.map(({ pack, counts }) => [pack, counts])),
    })),
    packs: [...packs].map(([pack, title]) => ({ pack, title })),
    errors: reports.flatMap(({ site, findings }) =>
      findings
        .filter((finding) => finding.severity === "error" && finding.waiver === null)
        .map((finding) => ({ ...finding, site: site.id })),
    ),
    rulesDue: reports.flatMap(({ site, rules }) =>
      rules.filter((rule) => rule.due !== null).map((rule) => ({ ...rule, site: site.id })),
    ),
    ending: endingOf(reports, new Date(Date.parse(now) + SOON_DAYS * 86_400_000).toISOString().slice(0, 10)),
  };
}

function endingOf(reports: readonly SiteReport[], until: string): FleetReport["ending"] {
  const found = reports.flatMap(({ site, devices }) =>
    devices.flatMap((device) =>
      (["warranty", "endOfLife"] as const).flatMap((what) => {
        const day = device[what];
        return day !== null && day <= until ? [{ site: site.id, device: device.name, what, day }] : [];
      }),
    ),
  );
  return found.sort((a, b) => compareText(a.day, b.day) || compareText(a.site, b.site));
}
