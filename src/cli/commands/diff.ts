import { createInterface } from "node:readline";
import type { Driver } from "../../drivers/driver.ts";
import { parseAddress } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import type { Change } from "../../planner/config/types.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import {
  openInput,
  platformFindings,
  platformNamed,
  platformOption,
  readConfigFile,
} from "../config-file.ts";
import { UsageError } from "../exit.ts";
import type { Printer } from "../print.ts";
import { printFindings } from "../text/findings.ts";

/** Two configurations to ordered, proved commands, offline; with --batch a whole fleet, line by line. */
export async function run(
  _context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (options.batch !== undefined) return runBatch(textOption(options, "batch") ?? "-", options);
  const [runningFile, intendedFile] = args;
  if (runningFile === undefined || intendedFile === undefined) {
    throw new UsageError("diff wants two files", "sitewright diff --platform iosxe RUNNING INTENDED");
  }
  const driver = platformOption(options);
  const [running, intended] = [await readConfigFile(runningFile), await readConfigFile(intendedFile)];
  const wrong = [
    ...platformFindings(driver, runningFile, running),
    ...platformFindings(driver, intendedFile, intended),
  ];
  if (wrong.length > 0) return refused(wrong);
  const change = diff(driver, running, intended, options);
  const differs = flag(options, "exitCode") && !change.equal;
  return {
    findings: change.findings,
    result: {
      equal: change.equal,
      commands: change.commands,
      rollback: change.rollback,
      ...(flag(options, "explain") ? { steps: change.steps } : {}),
    },
    reasons: [
      ...findingReasons(change.findings),
      ...(differs ? [{ code: 2, reason: "difference" } as const] : []),
    ],
    text: (printer) => {
      printFindings(printer, change.findings, () => undefined);
      printChange(printer, change, flag(options, "explain"));
    },
  };
}

/** A text of another platform would be diffed into nonsense: nothing is answered. */
function refused(findings: readonly Finding[]): CommandOutcome {
  return {
    findings,
    result: { equal: false, commands: [], rollback: [] },
    reasons: findingReasons(findings),
    text: (printer) => printFindings(printer, findings, () => undefined),
  };
}

function diff(driver: Driver, running: string, intended: string, options: Options): Change {
  const management = managementOption(options);
  return driver.change(running, intended, {
    scope: { kind: "full" },
    ...(management === undefined ? {} : { management }),
  });
}

/** @throws UsageError for what is no address */
function managementOption(options: Options): string | undefined {
  const text = textOption(options, "management");
  if (text !== undefined && parseAddress(text) === undefined)
    throw new UsageError(
      `--management ${text} is no address`,
      "give the address that the device is managed from: --management 10.0.99.50",
    );
  return text;
}

function printChange(printer: Printer, change: Change, explain: boolean): void {
  const { style } = printer;
  if (change.equal) {
    printer.line(style.green("equal: nothing needs typing"));
    return;
  }
  if (!explain) for (const command of change.commands) printer.line(command);
  for (const step of explain ? change.steps : []) {
    printer.line(style.dim(`! ${step.reason}`));
    for (const command of step.commands) printer.line(command);
  }
}

interface BatchLine {
  readonly id: unknown;
  readonly platform: string;
  readonly running: string;
  readonly intended: string;
}

/** Answers each line in order and as it is ready; a line that cannot be read is answered with a finding. */
async function runBatch(file: string, options: Options): Promise<CommandOutcome> {
  managementOption(options);
  const input = await openInput(file);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === "") continue;
    const answered = process.stdout.write(`${JSON.stringify(answerLine(line, file, number, options))}\n`);
    if (!answered) await new Promise<void>((resume) => process.stdout.once("drain", () => resume()));
  }
  return { findings: [], result: null, reasons: [], text: () => undefined, raw: "" };
}

function answerLine(line: string, file: string, number: number, options: Options): unknown {
  let id: unknown = null;
  try {
    const request = JSON.parse(line) as BatchLine;
    id = request.id ?? null;
    if (typeof request.running !== "string" || typeof request.intended !== "string") {
      throw new UsageError("running and intended must be text", "give both configurations as strings");
    }
    const { equal, commands, rollback, findings } = diff(
      platformNamed(request.platform),
      request.running,
      request.intended,
      options,
    );
    return { id, equal, commands, rollback, findings };
  } catch (error) {
    const hint =
      error instanceof UsageError ? error.hint : 'a line is {"id","platform","running","intended"}';
    const message = error instanceof Error ? error.message : String(error);
    const finding = {
      code: "DIFF-BATCH-LINE",
      severity: "error",
      message,
      hint,
      where: { file, line: number, column: 1 },
    };
    return { id, equal: false, commands: [], rollback: [], findings: [finding] };
  }
}
