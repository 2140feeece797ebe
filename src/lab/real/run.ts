import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/** What a finished command left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command; the limit is never left out, because a lab must not hang its caller. */
export interface RunOptions {
  readonly input?: string;
  /** Milliseconds until SIGKILL (default 20_000). */
  readonly timeoutMs?: number;
  /** Lets the command finish although its caller is killed (default: it is killed with him, so that no half-done
   *  script goes on working beside the next run). */
  readonly outlivesCaller?: boolean;
}

/** A command of the lab that failed, with its own words as fields. */
export class LabCommandError extends Error {
  readonly command: readonly string[];
  readonly result: CommandResult;
  constructor(command: readonly string[], result: CommandResult) {
    const said = result.stderr.trim() || result.stdout.trim() || "no output";
    super(`${command.slice(0, 4).join(" ")} ended with ${result.exitCode}: ${said}`);
    this.name = "LabCommandError";
    this.command = command;
    this.result = result;
  }
}

/** Environment of every command: nothing of the caller's own, so that no secret of his reaches a device. */
const CLEAN_ENVIRONMENT = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  HOME: "/",
} as const;

const WITH_CALLER = ["setpriv", "--pdeathsig", "KILL", "--"] as const;

const KILLED_EXIT_CODE = 137;

/** Runs a command to its end and gives what it printed, whatever its exit code.
 *  @throws Error when the program cannot be started at all */
export function runUnchecked(
  command: readonly string[],
  { input = "", timeoutMs = 20_000, outlivesCaller = false }: RunOptions = {},
): Promise<CommandResult> {
  const [program = "", ...args] = outlivesCaller ? command : [...WITH_CALLER, ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: CLEAN_ENVIRONMENT, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
      // A grandchild may hold the pipes open: do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (cause) => {
      clearTimeout(timer);
      reject(new Error(`cannot start ${program}`, { cause }));
    });
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      const note = timedOut ? `\nstopped after ${timeoutMs} ms` : "";
      resolve({
        exitCode: timedOut ? KILLED_EXIT_CODE : (exitCode ?? KILLED_EXIT_CODE),
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8") + note,
      });
    });
    // A program that ends without reading its input is no error of ours: its exit code says what it is.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Runs a command that must succeed.
 *  @throws LabCommandError with exit code and both outputs */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const result = await runUnchecked(command, options);
  if (result.exitCode !== 0) throw new LabCommandError(command, result);
  return result;
}

/** Runs a shell script that stops at its first failing line. */
export function runScript(script: string, options: Omit<RunOptions, "input"> = {}): Promise<CommandResult> {
  return run(["/bin/sh", "-e"], { ...options, input: script });
}

/** Starts a process that outlives its caller; its output goes to a log file.
 *  @returns its pid */
export function startDetached(command: readonly string[], logPath: string): number {
  const [program = "", ...args] = command;
  const log = openSync(logPath, "a", 0o600);
  const child = spawn(program, args, {
    cwd: "/",
    detached: true,
    env: CLEAN_ENVIRONMENT,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  // The caller notices by a bounded wait for what the process should bring about.
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error(`cannot start ${program}`);
  return child.pid;
}

/** Quotes a word for /bin/sh. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
