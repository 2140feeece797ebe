import type { Finding } from "../model/finding.ts";
import type { ControlResult, Pack, PackResult } from "../planner/checks/pack.ts";
import type { Cell } from "./csv.ts";
import { escapeText } from "./escape.ts";
import { type Language, wordsOf } from "./html/words.ts";
import { spellTable } from "./markdown.ts";
import { plainPlace } from "./places.ts";

/** What a standard asked of some sites, and when. */
export interface ComplianceReport {
  readonly pack: Pack;
  readonly result: PackResult;
  /** Ids of the sites that were looked at, sorted. */
  readonly sites: readonly string[];
  /** ISO time. */
  readonly generatedAt: string;
}

/** A table with its head. */
export interface ComplianceTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One row a control: how it stands, what is open, what was accepted and what nobody looked at. */
export function complianceTable({ result }: ComplianceReport, lang: Language): ComplianceTable {
  const say = wordsOf(lang);
  const heads = ["control", "name", "state", "findings", "waived", "checksNotEvaluated", "inspect"] as const;
  const rows = result.controls.map((each) => [
    each.control.id,
    each.control.title[lang],
    say(each.state),
    each.findings.map(spellFinding).join("\n"),
    each.waived.map((finding) => `${spellFinding(finding)} (${spellWaiver(finding)})`).join("\n"),
    each.notEvaluated.join(" "),
    each.control.inspect?.[lang],
  ]);
  return { columns: heads.map(say), rows };
}

/** The same for a document; its texts format nothing. */
export function complianceMarkdown(report: ComplianceReport, lang: Language): string {
  const say = wordsOf(lang);
  const { pack, result, sites, generatedAt } = report;
  const rows = result.controls.map(({ control, state, findings, notEvaluated }) => [
    control.id,
    control.title[lang],
    say(state),
    codesOf(findings).join(" "),
    notEvaluated.join(" "),
  ]);
  const counts = (["met", "not-met", "not-evaluated", "waived"] as const).map((state) => [
    say(state),
    String(result.counts[state]),
  ]);
  const heads = ["control", "name", "state", "findings", "checksNotEvaluated"] as const;
  const parts = [
    `# ${escapeText(pack.title[lang])}`,
    `${say("sitesHead")}: ${escapeText(sites.join(", "), LIST)}  \n${say("generated")}: ${generatedAt}`,
    spellTable([say("state"), say("count")], counts),
    spellTable(heads.map(say), rows),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Longest list of sites, in characters. */
const LIST = 2000;

/** Codes of findings, each once, in their order. */
export function codesOf(findings: ControlResult["findings"]): string[] {
  return [...new Set(findings.map((finding) => finding.code))];
}

/** Who accepted a finding, why and until when. */
export function spellWaiver({ waiver }: Finding): string {
  if (waiver === undefined) return "";
  return [waiver.owner, waiver.reason, waiver.ticket, waiver.expires]
    .filter((part) => part !== undefined)
    .join(", ");
}

function spellFinding({ code, message, where }: Finding): string {
  return `${code} ${message} – ${plainPlace(where)}`;
}
