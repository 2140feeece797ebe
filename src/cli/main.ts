import { Command, CommanderError } from "commander";
import { StoreError } from "../deploy/stores/sql/sql.ts";
import type { Finding } from "../model/finding.ts";
import { COMMANDS, type CommandEntry } from "./catalogue.ts";
import type { CommandOutcome, Options } from "./command.ts";
import { type ExitReason, exitCodeOf, UsageError } from "./exit.ts";
import { GLOBAL_FLAGS, GLOBAL_NAMES } from "./global-flags.ts";
import { type HelpWords, helpWords } from "./help-words.ts";
import { LOADERS } from "./loaders.ts";
import { createPrinter, type Printer, wantsColor } from "./print.ts";
import { findWorkspaceRoot } from "./root.ts";
import { readVersion } from "./version.ts";

/** Runs one command line: the only place that turns an outcome into output and an exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram(await helpWords(argv));
  // Whoever reads may stop reading (`| head`): that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 4;
  }
}

function createProgram(words: HelpWords): Command {
  const program = new Command("sitewright")
    .description(words.description)
    .version(readVersion(), "--version", words.said("output the version number"))
    .helpOption("-h, --help", words.said("display help for command"))
    .helpCommand("help [command]", words.said("display help for command"))
    .configureHelp({ showGlobalOptions: true, styleTitle: words.said })
    .exitOverride()
    .showSuggestionAfterError(true);
  for (const [flags, description] of GLOBAL_FLAGS) program.option(flags, words.global(flags, description));
  program.setOptionValueWithSource("lang", process.env.LANG?.startsWith("zh") ? "zh" : "en", "default");
  for (const entry of COMMANDS) addCommand(program, entry, words);
  return program;
}

function addCommand(program: Command, entry: CommandEntry, words: HelpWords): void {
  const command = program
    .command(`${entry.name} ${entry.args}`.trim())
    .description(words.summary(entry))
    .exitOverride();
  for (const [flags, description, fallback] of entry.options) {
    command.option(flags, words.option(entry, flags, description), fallback);
  }
  for (const [flags] of GLOBAL_FLAGS) command.addOption(command.createOption(flags).hideHelp());
  command.addHelpText(
    "after",
    `\n${words.said("Examples:")}\n${entry.examples.map((line) => `  ${line}`).join("\n")}`,
  );
  command.action(async (...parameters: unknown[]) => {
    const args = parameters
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === "string");
    const options: Options = { ...program.opts(), ...definedOnly(command) };
    process.exitCode = await runEntry(entry, args, options);
  });
}

/** Options that were given after the command win over the same ones before it. */
function definedOnly(command: Command): Options {
  const given = Object.entries(command.opts()).filter(
    ([name]) => command.getOptionValueSource(name) === "cli" || !GLOBAL_NAMES.has(name),
  );
  return Object.fromEntries(given);
}

async function runEntry(entry: CommandEntry, args: readonly string[], options: Options): Promise<number> {
  const json = options.json === true;
  const printer = createPrinter({
    json,
    quiet: options.quiet === true,
    color: wantsColor(options.color === false ? false : undefined),
  });
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(130);
    printer.note("interrupted: running pushes end first; again to leave at once");
    abort.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const root = entry.workspace
      ? findWorkspaceRoot(typeof options.C === "string" ? options.C : process.cwd())
      : typeof options.C === "string"
        ? options.C
        : process.cwd();
    const load = LOADERS[entry.name];
    if (load === undefined) throw new Error(`the command ${entry.name} has no code`);
    const module = await load();
    const outcome = await module.run(
      {
        root,
        printer,
        json,
        verbose: options.verbose === true,
        lang: options.lang === "zh" ? "zh" : "en",
        interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
        yes: options.yes === true,
        signal: abort.signal,
      },
      args,
      options,
    );
    const reasons: ExitReason[] = abort.signal.aborted
      ? [...outcome.reasons, { code: 130, reason: "interrupted" }]
      : [...outcome.reasons];
    return finish(entry.name, outcome, reasons, printer, json);
  } catch (error) {
    return fail(entry.name, error, printer, json, options.verbose === true);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function finish(
  name: string,
  outcome: CommandOutcome,
  reasons: readonly ExitReason[],
  printer: Printer,
  json: boolean,
): number {
  const exitCode = exitCodeOf(reasons);
  if (outcome.raw !== undefined) process.stdout.write(outcome.raw);
  else if (json) writeEnvelope(name, exitCode, reasons, outcome.findings, outcome.result);
  else outcome.text(printer);
  return exitCode;
}

function fail(name: string, error: unknown, printer: Printer, json: boolean, verbose: boolean): number {
  const usage = error instanceof UsageError || error instanceof StoreError;
  const message = error instanceof Error ? error.message : String(error);
  const reason: ExitReason = usage
    ? { code: 4, reason: "usage", subject: message }
    : { code: 70, reason: "bug", subject: message };
  if (json) writeEnvelope(name, reason.code, [reason], [], null);
  printer.note(`${printer.style.red("error")} ${message}`);
  if (usage) printer.note(`  ${error.hint}`);
  else if (verbose && error instanceof Error) printer.note(error.stack ?? "");
  else printer.note("  this is a bug in Sitewright: run again with -v and report the trace");
  return reason.code;
}

function writeEnvelope(
  command: string,
  exitCode: number,
  exitReasons: readonly ExitReason[],
  findings: readonly Finding[],
  result: unknown,
): void {
  const envelope = { schemaVersion: 1, command, exitCode, exitReasons, findings, result };
  process.stdout.write(`${JSON.stringify(envelope, null, 2)}\n`);
}
