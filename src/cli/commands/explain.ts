import { INVENTORY_CODES } from "../../inventory/finding-codes.ts";
import { readWorkspace } from "../../inventory/read/workspace.ts";
import { type Explanation, explainValue } from "../../inventory/resolve/explain.ts";
import { explainCheck } from "../../planner/checks/explain.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../exit.ts";
import type { Printer } from "../print.ts";
import { formatWhere } from "../text/findings.ts";

/** What a finding's code means and how to mend it, or where a value of a site comes from through the layers. */
export async function run(context: CommandContext, args: readonly string[]): Promise<CommandOutcome> {
  const [what = "", path] = args;
  return path === undefined ? explainFinding(what, context.lang) : explainPath(context.root, what, path);
}

function explainFinding(code: string, lang: "en" | "zh"): CommandOutcome {
  const page = explainCheck(code, lang) ?? inventoryPage(code);
  if (page === undefined) {
    throw new UsageError(`no finding has the code "${code}"`, "type a code such as IPP-003, or SITE PATH");
  }
  return { findings: [], result: { code, page }, reasons: [], text: (printer) => printer.line(page) };
}

function inventoryPage(code: string): string | undefined {
  const known = INVENTORY_CODES.get(code);
  return known === undefined ? undefined : `# ${code}\n\n${known.meaning}\n\nTo mend it: ${known.mend}`;
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
