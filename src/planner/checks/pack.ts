import { compareText, type Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { concerns } from "./belongs.ts";
import { checkById } from "./catalogue.ts";
import type { ChecksReport } from "./run-checks.ts";
import type { LocalText } from "./types.ts";

/** A control of a standard, in our words, with the checks that show it. */
export interface PackControl {
  readonly id: string;
  readonly title: LocalText;
  readonly checks: readonly string[];
  /** `auto`: the checks show it. `mixed`: they show a part. `manual`: a person has to look. */
  readonly evidence: "auto" | "mixed" | "manual";
  /** How sure the mapping is: the standard's own numbering was seen, follows from its order, or is from memory. */
  readonly confidence: "seen" | "order" | "memory";
  /** What a person has to look at, beside the checks. */
  readonly inspect?: LocalText;
  /** Platforms that it is about; all where absent. */
  readonly platforms?: readonly string[];
}

/** A standard as controls. */
export interface Pack {
  readonly id: string;
  readonly title: LocalText;
  readonly source: string;
  readonly controls: readonly PackControl[];
}

/** What one check says of one site after waivers. */
export interface CheckResult {
  readonly id: string;
  readonly site: string;
  readonly state: "met" | "failed" | "waived" | "not-evaluated";
  readonly findings: readonly Finding[];
}

export type ControlState = "met" | "not-met" | "not-evaluated" | "waived";

/** What the checks of a control say together. */
export interface ControlResult {
  readonly control: PackControl;
  readonly state: ControlState;
  /** Open findings of its checks. */
  readonly findings: readonly Finding[];
  readonly waived: readonly Finding[];
  /** Ids of its checks that were not evaluated. */
  readonly notEvaluated: readonly string[];
}

/** A pack evaluated over results. */
export interface PackResult {
  readonly pack: string;
  readonly controls: readonly ControlResult[];
  readonly counts: Readonly<Record<ControlState, number>>;
  /** Ids of controls about platforms that do not stand here. */
  readonly notApplicable: readonly string[];
}

/** Says for each check and site how it stands. `findings` are all of a run, with waivers: of resolving, of the zone
 *  proofs and of the checks. Any open finding fails its check, notes included: a severity that a client lowered, or a
 *  note that something is missing, must not turn into a control that is met. */
export function checkResults(
  sites: readonly Site[],
  report: Pick<ChecksReport, "evaluated" | "notEvaluated">,
  findings: readonly Finding[],
): CheckResult[] {
  const byCode = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = byCode.get(finding.code);
    if (list) list.push(finding);
    else byCode.set(finding.code, [finding]);
  }
  const lacking = new Map(report.notEvaluated.map((entry) => [entry.id, new Set(entry.sites)]));
  const ids = [...report.evaluated, ...lacking.keys()].sort(compareText);
  return sites.flatMap((site) =>
    ids.map((id): CheckResult => {
      const mine = (byCode.get(id) ?? []).filter((finding) => concerns(finding, site.client, site.site));
      const open = mine.some((finding) => finding.waiver === undefined);
      const state = open
        ? "failed"
        : lacking.get(id)?.has(site.id)
          ? "not-evaluated"
          : mine.length > 0
            ? "waived"
            : "met";
      return { id, site: site.id, state, findings: mine };
    }),
  );
}

/** Evaluates a pack: a control is not met where one check fails, else not evaluated where one was not, else waived where
 *  one is waived, else met. What a person has to look at, wholly or in part, is never called met by checks alone.
 *  @param platforms - those that stand at the sites; controls about others do not apply. All apply where absent */
