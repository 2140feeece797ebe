import junit, { type TestCase } from "junit-report-builder";
import { compareText, type Finding, isFileWhere, type Where } from "../model/finding.ts";
import { oneLine } from "./escape.ts";

/** The package is CommonJS: Node hands over what its types call the default. */
const builder = junit as unknown as typeof junit.default;

/** What a JUnit report is written from. */
export interface JunitInput {
  readonly findings: readonly Finding[];
  /** Ids of the checks that looked at everything. */
  readonly evaluated: readonly string[];
  readonly notEvaluated: readonly { readonly id: string; readonly reason: string }[];
}

/** Writes findings as JUnit XML, for CI servers that show nothing else: a suite a code, and a case a finding. An error
 *  that nobody waived fails; a warning, a note or a waived error is written into a passing case's output. A check that
 *  found nothing is one passing case, one that could not look is skipped with its reason: never passed. Pure. */
export function junitReport(input: JunitInput): string {
  const report = builder.newBuilder();
  const byCode = Map.groupBy(input.findings, (finding) => finding.code);
  const reasons = new Map(input.notEvaluated.map(({ id, reason }) => [id, reason]));
  const codes = new Set([...byCode.keys(), ...input.evaluated, ...reasons.keys()]);
  for (const code of [...codes].sort(compareText)) {
    const findings = byCode.get(code) ?? [];
    const reason = reasons.get(code);
    const suite = report.testSuite().name(code);
    for (const finding of findings) addFinding(suite.testCase(), finding);
    if (reason !== undefined)
      suite.testCase().className(code).name("not evaluated").standardOutput(clean(reason)).skipped();
    else if (findings.length === 0) suite.testCase().className(code).name("nothing found");
  }
  return `${report.build()}\n`;
}

function addFinding(testCase: TestCase, finding: Finding): void {
  const place = spellPlace(finding.where);
  const words = clean(`${finding.severity}: ${finding.message}. ${finding.hint}`);
  testCase.className(finding.code).name(clean(`${place} ${finding.message}`));
  if (isFileWhere(finding.where)) testCase.file(clean(finding.where.file));
  if (finding.waiver !== undefined)
    testCase.standardOutput(clean(`${words} Waived by ${finding.waiver.owner}: ${finding.waiver.reason}`));
  else if (finding.severity === "error") testCase.failure(clean(finding.message), finding.code);
  else testCase.standardOutput(words);
}

function spellPlace(where: Where): string {
  if (isFileWhere(where)) return `${where.file}:${where.line}`;
  return where.line === undefined ? where.device : `${where.device}:${where.line}`;
}

/** XML 1.0 knows no control characters, not even escaped ones, and no half of a surrogate pair. */
function clean(text: string): string {
  return oneLine(text).toWellFormed();
}
