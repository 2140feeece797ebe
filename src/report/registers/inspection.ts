import type { ReportDevice, SiteReport } from "../report-types.ts";

/** What an inspection says of one device. */
export interface Inspection {
  readonly report: SiteReport;
  readonly device: ReportDevice;
  /** When its configuration was last read; null where it never was. */
  readonly lastRead: string | null;
  readonly copies: number;
  /** Null where nobody looks for drift yet. */
  readonly incidents: number | null;
  readonly errors: number;
  readonly warnings: number;
  readonly result: "inspectionGood" | "inspectionLook" | "inspectionNone";
}

/** Says for each device what was seen of it. A device that was never read is not called good. */
export function inspectionOf(reports: readonly SiteReport[]): Inspection[] {
  return reports.flatMap((report) => report.devices.map((device) => inspect(report, device)));
}

function inspect(report: SiteReport, device: ReportDevice): Inspection {
  const kept = report.backups.configurations.find((each) => each.device === device.name);
  const own = report.findings.filter((each) => each.device === device.name && each.waiver === null);
  const open = report.incidents.entries.filter(
    (each) => each.device === device.name && each.closedAt === null,
  );
  const errors = own.filter((each) => each.severity === "error").length;
  const lastRead = kept?.at ?? null;
  const today = report.generatedAt.slice(0, 10);
  const old = [device.endOfLife, device.warranty].some((day) => day !== null && day < today);
  const look = errors > 0 || open.length > 0 || old;
  return {
    report,
    device,
    lastRead,
    copies: kept?.copies ?? 0,
    incidents: report.incidents.known ? open.length : null,
    errors,
    warnings: own.filter((each) => each.severity === "warning").length,
    result: look ? "inspectionLook" : lastRead === null ? "inspectionNone" : "inspectionGood",
  };
}
