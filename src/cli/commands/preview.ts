import { type BranchPreview, previewBranch } from "../../deploy/preview/preview-branch.ts";
import { driverFor } from "../../drivers/registry.ts";
import { codeFrame } from "../../inventory/code-frame.ts";
import { runGit } from "../../inventory/read/git.ts";
import { type Finding, isFileWhere, sortFindings } from "../../model/finding.ts";
import type { Preview } from "../../planner/preview/types.ts";
import { codeQualityReport } from "../../report/code-quality.ts";
import { previewComment, verdictLine } from "../../report/comment.ts";
import { sarifLog } from "../../report/sarif.ts";
import { toldFindings } from "../../report/told-preview.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { type ExitReason, exitCodeOf, UsageError } from "../exit.ts";
import { forgeEnvironment } from "../forge-flags.ts";
import { judgeSites } from "../judge.ts";
import { openHeadsFor } from "../open-heads.ts";
import { loadChecksOfBase } from "../own-checks.ts";
import { jobVariables, type PostOutcome, postPreview } from "../post-preview.ts";
import { previewPages } from "../preview-pages.ts";
import { writeDocuments } from "../report-documents.ts";
import { countFindings, type FrameOf, printFindings } from "../text/findings.ts";
import { printPreview } from "../text/preview.ts";
import { readVersion } from "../version.ts";

const FORMATS = ["text", "md", "json", "sarif"] as const;
type Format = (typeof FORMATS)[number];

/** Says what a branch would change, from git's objects alone: no device, no secret, no code of the branch. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const format = formatOf(options);
  const base = textOption(options, "base");
  if (base === undefined)
    throw new UsageError("preview wants a base", "sitewright preview --base origin/main");
  const head = textOption(options, "head") ?? "HEAD";
  const environment = flag(options, "post") ? await forgeEnvironment(options) : undefined;
  if (environment?.token && environment.request === undefined && environment.head === undefined)
    throw new UsageError("the number of the request is not known", "--request 12");
  const open = await openHeadsFor(options);
  if (open.note !== undefined) context.printer.note(open.note);
  const { own, key, refused } = await loadChecksOfBase(context.root, base);
  const branch = await previewBranch({
    root: context.root,
    base,
    head,
    drivers: driverFor,
    judge: (sites, findings, now) => {
      const judged = judgeSites({ sites, findings }, now, own);
      const unrun = refused === undefined ? [] : [{ id: "own checks", reason: refused }];
      return { ...judged, notEvaluated: [...judged.notEvaluated, ...unrun] };
    },
    now: new Date(),
    version: `${readVersion()} ${key}`,
    cache: options.cache !== false,
    open: open.heads,
  });
  await noteUncommitted(context, head);
  // What a forge refuses must not be lost: the files are written first.
  const kept = await keep(branch, context, options);
  const posted =
    environment === undefined || branch.preview === undefined
      ? undefined
      : await postPreview(branch.preview, environment);
  return outcomeOf(branch, format, options, { kept, posted });
}

function formatOf(options: Options): Format {
  const name = textOption(options, "format") ?? "text";
  const format = FORMATS.find((known) => known === name);
  if (format === undefined)
    throw new UsageError(`there is no format "${name}"`, `known: ${FORMATS.join(", ")}`);
  return format;
}

interface Done {
  /** Files that were written. */
  readonly kept: readonly string[];
  readonly posted: PostOutcome | undefined;
}

function outcomeOf(
  branch: BranchPreview,
  format: Format,
  options: Options,
  { kept, posted }: Done,
): CommandOutcome {
  const { preview } = branch;
  const findings = findingsOf(branch);
  const reasons: ExitReason[] = [
    ...findingReasons(findings),
    ...(preview === undefined
      ? [{ code: 4, reason: "usage", subject: findings[0]?.message ?? "nothing to compare" } as const]
      : previewReasons(preview, flag(options, "exitCode"))),
    ...(posted?.reasons ?? []),
  ];
  const result =
    preview === undefined ? null : { ...resultOf(preview), ...(posted && { posted: posted.result }) };
  const raw = rawOf(format, { branch, findings, reasons, result });
  return {
    findings,
    result,
    reasons,
    ...(raw === undefined ? {} : { raw }),
    text: (printer) => {
      printFindings(printer, findings.filter(isLoud), frameOf(branch));
      if (preview === undefined) return;
      printPreview(printer, preview);
      printer.line();
      printer.line(verdictLine(preview));
      printer.line(countFindings(findings));
      for (const line of [...kept, ...(posted?.lines ?? [])]) printer.line(line);
    },
  };
}

