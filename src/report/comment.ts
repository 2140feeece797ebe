import { type Finding, isFileWhere } from "../model/finding.ts";
import type { PlanFlow, RiskLevel } from "../planner/plan/types.ts";
import { RISK_LEVELS } from "../planner/plan/types.ts";
import type { ReviewChange } from "../planner/preview/types.ts";
import { BudgetedText } from "./budget.ts";
import { codeBlock, codeSpan, escapeText, shellWord, shorten } from "./escape.ts";
import { placeText } from "./places.ts";
import type { ToldDevice, ToldPreview, ToldSite } from "./told-preview.ts";

/** The first line of every comment, by which the next run finds its own. */
export const COMMENT_MARK = "<!-- sitewright preview -->";
/** GitHub takes 65,536 characters; GitLab and Gitea more. */
const MAX_CHARACTERS = 64_000;

/** What a comment is written from. */
export interface CommentInput {
  readonly preview: ToldPreview;
  /** Where the whole report is, if anywhere. */
  readonly reportUrl?: string;
}

/** Writes a pull request's comment: the verdict first, then what a reviewer must look at, then the rest as far as
 *  64,000 characters reach. Everything that the branch wrote is shown as text. Pure. */
export function previewComment({ preview, reportUrl }: CommentInput): string {
  const out = new BudgetedText(MAX_CHARACTERS - 1_500);
  const where =
    reportUrl === undefined ? "in the JSON of this run" : `in [the report](${encodeURI(reportUrl)})`;
  const more = (what: string) => (count: number) => `… and ${count} more ${what}, ${where}`;
  out.add(COMMENT_MARK, `## Sitewright: ${verdictLine(preview)}`, "");
  sitesTable(out, preview, more("sites"));
  openedFlows(out, preview, more("flows"));
  brokenChecks(out, preview, more("findings"));
  forReview(out, preview, more("changes to review"));
  closedFlows(out, preview, more("flows"));
  unlooked(out, preview, more("reasons"));
  commands(out, preview, more("groups of commands"));
  return `${out.toText().trimEnd()}\n\n${footer(preview)}`;
}

/** One line that says how it stands. */
export function verdictLine(preview: ToldPreview): string {
  const { sites } = preview;
  const devices = sites.flatMap((site) => site.devices);
  const changing = devices.filter((device) => device.state !== "same").length;
  const opened = sum(sites, (site) => site.flows.opened.length);
  const closed = sum(sites, (site) => site.flows.closed.length);
  const parts = [
    sites.length === 0
      ? "no site changes"
      : `${count(sites.length, "site")}, ${count(changing, "device")} touched`,
    count(
      sum(devices, (device) => device.commands.length),
      "command",
    ),
    `${count(opened, "flow")} opened, ${closed} closed`,
  ];
  const errors = count(allFindings(preview).filter(isBroken).length, "new error");
  const head = { broken: `❌ ${errors}; `, review: "⚠️ to be reviewed: ", fine: "✅ " }[standingOf(preview)];
  return `${head}${parts.join("; ")}`;
}

/** How a preview stands: errors that are new, something for a person to look at, or neither. */
export function standingOf(preview: ToldPreview): "broken" | "review" | "fine" {
  if (allFindings(preview).some(isBroken)) return "broken";
  const { sites, review } = preview;
  const asked = sites.some((site) => site.flows.opened.length > 0 || site.review.length > 0);
  return asked || review.length > 0 ? "review" : "fine";
}

type More = (count: number) => string;

function sitesTable(out: BudgetedText, preview: ToldPreview, more: More): void {
  const rows = groupAlike(preview.sites.map(siteRow)).map(
    ({ cells, names }) => `| ${namesText(names)} | ${cells.join(" | ")} |`,
  );
  const head = [
    "| Site | Devices | Commands | Opened | Closed | Worst finding | Risk |",
    "|---|---:|---:|---:|---:|---|---|",
  ];
  out.section(head, rows, 14_000, more);
  if (preview.untouched > 0)
    out.add(`${count(preview.untouched, "site")} looked at and found to mean the same as before.`, "");
}

interface Row {
  readonly name: string;
  readonly rank: number;
  readonly cells: readonly string[];
}

function siteRow(site: ToldSite): Row {
  const touched = site.devices.filter((device) => device.state !== "same").length;
  const state = site.state === "changed" ? "" : ` (${site.state})`;
  return {
    name: `${site.site}${state}`,
    rank: rankOf(site),
    cells: [
      `${touched} of ${site.devices.length}`,
      `${sum(site.devices, (device) => device.commands.length)}`,
      `${site.flows.opened.length}`,
      `${site.flows.closed.length}`,
      worstText(site.findings),
      riskText(site.risk.level),
    ],
  };
}

/** Worst first: what cannot be read, then by risk. */
function rankOf(site: ToldSite): number {
  const broken = site.state === "broken" || site.findings.some(isBroken);
  return (broken ? 10 : 0) + RISK_LEVELS.indexOf(site.risk.level);
}

