import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { RealGitea } from "./gitea-server.ts";

const run = promisify(execFile);

/** Gitea's own runner, which runs the steps of jobs as processes of this machine, below a folder of its own. */
export class RealRunner {
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#child = child;
  }

  /** @param path - what jobs find their programs by */
  static async start(program: string, gitea: RealGitea, path: string): Promise<RealRunner> {
    const folder = mkdtempSync(join(tmpdir(), "sitewright-runner-"));
    const home = join(folder, "home");
    mkdirSync(home);
    const config = join(folder, "config.yaml");
    writeFileSync(
      config,
      stringify({
        runner: {
          file: join(folder, "runner.json"),
          capacity: 1,
          fetch_interval: "1s",
          fetch_interval_max: "1s",
        },
        cache: { enabled: false },
        host: { workdir_parent: join(folder, "work") },
      }),
    );
    const env = { PATH: path, HOME: home, NO_COLOR: "1" };
    const { json } = await gitea.asRoot("POST", "/admin/actions/runners/registration-token");
    const token = (json as { token?: string } | undefined)?.token ?? "";
    const who = [
      "--instance",
      gitea.origin,
      "--token",
      token,
      "--name",
      "here",
      "--labels",
      "ubuntu-latest:host",
    ];
    await run(program, ["register", "--no-interactive", "--config", config, ...who], { cwd: folder, env });
    const child = spawn(program, ["daemon", "--config", config], { cwd: folder, env, stdio: "ignore" });
    return new RealRunner(folder, child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
