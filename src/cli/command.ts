import type { Finding } from "../model/finding.ts";
import type { ExitReason } from "./exit.ts";
import type { Printer } from "./print.ts";

/** What every command gets. */
export interface CommandContext {
  /** Root of the workspace, or where the command was started when it needs none. */
  readonly root: string;
  readonly printer: Printer;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly lang: "en" | "zh";
  /** True when a person can answer a question. */
  readonly interactive: boolean;
  /** Answers yes to every question. */
  readonly yes: boolean;
  /** Aborted on SIGINT and SIGTERM: no new push starts, running ones end. */
  readonly signal: AbortSignal;
}

/** What a command hands back; `main` prints it as text or as the JSON envelope and turns reasons into the exit code. */
export interface CommandOutcome {
  readonly findings: readonly Finding[];
  readonly result: unknown;
  readonly reasons: readonly ExitReason[];
  /** Prints the answer for people; findings are printed by the command where they belong. */
  readonly text: (printer: Printer) => void;
  /** Replaces the envelope on stdout, for formats such as a batch of JSON lines. */
  readonly raw?: string;
}

/** Options as commander gives them. */
export type Options = Readonly<Record<string, unknown>>;

/** A command's code, loaded only when it runs. */
export interface CommandModule {
  run(context: CommandContext, args: readonly string[], options: Options): Promise<CommandOutcome>;
}

/** Reasons that findings alone give: an error ends with 1. */
export function findingReasons(findings: readonly Finding[]): ExitReason[] {
  const broken = findings.some((finding) => finding.severity === "error" && finding.waiver === undefined);
  return broken ? [{ code: 1, reason: "findings" }] : [];
}

/** Reads an option that may be absent as text. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Reads a switch. */
export function flag(options: Options, name: string): boolean {
  return options[name] === true;
}