function groupAlike(rows: readonly Row[]): { cells: readonly string[]; names: string[] }[] {
  const groups = new Map<string, { cells: readonly string[]; names: string[]; rank: number }>();
  for (const { name, rank, cells } of rows) {
    const key = `${rank} ${cells.join("\u0000")}`;
    const group = groups.get(key) ?? { cells, names: [], rank };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.rank - a.rank);
}

/** The first names of a group and how many there are. */
function namesText(names: readonly string[], shown = 3): string {
  const first = names.slice(0, shown).map((name) => escapeText(name, 140));
  const rest = names.length - first.length;
  return rest > 0 ? `${first.join(", ")} and ${rest} alike` : first.join(", ");
}

function worstText(findings: readonly Finding[]): string {
  const [worst] = [...findings].sort((a, b) => severityRank(b) - severityRank(a));
  return worst === undefined ? "none new" : `${worst.severity} ${escapeText(worst.code, 40)}`;
}

function severityRank(finding: Finding): number {
  return finding.waiver === undefined ? { error: 3, warning: 2, info: 1 }[finding.severity] : 0;
}

function riskText(level: RiskLevel): string {
  return { low: "low", medium: "medium", high: "**high**", critical: "**critical**" }[level];
}

function openedFlows(out: BudgetedText, preview: ToldPreview, more: More): void {
  const entries = flowEntries(preview, (site) => site.flows.opened);
  out.section([`### Flows opened`, ""], entries, 12_000, more);
}

function closedFlows(out: BudgetedText, preview: ToldPreview, more: More): void {
  const entries = flowEntries(preview, (site) => site.flows.closed);
  out.section([`### Flows closed`, ""], entries, 6_000, more);
}

/** A flow that many sites open alike, as by a shared rule, is told once. */
function flowEntries(preview: ToldPreview, flowsOf: (site: ToldSite) => readonly PlanFlow[]): string[] {
  const groups = new Map<string, { flow: PlanFlow; sites: string[] }>();
  for (const site of preview.sites) {
    for (const flow of flowsOf(site)) {
      const key = [flow.from, flow.to, flow.flow, flow.line === undefined ? "" : placeText(flow.line)].join(
        "\u0000",
      );
      const group = groups.get(key) ?? { flow, sites: [] };
      group.sites.push(site.site);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ flow, sites }) => {
    const line = flow.line === undefined ? "" : ` — ${placeText(flow.line)}`;
    const zones = `${escapeText(flow.from, 60)} → ${escapeText(flow.to, 60)}`;
    return `- ${namesText(sites)}: ${zones}: ${codeSpan(flow.flow)}, for example ${codeSpan(flow.witness)}${line}`;
  });
}

function brokenChecks(out: BudgetedText, preview: ToldPreview, more: More): void {
  const unique = uniqueFindings(allFindings(preview));
  const sorted = [...unique].sort((a, b) => severityRank(b) - severityRank(a));
  const loud = sorted.filter((finding) => finding.severity !== "info" && finding.waiver === undefined);
  out.section(["### New findings", ""], loud.map(findingEntry), 12_000, more);
  const quiet = sorted.length - loud.length;
  if (quiet > 0) out.add(`${count(quiet, "note")} or accepted finding${quiet === 1 ? "" : "s"} besides.`, "");
}

function findingEntry(finding: Finding): string {
  const mark = finding.severity === "error" ? "❌" : "⚠️";
  const text = `${escapeText(finding.message, 160)} → ${escapeText(finding.hint, 200)}`;
  return `- ${mark} **${escapeText(finding.code, 40)}** ${placeText(finding.where)}: ${text}`;
}

/** A finding of a shared file comes with each site: it is told once. */
function uniqueFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const { where } = finding;
    const place = isFileWhere(where)
      ? `${where.file}:${where.line}:${where.column}`
      : `${where.device}:${where.line}`;
    seen.set(`${finding.code} ${place} ${finding.message}`, finding);
  }
  return [...seen.values()];
}

function forReview(out: BudgetedText, preview: ToldPreview, more: More): void {
  const groups = new Map<string, { change: ReviewChange; subjects: string[] }>();
  for (const change of [...preview.review, ...preview.sites.flatMap((site) => site.review)]) {
    const key = `${change.kind} ${change.text}`;
    const group = groups.get(key) ?? { change, subjects: [] };
    group.subjects.push(change.subject);
    groups.set(key, group);
  }
  const entries = [...groups.values()].map(
    ({ change, subjects }) => `- **${change.kind}** ${namesText(subjects)}: ${codeSpan(change.text, 300)}`,
  );
  const head = [
    "### To be reviewed by a person",
    "",
    "How devices are reached, who may enter, and what runs. This preview used none of it.",
    "",
  ];
  out.section(head, entries, 8_000, more);
}

