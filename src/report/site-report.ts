import { type Finding, isFileWhere } from "../model/finding.ts";
import type { BackupJobIntent } from "../model/intent.ts";
import type { Site } from "../model/site.ts";
import { belongsTo, concerns } from "../planner/checks/belongs.ts";
import { textsOf } from "../planner/checks/explain.ts";
import type { Pack, PackResult } from "../planner/checks/pack.ts";
import type { SiteFacts } from "../planner/checks/types.ts";
import type { DeviceProof } from "../planner/policy/compliance.ts";
import { gatherDevices } from "./gather/devices.ts";
import { gatherNetworks } from "./gather/networks.ts";
import { gatherExceptions, gatherMatrix, gatherRules, gatherZones } from "./gather/policy.ts";
import type {
  CellState,
  History,
  ReportBackups,
  ReportCell,
  ReportChange,
  ReportFinding,
  ReportIncident,
  ReportPack,
  ReportRule,
  SiteReport,
  SiteSummary,
} from "./report-types.ts";
import { topologyOf } from "./topology/graph.ts";

/** What stores know of a site's past. */
export interface SiteHistory {
  readonly changes: History<ReportChange>;
  readonly incidents: History<ReportIncident>;
  /** What the archive holds, by the device's name. */
  readonly archive: ReadonlyMap<
    string,
    { readonly at: string; readonly copies: number; readonly restorable: boolean }
  >;
}

/** What a report is made of. */
export interface SiteReportInput {
  readonly site: Site;
  /** ISO time. */
  readonly now: string;
  /** All findings of the run, waivers applied; those of other sites are left out. */
  readonly findings: readonly Finding[];
  readonly proofs: readonly DeviceProof[];
  readonly facts: SiteFacts | undefined;
  readonly packs: readonly { readonly pack: Pack; readonly result: PackResult }[];
  readonly history: SiteHistory;
}

/** Gathers all that a report says of one site. The same input gives the same report. */
export function siteReport(input: SiteReportInput): SiteReport {
  const { site, now, history } = input;
  const today = now.slice(0, 10);
  const zones = gatherZones(site);
  const matrix = gatherMatrix(site, zones, input.proofs, today);
  const rules = gatherRules(site, today);
  const devices = gatherDevices(site, input.facts);
  const findings = input.findings.filter((each) => concerns(each, site.client, site.site)).map(gatherFinding);
  const ports = devices.flatMap((device) => device.ports);
  return {
    kind: "site",
    schemaVersion: 1,
    generatedAt: now,
    site: {
      id: site.id,
      name: site.name,
      clientName: site.clientName,
      timezone: site.timezone,
      criticality: site.criticality,
      contacts: site.contacts,
      changeWindows: site.changeWindows.map(
        ({ name, days, from, to }) => `${name}: ${days.join(", ")} ${from}–${to}`,
      ),
    },
    summary: {
      devices: devices.length,
      ports: ports.length,
      portsUsed: ports.filter((port) => port.mode !== "unused").length,
      networks: site.networks.length,
      rules: rules.length,
      findings: countFindings(findings),
      cells: countCells(matrix),
      rulesDue: rules.filter((rule: ReportRule) => rule.due !== null).length,
      openIncidents: history.incidents.known
        ? history.incidents.entries.filter((incident) => incident.closedAt === null).length
        : null,
    },
    topology: topologyOf(site),
    devices,
    networks: gatherNetworks(site),
    zones,
    matrix,
    rules,
    exceptions: gatherExceptions(site, today),
    findings,
    compliance: input.packs.map(({ pack, result }) => gatherPack(pack, result)),
    backups: gatherBackups(site, history),
    changes: history.changes,
    incidents: history.incidents,
  };
}

function gatherFinding(finding: Finding): ReportFinding {
  const { code, severity, message, hint, where, waiver } = finding;
  const place = isFileWhere(where) ? where.file : where.device;
  const texts = textsOf(code);
  return {
    code,
    severity,
    title: texts?.title ?? null,
    mend: texts?.mend ?? null,
    message,
    hint,
    where: where.line === undefined ? place : `${place}:${where.line}`,
    device: belongsTo(where).device ?? null,
    waiver:
      waiver === undefined ? null : { owner: waiver.owner, reason: waiver.reason, expires: waiver.expires },
  };
}

function countFindings(findings: readonly ReportFinding[]): SiteSummary["findings"] {
  const counts = { error: 0, warning: 0, info: 0, waived: 0 };
  for (const { severity, waiver } of findings) counts[waiver === null ? severity : "waived"] += 1;
  return counts;
}

function countCells(matrix: readonly ReportCell[]): Readonly<Record<CellState, number>> {
  const counts: Record<CellState, number> = { proved: 0, violated: 0, unknown: 0, "not-evaluated": 0 };
  for (const { state } of matrix) counts[state] += 1;
  return counts;
}

function gatherPack(pack: Pack, result: PackResult): ReportPack {
  return {
    pack: pack.id,
    title: pack.title,
    counts: result.counts,
    controls: result.controls.map(({ control, state, findings }) => ({
      id: control.id,
      title: control.title,
      state,
      findings: findings.length,
    })),
  };
}

function gatherBackups(site: Site, history: SiteHistory): ReportBackups {
  return {
    jobs: site.devices.flatMap((device) =>
      (device.server?.backups ?? []).map((job) => ({
        server: device.name,
        name: job.name,
        path: job.path,
        at: job.at,
        targets: job.targets.map((target) => target.name),
        offsite: job.targets.some((target) => target.offsite),
        keep: spellKeep(job),
        rpoHours: job.rpoSeconds / 3600,
        rtoHours: job.rtoSeconds / 3600,
        restoreTestDays: job.restoreTestSeconds === undefined ? null : job.restoreTestSeconds / 86_400,
      })),
    ),
    configurations: site.devices.map((device) => {
      const kept = history.archive.get(device.name);
      return {
        device: device.name,
        at: kept?.at ?? null,
        copies: kept?.copies ?? 0,
        restorable: kept?.restorable ?? false,
      };
    }),
  };
}

function spellKeep({ keep }: BackupJobIntent): string {
  const parts = [
    [keep.daily, "d"],
    [keep.weekly, "w"],
    [keep.monthly, "m"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === undefined ? [] : [`${count}${unit}`])).join(" ");
}
