import { codeBlock, escapeText } from "./escape.ts";
import type { FleetReport } from "./fleet-report.ts";
import { type Language, wordsOf } from "./html/words.ts";
import type { Register } from "./registers/register.ts";
import { registersOf } from "./registers/registers.ts";
import type { ReportCell, SiteReport } from "./report-types.ts";
import { spellMermaid } from "./topology/texts.ts";

/** Longest cell, in characters. */
const CELL = 400;

/** Spells a register as a Markdown page; its cells format nothing. */
export function spellRegister(register: Register): string {
  const { title, columns, rows, note } = register;
  const body = note ?? spellTable(columns, rows);
  return `# ${title.zh} · ${title.en}\n\n${body}\n`;
}

/** Spells a site's report as one Markdown page: the same data as the HTML. */
export function siteMarkdown(report: SiteReport, lang: Language): string {
  const say = wordsOf(lang);
  const { site, summary, zones, matrix } = report;
  const facts = [
    [say("client"), site.clientName],
    [say("site"), site.id],
    [say("devices"), String(summary.devices)],
    [say("portsUsed"), `${summary.portsUsed} / ${summary.ports}`],
    [say("zonePairs"), `${summary.cells.proved} / ${matrix.length}`],
    [say("errors"), String(summary.findings.error)],
    [say("warnings"), String(summary.findings.warning)],
    [say("generated"), report.generatedAt],
  ];
  const cells = zones.map((from, index) => [
    from.name,
    ...matrix.slice(index * zones.length, (index + 1) * zones.length).map((cell) => cellText(cell, say)),
  ]);
  const matrixTable = spellTable(["", ...zones.map((zone) => zone.name)], cells);
  const packs = report.compliance
    .filter((pack) => pack.controls.length > 0)
    .map(({ title, counts }) => [
      title[lang],
      ...(["met", "not-met", "not-evaluated", "waived"] as const).map((state) => String(counts[state])),
    ]);
  const parts = [
    `# ${escapeText(site.name)}`,
    facts.map(([name = "", value = ""]) => `- ${name}: ${escapeText(value)}`).join("\n"),
    `## ${say("topology")}`,
    codeBlock(spellMermaid(report.topology).trimEnd().split("\n"), "mermaid"),
    `## ${say("matrix")}`,
    matrixTable,
    `## ${say("compliance")}`,
    spellTable([say("name"), say("met"), say("not-met"), say("not-evaluated"), say("waived")], packs),
    ...registersOf([report], lang).map((register) => `#${spellRegister(register).trimEnd()}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Spells the report of many sites as one Markdown page. */
export function fleetMarkdown(report: FleetReport, lang: Language): string {
  const say = wordsOf(lang);
  const sites = report.sites.map(({ id, name, clientName, summary }) => [
    id,
    name,
    clientName,
    String(summary.devices),
    `${summary.cells.proved} / ${summary.cells.proved + summary.cells.violated + summary.cells.unknown}`,
    String(summary.findings.error),
    String(summary.findings.warning),
    summary.openIncidents === null ? "–" : String(summary.openIncidents),
  ]);
  const heads = [
    "site",
    "name",
    "client",
    "devices",
    "zonePairs",
    "errorsHead",
    "warningsHead",
    "incidents",
  ] as const;
  const due = [
    ...report.rulesDue.map((rule) => [
      (rule.due === "expired" ? rule.expires : rule.review) ?? "",
      rule.site,
      rule.id,
      say(rule.due === "expired" ? "expired" : "dueReview"),
    ]),
    ...report.ending.map(({ site, device, what, day }) => [day, site, device, say(what)]),
  ];
  const errors = report.errors.map(({ site, code, message, where }) => [site, code, message, where]);
  const parts = [
    `# ${say("fleetReport")}`,
    `${say("generated")}: ${report.generatedAt}`,
    spellTable(heads.map(say), sites),
    `## ${say("errorsHead")}`,
    errors.length === 0
      ? say("noErrors")
      : spellTable([say("site"), say("code"), say("detail"), say("place")], errors),
    `## ${say("dueHead")}`,
    due.length === 0
      ? say("nothingDue")
      : spellTable([say("time"), say("site"), say("name"), say("summary")], due),
  ];
  return `${parts.join("\n\n")}\n`;
}

function cellText(cell: ReportCell, say: ReturnType<typeof wordsOf>): string {
  const mark = { proved: "✓", violated: "✗", unknown: "?", "not-evaluated": "" }[cell.state];
  const services = cell.access === "allow-only" ? cell.services.join(", ") : say(cell.access);
  return `${mark} ${services}`.trim();
}

/** Spells a table; its cells format nothing. */
export function spellTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headOf(head), ...rows.map(row)].join("\n");
}

/** The head of a table and the line below it. */
function headOf(columns: readonly string[]): string {
  return `${row(columns)}\n| ${columns.map(() => "---").join(" | ")} |`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escapeText(cell, CELL)).join(" | ")} |`;
}
