import { compareText, type FileWhere, type Finding, isFileWhere, type Where } from "../model/finding.ts";
import { fingerprints } from "../planner/checks/baseline.ts";

/** What a SARIF log is written from. */
export interface SarifInput {
  readonly findings: readonly Finding[];
  /** Of Sitewright. */
  readonly version: string;
  /** Where a device is described: forges show findings on files only. */
  readonly placeOf?: (device: string) => FileWhere | undefined;
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;
/** GitHub shows 5,000 results of a run and refuses files of more than 25,000. */
const MAX_RESULTS = 5_000;

/** Writes findings as SARIF 2.1.0 (OASIS), under the fingerprints of a baseline file: a finding that a new line above
 *  pushes down stays the same one. Pure. */
export function sarifLog(input: SarifInput): string {
  const shown = input.findings.slice(0, MAX_RESULTS);
  const rules = [...new Set(shown.map((finding) => finding.code))].sort(compareText);
  const index = new Map(rules.map((rule, place) => [rule, place]));
  const names = fingerprints(shown);
  const results = shown.map((finding, at) =>
    resultOf(finding, index.get(finding.code) ?? 0, names[at] ?? "", input),
  );
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Sitewright",
            semanticVersion: input.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: id } })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "root of the workspace" } } },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function resultOf(finding: Finding, ruleIndex: number, fingerprint: string, input: SarifInput): object {
  const related = (finding.related ?? []).flatMap((where) => locationOf(where, input));
  return {
    ruleId: finding.code,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: { text: `${finding.message}. ${finding.hint}` },
    locations: locationOf(finding.where, input),
    ...(related.length === 0 ? {} : { relatedLocations: related.map((place, id) => ({ id, ...place })) }),
    partialFingerprints: {
      "sitewrightFinding/v1": fingerprint,
      primaryLocationLineHash: `${fingerprint.slice(0, 16)}:1`,
    },
    ...(finding.waiver === undefined
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: finding.waiver.reason }] }),
  };
}

function locationOf(where: Where, input: SarifInput): object[] {
  const place = isFileWhere(where) ? where : input.placeOf?.(where.device);
  const logical = isFileWhere(where)
    ? {}
    : { logicalLocations: [{ fullyQualifiedName: where.device, kind: "resource" }] };
  if (place === undefined) return "device" in where ? [logical] : [];
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(place.file), uriBaseId: "SRCROOT" },
        region: { startLine: place.line, startColumn: place.column },
      },
      ...logical,
    },
  ];
}

/** A relative URI reference: each name percent-encoded (RFC 3986). */
function uriOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}
