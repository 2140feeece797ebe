import { spawn } from "node:child_process";

/** What a git command answered. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The most that one answer of git may hold, bytes: a fleet's whole tree stays far below it. */
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;
const MAX_ERROR_CHARACTERS = 4_000;

/** Git never fetches, asks, locks, runs a hook or watches files for us: we only read what is there. */
const QUIET_GIT: Readonly<Record<string, string>> = {
  GIT_NO_LAZY_FETCH: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_EXTERNAL_DIFF: "",
  LC_ALL: "C",
};
const SAFE_OPTIONS = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-pager"];

/** Runs git in a folder without a shell. Exit codes are answers; it throws only where git cannot be started or
 *  answers beyond all bounds.
 *  @param input - bytes for its standard input */
export function runGit(folder: string, args: readonly string[], input = ""): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...SAFE_OPTIONS, ...args], {
      cwd: folder,
      env: { ...process.env, ...QUIET_GIT },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
      else child.kill();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_ERROR_CHARACTERS) stderr += chunk.toString("utf8");
    });
    child.on("error", (cause) => reject(new Error("git cannot be started", { cause })));
    child.on("close", (code) => {
      if (size > MAX_ANSWER_BYTES) reject(new Error(`git ${args[0] ?? ""} answered more than 512 MB`));
      else resolve({ code: code ?? 128, stdout: Buffer.concat(chunks), stderr });
    });
    // Whoever ends early closes the pipe; its exit code tells why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