function isLoud(finding: Finding): boolean {
  return finding.severity !== "info" && finding.waiver === undefined;
}

/** New findings of all sites; where nothing could be compared, why. */
function findingsOf({ preview, findings }: BranchPreview): Finding[] {
  return preview === undefined ? sortFindings(findings) : toldFindings(preview);
}

function resultOf(preview: Preview): object {
  const { sites, base, head, digest, untouched, review, findings, notEvaluated } = preview;
  const comment = previewComment({ preview });
  return { sites, base, head, digest, untouched, review, findings, notEvaluated, comment };
}

/** Sites that cannot be read leave a preview incomplete; changes count only where they were asked for. */
function previewReasons(preview: Preview, exitCode: boolean): ExitReason[] {
  const broken = preview.sites
    .filter((site) => site.state === "broken")
    .map((site): ExitReason => ({ code: 3, reason: "incomplete", subject: `${site.site} cannot be read` }));
  const changes = exitCode && (preview.sites.length > 0 || preview.review.length > 0);
  return [...broken, ...(changes ? [{ code: 2, reason: "difference" } as const] : [])];
}

interface Answer {
  readonly branch: BranchPreview;
  readonly findings: readonly Finding[];
  readonly reasons: readonly ExitReason[];
  readonly result: unknown;
}

function rawOf(format: Format, { branch, findings, reasons, result }: Answer): string | undefined {
  if (format === "json") {
    const exitCode = exitCodeOf(reasons);
    const envelope = {
      schemaVersion: 1,
      command: "preview",
      exitCode,
      exitReasons: reasons,
      findings,
      result,
    };
    return `${JSON.stringify(envelope, null, 2)}\n`;
  }
  if (format === "sarif") return sarifLog({ findings, version: readVersion() });
  if (format === "md" && branch.preview) return previewComment({ preview: branch.preview });
  return undefined;
}

/** Writes every shape of the answer into a folder, for jobs that post, upload and annotate. */
async function keep(branch: BranchPreview, context: CommandContext, options: Options): Promise<string[]> {
  const folder = textOption(options, "out");
  if (folder === undefined || branch.preview === undefined) return [];
  const findings = findingsOf(branch);
  const pages = flag(options, "pages") ? await previewPages(branch.after, context.lang, new Date()) : [];
  return writeDocuments(folder, [
    { name: "comment.md", content: previewComment({ preview: branch.preview }) },
    { name: "preview.json", content: `${JSON.stringify(resultOf(branch.preview), null, 2)}\n` },
    { name: "findings.sarif", content: sarifLog({ findings, version: readVersion() }) },
    { name: "code-quality.json", content: codeQualityReport(findings) },
    { name: "preview.env", content: jobVariables(branch.preview) },
    ...pages,
  ]);
}

function frameOf(branch: BranchPreview): FrameOf {
  const workspace = { root: "", files: branch.files, findings: [], siteIds: [] };
  return (where) => (isFileWhere(where) ? codeFrame(workspace, where) : undefined);
}

/** A person who forgot to commit would look at the wrong thing. */
async function noteUncommitted(context: CommandContext, head: string): Promise<void> {
  if (!context.interactive || head !== "HEAD") return;
  const answer = await runGit(context.root, ["status", "--porcelain", "--", "inventory", "policies"]);
  const count = answer.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "").length;
  if (count > 0)
    context.printer.note(`${count} files are changed and not committed; the preview looks at HEAD`);
}
