import { type FileWhere, type Finding, isFileWhere } from "../model/finding.ts";
import { fingerprints } from "../planner/checks/baseline.ts";

const SEVERITIES = { error: "critical", warning: "minor", info: "info" } as const;

/** Writes findings as GitLab's code quality report, under the fingerprints of SARIF logs and baseline files. What is
 *  accepted by a waiver is left out, and what has no file: the report knows nothing but lines. Pure.
 *  @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export function codeQualityReport(
  findings: readonly Finding[],
  placeOf: (device: string) => FileWhere | undefined = () => undefined,
): string {
  const names = fingerprints(findings);
  const entries = findings.flatMap((finding, at) => {
    const { where } = finding;
    const place = isFileWhere(where) ? where : placeOf(where.device);
    if (place === undefined || finding.waiver !== undefined) return [];
    return [
      {
        description: `${finding.message}. ${finding.hint}`,
        check_name: finding.code,
        fingerprint: names[at] ?? "",
        severity: SEVERITIES[finding.severity],
        location: { path: place.file, lines: { begin: place.line } },
      },
    ];
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
