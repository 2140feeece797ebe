import { createHash } from "node:crypto";
import { compareText, type Finding, isFileWhere } from "../../model/finding.ts";

/** Findings that an old site was let in with. */
export interface Baseline {
  readonly version: 1;
  /** Sorted by fingerprint; the words are for readers. */
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly code: string;
    readonly place: string;
    readonly message: string;
  }[];
}

/** A finding compared with a baseline. */
export interface BaselineResult {
  /** Not in the baseline: these fail. */
  readonly fresh: readonly Finding[];
  /** In the baseline. */
  readonly known: readonly Finding[];
  /** Entries of the baseline that no finding has any more: mended, to be taken out. */
  readonly gone: Baseline["findings"];
}

/** Names each finding by its code, file or device, and message: a moved line keeps the name. Findings that are the same
 *  in all three are counted, so that a third one beside two known ones is new. The one fingerprint of the house: baseline
 *  files and SARIF logs hold the same. */
export function fingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = [finding.code, placeOf(finding), finding.message].join("\u0000");
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash("sha256").update(`${key}\u0000${count}`).digest("hex");
  });
}

/** Whether a finding may be let in: a waived one needs no baseline, and behind a file that cannot be read or a name that
 *  leads nowhere nothing was judged: letting these in would pass what nobody looked at. */
function isOpen(finding: Finding): boolean {
  return finding.waiver === undefined && !/^(INV|REF)-/.test(finding.code);
}

/** Makes the baseline of findings. Those with a waiver need none; `INV-` and `REF-` codes, of what could not be read
 *  or resolved, are left out and go on failing. */
export function createBaseline(findings: readonly Finding[]): Baseline {
  const open = findings.filter(isOpen);
  const names = fingerprints(open);
  const entries = open.map((finding, at) => ({
    fingerprint: names[at] ?? "",
    code: finding.code,
    place: placeOf(finding),
    message: finding.message,
  }));
  return { version: 1, findings: entries.sort((a, b) => compareText(a.fingerprint, b.fingerprint)) };
}

/** Tells new findings from those that a baseline knows; what is waived is neither. */
export function compareBaseline(findings: readonly Finding[], baseline: Baseline): BaselineResult {
  const known = new Set(baseline.findings.map((entry) => entry.fingerprint));
  const open = findings.filter((finding) => finding.waiver === undefined);
  const names = fingerprints(open);
  const present = new Set(names);
  return {
    fresh: open.filter((finding, at) => !isOpen(finding) || !known.has(names[at] ?? "")),
    known: open.filter((finding, at) => isOpen(finding) && known.has(names[at] ?? "")),
    gone: baseline.findings.filter((entry) => !present.has(entry.fingerprint)),
  };
}

/** Reads a baseline file's data; undefined where it is none. */
export function parseBaseline(data: unknown): Baseline | undefined {
  if (typeof data !== "object" || data === null || !("version" in data) || data.version !== 1)
    return undefined;
  if (!("findings" in data) || !Array.isArray(data.findings)) return undefined;
  const sound = data.findings.every(
    (entry: unknown) =>
      typeof entry === "object" &&
      entry !== null &&
      ["fingerprint", "code", "place", "message"].every(
        (key) => typeof (entry as Record<string, unknown>)[key] === "string",
      ),
  );
  return sound ? (data as Baseline) : undefined;
}

function placeOf(finding: Finding): string {
  return isFileWhere(finding.where) ? finding.where.file : finding.where.device;
}
