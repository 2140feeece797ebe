import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "bin/sitewright.js");

/** A real git repository that holds the sample clients, for one test. */
export interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Starts a branch at main, lets a change be made and commits it. */
  branch(name: string, change: () => void): void;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  remove(): void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a repository with one commit on main. */
export function makeRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-preview-"));
  for (const name of ["inventory", "policies"])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, ".gitignore"), ".sitewright/\n");
  const git = (...args: readonly string[]): string =>
    execFileSync("git", [...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  git("init", "-q", "-b", "main");
  git("config", "user.email", "test@example.net");
  git("config", "user.name", "test");
  git("add", "-A");
  git("commit", "-q", "-m", "base");
  return {
    folder,
    git,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    branch(name, change) {
      git("checkout", "-q", "-b", name, "main");
      change();
      git("add", "-A", "-f", ".");
      git("commit", "-q", "-m", name);
    },
    run: (args, env = {}) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          [BIN, ...args],
          { cwd: folder, env: { ...process.env, NO_COLOR: "1", ...env }, maxBuffer: 1 << 27 },
          (error, stdout, stderr) =>
            resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
        );
      }),
    remove: () => {
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}
