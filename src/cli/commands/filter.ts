import { type Finding, sortFindings } from "../../model/finding.ts";
import { checkFilter, type FilterProblem } from "../../planner/filters/check.ts";
import { spellFlow, spellPacket } from "../../planner/filters/spell.ts";
import type { ExtractedFilter } from "../../planner/filters/types.ts";
import { compareFilters } from "../../planner/flows/compare.ts";
import type { Flow } from "../../planner/flows/types.ts";
import { sumVerdicts, verdictWords } from "../../planner/flows/verdict-counts.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { readConfigFile } from "../config-file.ts";
import { UsageError } from "../exit.ts";
import { answerText, testBatch } from "../filter-batch.ts";
import { filterNamed, filterReader, noteFinding, readPacket, whereIn } from "../filter-input.ts";
import type { Printer } from "../print.ts";
import { countFindings, printFindings } from "../text/findings.ts";

/** Exact analysis of the packet filters in configuration files. */
export async function run(
  _context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [action, ...rest] = args;
  if (action === "test" && options.batch !== undefined) {
    await testBatch(textOption(options, "batch") ?? "-");
    return { findings: [], result: null, reasons: [], text: () => undefined, raw: "" };
  }
  if (action === "check") return check(rest, options);
  if (action === "test") return test(rest, options);
  if (action === "compare") return compare(rest, options);
  throw new UsageError(`filter cannot "${action ?? ""}"`, "known: check, test, compare");
}

async function check(files: readonly string[], options: Options): Promise<CommandOutcome> {
  const [file] = files;
  if (file === undefined)
    throw new UsageError("filter check wants a file", "sitewright filter check --platform iosxe FILE");
  const reader = filterReader(textOption(options, "platform"));
  const text = await readConfigFile(file);
  const all = reader(text);
  const name = textOption(options, "filter");
  const filters =
    name === undefined ? all.filter((filter) => filter.derived !== true) : [filterNamed(all, name)];
  const checked = filters.map((filter) => ({ filter, ...checkFilter(filter) }));
  const findings = uniqueFindings(
    checked.flatMap(({ filter, problems }) => findingsOf(file, filter, problems)),
  );
  const lines = text.split("\n");
  return {
    findings,
    result: {
      filters: checked.map(({ filter, problems, lines: decided }) => ({
        name: filter.name,
        aliases: filter.aliases,
        rules: filter.list.rules.length,
        unmodelled: filter.list.rules.filter((rule) => !rule.exact).length,
        default: filter.list.defaultAction,
        lines: decided,
        problems,
      })),
    },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, (where) => codeLine(lines, where.line));
      const rules = filters.flatMap((filter) => filter.list.rules);
      const unmodelled = rules.filter((rule) => !rule.exact).length;
      printer.line(
        `${filters.length} filters, ${rules.length} rules, ${unmodelled} with conditions that are not modelled: ${countFindings(findings)}`,
      );
      printer.line(
        `lines that decide something: ${verdictWords(sumVerdicts(checked.map((each) => each.lines)))}`,
      );
    },
  };
}

function findingsOf(file: string, filter: ExtractedFilter, problems: readonly FilterProblem[]): Finding[] {
  return [
    ...filter.notes.map((note) => noteFinding(file, note)),
    ...problems.map((problem) => ({
      code: problem.code,
      severity: problem.severity,
      message: `${filter.name}: ${problem.message}${problem.witness === undefined ? "" : `: ${problem.witness}`}`,
      hint: problem.hint,
      where: whereIn(file, problem),
      ...(problem.covering.length === 0 ? {} : { related: problem.covering.map((at) => whereIn(file, at)) }),
    })),
  ];
}