function unlooked(out: BudgetedText, preview: ToldPreview, more: More): void {
  const reasons = new Map<string, string[]>();
  for (const reason of preview.notEvaluated) reasons.set(reason, []);
  const waiting = new Set<string>();
  for (const site of preview.sites)
    for (const reason of site.notEvaluated) {
      const check = /^([A-Z0-9]+-\d+): waits for (live|history)/.exec(reason)?.[1];
      if (check !== undefined) waiting.add(check);
      else listIn(reasons, reason).push(site.site);
    }
  if (waiting.size > 0)
    reasons.set(`checks that want live data or history: ${[...waiting].sort().join(", ")}`, []);
  const entries = [...reasons].map(
    ([reason, sites]) =>
      `- ${escapeText(reason, 240)}${sites.length === 0 ? "" : ` (${namesText(sites, 2)})`}`,
  );
  if (entries.length === 0) return;
  const head = ["<details>", `<summary>Not evaluated (${entries.length})</summary>`, ""];
  out.section(head, entries, 5_000, more);
  out.add("</details>", "");
}

function commands(out: BudgetedText, preview: ToldPreview, more: More): void {
  const groups = new Map<string, { device: ToldDevice; names: string[] }>();
  for (const device of preview.sites.flatMap((site) => site.devices)) {
    if (device.commands.length === 0) continue;
    const key = `${device.platform}\u0000${device.commands.join("\n")}`;
    const group = groups.get(key) ?? { device, names: [] };
    group.names.push(device.device);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => b.names.length - a.names.length);
  const entries = sorted.map(({ device, names }) => commandEntry(device, names));
  out.section(["### Commands", ""], entries, out.left, more);
}

/** What of the configuration changes, as a difference; platforms that replace whole tables say little in commands. */
function differenceLines(device: ToldDevice): string[] {
  return device.items
    .filter((item) => item.managed)
    .flatMap(({ path, before, after }) => [
      path.slice(0, -1).length === 0 ? "@@ top level" : `@@ ${path.slice(0, -1).join(" / ")}`,
      ...(before === undefined ? [] : before.split("\n").map((line) => `- ${line}`)),
      ...(after === undefined ? [] : after.split("\n").map((line) => `+ ${line}`)),
    ])
    .filter((line, index, lines) => !line.startsWith("@@") || line !== lastHeader(lines, index));
}

function lastHeader(lines: readonly string[], before: number): string | undefined {
  return lines.slice(0, before).findLast((line) => line.startsWith("@@"));
}

/** Lines of one group; more are in the JSON. */
const MAX_LINES = 120;

function commandEntry(device: ToldDevice, names: readonly string[]): string {
  const alike = names.length === 1 ? "" : `, the same on ${count(names.length, "device")}`;
  return [
    "<details>",
    `<summary>${namesText(names)} (${escapeText(device.platform, 40)}): ${count(device.commands.length, "command")}${alike}</summary>`,
    "",
    ...foldedBlock(differenceLines(device), "diff"),
    "",
    ...foldedBlock(device.commands),
    "",
    "</details>",
  ].join("\n");
}

/** A code block of the first lines; how many more there are stands below. */
function foldedBlock(all: readonly string[], language = ""): string[] {
  if (all.length === 0) return [];
  const lines = all.slice(0, MAX_LINES).map((line) => shorten(line, 400));
  const rest = all.length - lines.length;
  return [codeBlock(lines, language), ...(rest > 0 ? [`… and ${count(rest, "line")} more`] : [])];
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const known = map.get(key);
  if (known) return known;
  const made: string[] = [];
  map.set(key, made);
  return made;
}

function footer(preview: ToldPreview): string {
  const ids = preview.sites.filter((site) => site.state !== "gone").map((site) => shellWord(site.site));
  // The footer has a room of its own: names of a stranger's length must not outgrow it.
  const selectors = ids.length <= 5 && ids.join(" ").length <= 600 ? ids.join(" ") : "SITE…";
  const lines = [`Base ${codeSpan(preview.base.slice(0, 12))}, head ${codeSpan(preview.head.slice(0, 12))}.`];
  if (ids.length > 0) {
    lines.push(
      `Preview digest ${codeSpan(preview.digest)}.`,
      "",
      "An approval binds to a plan that read the devices. After the merge:",
      "",
      codeBlock(
        [
          `sitewright plan ${selectors} --out change.json`,
          "sitewright approve --plan change.json --ticket TICKET",
          "sitewright apply --plan change.json",
        ],
        "sh",
      ),
    );
  }
  return `---\n\n${lines.join("\n")}\n`;
}

/** Findings of the preview and of its sites. */
function allFindings(preview: ToldPreview): Finding[] {
  return [...preview.findings, ...preview.sites.flatMap((site) => site.findings)];
}

function isBroken(finding: Finding): boolean {
  return finding.severity === "error" && finding.waiver === undefined;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
