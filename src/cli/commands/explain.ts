import { INVENTORY_CODES } from "../../inventory/finding-codes.ts";
import { readWorkspace, type Workspace } from "../../inventory/read/workspace.ts";
import { type Explanation, explainValue } from "../../inventory/resolve/explain.ts";
import { readPolicies } from "../../inventory/resolve/policies.ts";
import type { FileWhere, Severity } from "../../model/finding.ts";
import { explainCheck } from "../../planner/checks/explain.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../exit.ts";
import type { Printer } from "../print.ts";
import { formatWhere } from "../text/findings.ts";
import { ownRulePage } from "../text/own-rule.ts";

type Language = CommandContext["lang"];

/** What a finding's code means and how to mend it, or where a value of a site comes from through the layers. */
export async function run(context: CommandContext, args: readonly string[]): Promise<CommandOutcome> {
  const [what = "", path] = args;
  return path === undefined
    ? explainFinding(await readWorkspace(context.root), what.toUpperCase(), context.lang)
    : explainPath(context.root, what, path);
}

function explainFinding(workspace: Workspace, code: string, lang: Language): CommandOutcome {
  const page = explainCheck(code, lang) ?? inventoryPage(code) ?? rulePage(workspace, code, lang);
  if (page === undefined) {
    throw new UsageError(
      `no finding has the code "${code}"`,
      "type a code such as IPP-003, OWN- and the name of an own rule, or SITE PATH",
    );
  }
  const weights = weightsOf(workspace, code);
  return {
    findings: [],
    result: { code, page, weights },
    reasons: [],
    text: (printer) => {
      printer.line(page);
      if (weights.length === 0) return;
      printer.line(lang === "zh" ? "## 本工作区的级别" : "## What it weighs here");
      printer.line();
      for (const { client, severity, where } of weights)
        printer.line(`- ${client}: ${severity} (${formatWhere(where)})`);
    },
  };
}

function inventoryPage(code: string): string | undefined {
  const known = INVENTORY_CODES.get(code);
  return known === undefined ? undefined : `# ${code}\n\n${known.meaning}\n\nTo mend it: ${known.mend}`;
}

/** The pages of own rules of that code: two clients may each have one of the same name. */
function rulePage(workspace: Workspace, code: string, lang: Language): string | undefined {
  if (!code.startsWith("OWN-")) return undefined;
  const rules = [...readPolicies(workspace).values()].flatMap(({ zoning }) => zoning);
  const pages = rules.filter(({ rule }) => rule.code === code).map((rule) => ownRulePage(rule, lang));
  return pages.length === 0 ? undefined : [...new Set(pages)].join("\n");
}

interface Weight {
  readonly client: string;
  readonly severity: Severity;
  readonly where: FileWhere;
}

/** Clients to whom findings of a code weigh something else than their own weight, and the line that says so. */
function weightsOf(workspace: Workspace, code: string): Weight[] {
  return [...readPolicies(workspace)].flatMap(([client, { policy }]) =>
    (policy.checks?.severities ?? [])
      .filter(({ name }) => name === code)
      .map(({ severity, origin }) => ({ client, severity, where: origin })),
  );
}

async function explainPath(root: string, site: string, path: string): Promise<CommandOutcome> {
  const workspace = await readWorkspace(root, { sites: [site] });
  if (!workspace.siteIds.includes(site)) {
    throw new UsageError(`there is no site ${site}`, `known: ${workspace.siteIds.join(", ")}`);
  }
  const answer = explainValue(workspace, site, path);
  if ("message" in answer) throw new UsageError(answer.message, answer.hint);
  return { findings: [], result: answer, reasons: [], text: (printer) => printExplanation(printer, answer) };
}

function printExplanation(printer: Printer, { path, value, layers, derived }: Explanation): void {
  const { style } = printer;
  printer.line(`${style.bold(path)} = ${spell(derived?.value ?? value)}`);
  for (const layer of layers) {
    const line = `  ${layer.effect.padEnd(10)} ${layer.layer.padEnd(16)} ${spell(layer.value)}`;
    printer.line(layer.effect === "overridden" ? style.dim(line) : line);
    printer.line(style.dim(`             ${formatWhere(layer.where)}`));
  }
  if (derived) printer.line(style.dim(`  derived from ${formatWhere(derived.where)}`));
}

function spell(value: unknown): string {
  return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}