/** A chain that others jump to is looked at for itself and through them: what is said twice stands once. */
function uniqueFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.where.line} ${finding.related?.map((where) => where.line).join() ?? finding.message}`;
    if (!seen.has(key)) seen.set(key, finding);
  }
  return sortFindings([...seen.values()]);
}

async function test(args: readonly string[], options: Options): Promise<CommandOutcome> {
  const [file, ...words] = args;
  if (file === undefined || words.length === 0) {
    throw new UsageError(
      "filter test wants a file and a packet",
      'sitewright filter test --platform iosxe FILE --filter 101 "tcp A -> B:22"',
    );
  }
  const reader = filterReader(textOption(options, "platform"));
  const filters = reader(await readConfigFile(file));
  const name = textOption(options, "filter");
  const packetText = words.join(" ");
  const answer = answerText(filters, name, packetText);
  const filter = filterNamed(filters, name, readPacket(packetText).packet.family);
  const meant = new Set([answer.line, ...answer.dependsOn.map(({ line }) => line)]);
  const findings = filter.notes.filter((note) => meant.has(note.line)).map((note) => noteFinding(file, note));
  return {
    findings,
    result: answer,
    reasons: findingReasons(findings),
    text: (printer) => {
      const { style } = printer;
      const verdict = answer.verdict === "permit" ? style.green("permit") : style.red("deny");
      const by = answer.implicit ? "no rule of the text matches" : `${file}:${answer.line}`;
      printer.line(`${verdict}  ${by}`);
      if (answer.text !== null) printer.line(`        ${answer.text}`);
      if (answer.proof === "unknown") {
        printer.line(style.yellow("unknown: the answer rests on what is not modelled or not said"));
        for (const at of answer.dependsOn) printer.line(`        ${file}:${at.line}: ${at.text}`);
      }
      printFindings(printer, findings, () => undefined);
    },
  };
}

async function compare(files: readonly string[], options: Options): Promise<CommandOutcome> {
  const [oldFile, newFile] = files;
  if (oldFile === undefined || newFile === undefined) {
    throw new UsageError(
      "filter compare wants two files",
      "sitewright filter compare --platform iosxe OLD NEW --filter 101",
    );
  }
  const reader = filterReader(textOption(options, "platform"));
  const [oldText, newText] = [await readConfigFile(oldFile), await readConfigFile(newFile)];
  const name = textOption(options, "filter");
  // Both are numbered alike, so that an interface of one is the same in the other.
  const interfaces = [
    ...new Set([...reader(oldText), ...reader(newText)].flatMap((each) => each.interfaces)),
  ].sort();
  const before = filterNamed(reader(oldText, interfaces), name);
  const after = filterNamed(reader(newText, interfaces), name);
  const comparison = compareFilters(before.list, after.list);
  const spell = (flow: Flow) => ({
    flow: spellFlow(flow.box, after),
    witness: spellPacket(flow.witness, after),
    certain: flow.certain,
  });
  const result = {
    opened: comparison.opened.map(spell),
    closed: comparison.closed.map(spell),
    proof: comparison.verdict,
    ...(comparison.reason === undefined ? {} : { reason: comparison.reason }),
  };
  const findings = [
    ...before.notes.map((note) => noteFinding(oldFile, note)),
    ...after.notes.map((note) => noteFinding(newFile, note)),
  ];
  return {
    findings,
    result,
    reasons: findingReasons(findings),
    text: (printer) => {
      printFlows(printer, "opened", result.opened);
      printFlows(printer, "closed", result.closed);
      if (result.opened.length + result.closed.length === 0) printer.line("the same packets pass");
      if (result.proof === "unknown")
        printer.line(printer.style.yellow(`not complete or not certain (${result.reason})`));
      printFindings(printer, findings, () => undefined);
    },
  };
}

function printFlows(
  printer: Printer,
  what: "opened" | "closed",
  flows: readonly { readonly flow: string; readonly witness: string; readonly certain: boolean }[],
): void {
  const { style } = printer;
  for (const { flow, witness, certain } of flows) {
    const word = what === "opened" ? style.red("opened") : style.green("closed");
    printer.line(`${word}  ${flow}${certain ? "" : style.yellow("  (may)")}`);
    printer.line(style.dim(`        for example ${witness}`));
  }
}

function codeLine(lines: readonly string[], line: number | undefined): string | undefined {
  const text = line === undefined ? undefined : lines[line - 1];
  return text === undefined ? undefined : `${String(line).padStart(5)} │ ${text}`;
}
