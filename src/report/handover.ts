import { escapeText } from "./escape.ts";
import { type Language, wordsOf } from "./html/words.ts";
import type { Register } from "./registers/register.ts";
import type { SiteReport } from "./report-types.ts";

/** Spells the first page of what a client is handed: what lies here, and how many lines each table has. */
export function handoverIndex(
  reports: readonly SiteReport[],
  registers: readonly Register[],
  pages: readonly { readonly name: string }[],
  lang: Language,
): string {
  const say = wordsOf(lang);
  const client = reports[0]?.site.clientName ?? "";
  const sites = reports.map(({ site }) => `- ${escapeText(site.name)} (${escapeText(site.id)})`);
  const tables = registers.map(
    ({ id, title, rows, note }) =>
      `| ${title.zh} · ${title.en} | [CSV](registers/${id}.csv) · [Markdown](registers/${id}.md) | ${rows.length} | ${note ?? ""} |`,
  );
  return [
    `# ${escapeText(client)} — ${say("handover")}`,
    `${say("generated")}: ${reports[0]?.generatedAt ?? ""}`,
    sites.join("\n"),
    `## ${say("pages")}`,
    pages.map(({ name }) => `- [${escapeText(name)}](${encodeURI(name)})`).join("\n"),
    `## ${say("registers")}`,
    [`| | | ${say("rows")} | |`, "|---|---|---|---|", ...tables].join("\n"),
    say("handoverNote"),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Takes out of the findings what names other clients of the same provider: a client is handed its own only.
 *  @param strangers - ids of the other clients */
export function withoutStrangers(
  report: SiteReport,
  strangers: readonly string[],
  lang: Language,
): SiteReport {
  const others = new Set(strangers);
  const tells = (text: string): boolean => text.split(/[^\p{L}\p{N}_-]+/u).some((word) => others.has(word));
  const hidden = wordsOf(lang)("namesAnother");
  return {
    ...report,
    findings: report.findings.map((finding) =>
      tells(`${finding.message} ${finding.hint} ${finding.where}`)
        ? { ...finding, message: hidden, hint: "", where: "" }
        : finding,
    ),
  };
}
