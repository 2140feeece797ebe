import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { handoverIndex, withoutStrangers } from "../../report/handover.ts";
import { spellRegister } from "../../report/markdown.ts";
import { registersOf } from "../../report/registers/registers.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { gatherReports } from "../gather-reports.ts";
import { type ReportDocument, reportDocuments, writeDocuments } from "../report-documents.ts";
import { printFindings } from "../text/findings.ts";

/** Packs what belongs to a client: the page of the site, every register as a table and as text, an index, checksums. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const out = textOption(options, "out");
  if (out === undefined)
    throw new UsageError("handover wants a folder", "sitewright handover CLIENT/SITE --out DIR");
  refuseFullFolder(out);
  const { lang } = context;
  const now = new Date();
  const { chosen, reports: whole } = await gatherReports(context.root, args, now);
  const findings = chosen.findings.filter((finding) => finding.severity === "error");
  const clients = new Set(chosen.sites.map((site) => site.client));
  if (clients.size > 1)
    throw new UsageError(
      `this would hand ${[...clients].join(", ")} to one reader`,
      "choose the sites of one client: sitewright handover CLIENT --out DIR",
    );
  const others = chosen.workspace.siteIds.map((id) => id.split("/")[0] ?? "");
  const strangers = [...new Set(others)].filter((id) => !clients.has(id));
  const reports = whole.map((report) => withoutStrangers(report, strangers, lang));
  const request = { reports, lang, fleet: reports.length > 1, now: now.toISOString() };
  const pages = reports.length === 0 ? [] : await reportDocuments({ ...request, format: "html" });
  const tables = reports.length === 0 ? [] : await reportDocuments({ ...request, format: "csv" });
  const registers = registersOf(reports, lang);
  const texts = registers.map((register) => ({
    name: `registers/${register.id}.md`,
    content: spellRegister(register),
  }));
  const packed: ReportDocument[] = [
    ...pages,
    ...tables.map(({ name, content }) => ({ name: `registers/${name}`, content })),
    ...texts,
  ];
  const index = { name: "README.md", content: handoverIndex(reports, registers, pages, lang) };
  const listed = [index, ...packed];
  const documents =
    reports.length === 0 ? [] : [...listed, { name: "SHA256SUMS", content: checksums(listed) }];
  const files = await writeDocuments(out, documents);
  return {
    findings,
    result: { sites: reports.map((report) => report.site.id), files },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      printer.line(`${files.length} files in ${out}; check them there with: sha256sum -c SHA256SUMS`);
    },
  };
}

/** What lies there already might go to the client unseen. */
function refuseFullFolder(folder: string): void {
  const path = resolve(folder);
  if (!existsSync(path) || readdirSync(path).length === 0) return;
  throw new UsageError(`${folder} is not empty`, "name a new folder: everything in it goes to the client");
}

function checksums(documents: readonly ReportDocument[]): string {
  return documents
    .map(({ name, content }) => `${createHash("sha256").update(content, "utf8").digest("hex")}  ${name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join("");
}
