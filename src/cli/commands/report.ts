import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { type Gathered, gatherReports } from "../gather-reports.ts";
import {
  REPORT_FORMATS,
  type ReportDocument,
  type ReportFormat,
  reportDocuments,
  writeDocuments,
} from "../report-documents.ts";
import { printFindings } from "../text/findings.ts";

/** Shows a site, or all of them, to whoever owns it: a page, tables, Markdown or data. Reads no device. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const format = formatOf(textOption(options, "format") ?? "html");
  const register = registerOption(options, format);
  const fleet = args[0] === "fleet";
  if (args.length === 0)
    throw new UsageError("report wants a site", "sitewright report CLIENT/SITE, or: fleet");
  const now = new Date();
  const gathered = await gatherReports(context.root, fleet ? args.slice(1) : args, now);
  const all =
    gathered.reports.length === 0
      ? []
      : await reportDocuments({ ...gathered, format, lang: context.lang, fleet, now: now.toISOString() });
  const documents = register === undefined ? all : [pickRegister(all, register)];
  const out = textOption(options, "out");
  const files = out === undefined ? [] : await writeDocuments(out, documents);
  return outcomeOf(context, gathered, documents, out === undefined ? undefined : files);
}

function outcomeOf(
  context: CommandContext,
  { chosen, reports }: Gathered,
  documents: readonly ReportDocument[],
  files: readonly string[] | undefined,
): CommandOutcome {
  const findings = chosen.findings.filter((finding) => finding.severity === "error");
  const [only] = documents;
  if (files === undefined && !context.json && documents.length > 1) {
    throw new UsageError(
      `this makes ${documents.length} files: ${documents
        .slice(0, 3)
        .map(({ name }) => name)
        .join(", ")}, …`,
      "say where to with --out DIR, or choose one site or one --register",
    );
  }
  const shown = files === undefined && !context.json && only !== undefined;
  return {
    findings,
    result: { reports, files: files ?? [] },
    reasons: findingReasons(findings),
    ...(shown ? { raw: only.content } : {}),
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      for (const file of files ?? []) printer.line(file);
    },
  };
}

function formatOf(name: string): ReportFormat {
  const format = REPORT_FORMATS.find((known) => known === name);
  if (format === undefined)
    throw new UsageError(`there is no format "${name}"`, `known: ${REPORT_FORMATS.join(", ")}`);
  return format;
}

function registerOption(options: Options, format: ReportFormat): string | undefined {
  const name = textOption(options, "register");
  if (name !== undefined && format !== "csv")
    throw new UsageError("--register chooses a table", "add --format csv");
  return name;
}

function pickRegister(documents: readonly ReportDocument[], name: string): ReportDocument {
  const found = documents.find((document) => document.name === `${name}.csv`);
  if (found !== undefined) return found;
  const known = documents.map((document) => document.name.replace(/\.csv$/, ""));
  throw new UsageError(`there is no register "${name}"`, `known: ${known.join(", ")}`);
}