export function evaluatePack(
  pack: Pack,
  results: readonly CheckResult[],
  platforms?: ReadonlySet<string>,
): PackResult {
  const byCheck = new Map<string, CheckResult[]>();
  for (const result of results) {
    const list = byCheck.get(result.id);
    if (list) list.push(result);
    else byCheck.set(result.id, [result]);
  }
  const applies = (control: PackControl): boolean =>
    platforms === undefined || (control.platforms?.some((platform) => platforms.has(platform)) ?? true);
  const controls = pack.controls.filter(applies).map((control) => evaluateControl(control, byCheck));
  const counts = { met: 0, "not-met": 0, "not-evaluated": 0, waived: 0 };
  for (const { state } of controls) counts[state] += 1;
  const notApplicable = pack.controls.filter((control) => !applies(control)).map((control) => control.id);
  return { pack: pack.id, controls, counts, notApplicable };
}

function evaluateControl(
  control: PackControl,
  byCheck: ReadonlyMap<string, readonly CheckResult[]>,
): ControlResult {
  const results = control.checks.flatMap((id) => byCheck.get(id) ?? []);
  const absent = control.checks.filter((id) => !byCheck.has(id));
  const notEvaluated = [
    ...new Set([
      ...absent,
      ...results.filter((each) => each.state === "not-evaluated").map((each) => each.id),
    ]),
  ].sort(compareText);
  const all = [...new Set(results.flatMap((result) => result.findings))];
  const findings = all.filter((finding) => finding.waiver === undefined);
  const waived = all.filter((finding) => finding.waiver !== undefined);
  const state: ControlState =
    findings.length > 0
      ? "not-met"
      : notEvaluated.length > 0 || control.evidence !== "auto"
        ? "not-evaluated"
        : waived.length > 0
          ? "waived"
          : "met";
  return { control, state, findings, waived, notEvaluated };
}

/** Reads a pack file's data; what is wrong with it is told in words, with the path.
 *  @returns the pack, or the mistakes */
export function parsePack(data: unknown): { readonly pack?: Pack; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const entry = asRecord(data);
  const controls = asRecord(entry?.controls);
  if (entry === undefined || controls === undefined)
    return { mistakes: ["a pack has id, title, source and controls"] };
  const id = asText(entry.id, "id", mistakes);
  const title = asLocal(entry.title, "title", mistakes);
  const source = asText(entry.source, "source", mistakes);
  const parsed = Object.entries(controls).map(([key, value]) => parseControl(key, value, mistakes));
  if (mistakes.length > 0) return { mistakes };
  return { pack: { id, title, source, controls: parsed }, mistakes };
}

function parseControl(id: string, value: unknown, mistakes: string[]): PackControl {
  const entry = asRecord(value) ?? {};
  const path = `controls.${id}`;
  const checks = Array.isArray(entry.checks) ? entry.checks.map(String) : [];
  for (const check of checks)
    if (checkById(check) === undefined) mistakes.push(`${path}.checks: there is no check ${check}`);
  const evidence = oneOf(
    entry.evidence ?? "auto",
    ["auto", "mixed", "manual"] as const,
    `${path}.evidence`,
    mistakes,
  );
  const confidence = oneOf(
    entry.confidence ?? "memory",
    ["seen", "order", "memory"] as const,
    `${path}.confidence`,
    mistakes,
  );
  if (checks.length === 0 && evidence !== "manual")
    mistakes.push(`${path}: without checks its evidence is manual`);
  return {
    id,
    title: asLocal(entry.title, `${path}.title`, mistakes),
    checks,
    evidence,
    confidence,
    ...(Array.isArray(entry.platforms) ? { platforms: entry.platforms.map(String) } : {}),
    ...(entry.inspect === undefined ? {} : { inspect: asLocal(entry.inspect, `${path}.inspect`, mistakes) }),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function asText(value: unknown, path: string, mistakes: string[]): string {
  if (typeof value === "string" && value !== "") return value;
  mistakes.push(`${path} is no text`);
  return "";
}

function asLocal(value: unknown, path: string, mistakes: string[]): LocalText {
  const entry = asRecord(value);
  return { en: asText(entry?.en, `${path}.en`, mistakes), zh: asText(entry?.zh, `${path}.zh`, mistakes) };
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string, mistakes: string[]): T {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  mistakes.push(`${path} is one of ${allowed.join(", ")}`);
  return allowed[0] as T;
}
