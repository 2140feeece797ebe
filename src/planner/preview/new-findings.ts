import { type Finding, isFileWhere, sortFindings } from "../../model/finding.ts";

/** Findings of the head that the base has not, and how many of the base are gone. Lines do not count: a finding that a
 *  new comment pushed down is the old one. Equal findings are counted, so that a second one of a kind is new. */
export function newFindings(
  base: readonly Finding[],
  head: readonly Finding[],
): { readonly findings: readonly Finding[]; readonly mended: number } {
  const known = new Map<string, number>();
  for (const finding of base) {
    const key = findingIdentity(finding);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  const fresh: Finding[] = [];
  for (const finding of head) {
    const key = findingIdentity(finding);
    const left = known.get(key) ?? 0;
    if (left > 0) known.set(key, left - 1);
    else fresh.push(finding);
  }
  const mended = [...known.values()].reduce((sum, count) => sum + count, 0);
  return { findings: sortFindings(fresh), mended };
}

/** What makes a finding the same one in another revision: code, file or device, message, and whether it is accepted. */
export function findingIdentity(finding: Finding): string {
  const place = isFileWhere(finding.where) ? finding.where.file : finding.where.device;
  const waived = finding.waiver === undefined ? "" : "waived";
  return [finding.code, finding.severity, place, finding.message, waived].join("\u0000");
}
