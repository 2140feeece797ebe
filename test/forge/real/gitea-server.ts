import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "../../../src/lab/real/wait.ts";
import type { ForgePrograms } from "./programs.ts";

const run = promisify(execFile);

/** What a real server answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

const STARTS_WITHIN_MS = 120_000;
/** Who owns the server. */
export const ROOT = "root-of-forge";

/** A real Gitea on 127.0.0.1, with SQLite below a folder of its own. It connects to nothing else: no mail, no mirrors, no
 *  avatars, no checks for updates, nothing periodic. */
export class RealGitea {
  readonly folder: string;
  readonly origin: string;
  readonly #program: ForgePrograms;
  readonly #passwords = new Map<string, string>();
  #child: ChildProcess | undefined;

  private constructor(program: ForgePrograms, port: number) {
    this.#program = program;
    this.folder = mkdtempSync(join(tmpdir(), "sitewright-gitea-"));
    this.origin = `http://127.0.0.1:${port}`;
    mkdirSync(join(this.folder, "home"));
    writeFileSync(this.#config, settings(this.folder, program.files, this.origin, port), { mode: 0o600 });
  }

  static async start(program: ForgePrograms): Promise<RealGitea> {
    const gitea = new RealGitea(program, await freePort());
    try {
      await gitea.cli("migrate");
      gitea.#child = spawn(program.gitea, ["web", "--config", gitea.#config], {
        env: gitea.#environment,
        stdio: "ignore",
      });
      await gitea.#up();
      await gitea.user(ROOT, "--admin");
      return gitea;
    } catch (error) {
      const log = gitea.log();
      await gitea.stop();
      throw new Error(`Gitea did not start:\n${log.slice(-4_000)}`, { cause: error });
    }
  }

  /** Root of its REST API. */
  get api(): string {
    return `${this.origin}/api/v1`;
  }

  /** What the server wrote down. */
  log(): string {
    const path = join(this.folder, "log/gitea.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Runs one of its own commands. */
  async cli(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#program.gitea, [...args, "--config", this.#config], {
      env: this.#environment,
      timeout: STARTS_WITHIN_MS,
    });
    return stdout;
  }

  /** Makes an account, whose commits are known by `NAME@example.net`. */
  async user(name: string, ...flags: readonly string[]): Promise<void> {
    const password = randomBytes(12).toString("hex");
    this.#passwords.set(name, password);
    const who = ["--username", name, "--email", `${name}@example.net`, "--password", password];
    await this.cli("admin", "user", "create", ...who, "--must-change-password=false", ...flags);
  }

  /** Makes a token of somebody, by the API. */
  async token(name: string, ...scopes: readonly string[]): Promise<string> {
    const body = { name: randomBytes(6).toString("hex"), scopes };
    const { status, json } = await this.as(name, "POST", `/users/${name}/tokens`, body);
    const token = (json as { sha1?: string } | undefined)?.sha1;
    if (token === undefined) throw new Error(`no token for ${name} (${status}): ${JSON.stringify(json)}`);
    return token;
  }

  /** Asks the API as an account, by its password. */
  as(name: string, method: string, path: string, body?: object): Promise<Answered> {
    const login = Buffer.from(`${name}:${this.#passwords.get(name) ?? ""}`).toString("base64");
    return this.ask(`Basic ${login}`, method, path, body);
  }

  /** Asks the API as who owns the server. */
  asRoot(method: string, path: string, body?: object): Promise<Answered> {
    return this.as(ROOT, method, path, body);
  }

  async ask(authorization: string, method: string, path: string, body?: object): Promise<Answered> {
    const response = await fetch(`${this.api}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === "" ? undefined : parsed(text),
    };
  }

  /** Asks for a branch to be merged into main; Gitea knows a branch a moment after its push.
   *  @returns the request's number */
  openRequest(name: string, repository: string, branch: string): Promise<number> {
    return waitFor(`a request of ${branch}`, async () => {
      const body = { head: branch, base: "main", title: branch };
      const { json } = await this.as(name, "POST", `/repos/${repository}/pulls`, body);
      return (json as { number?: number } | undefined)?.number;
    });
  }

  /** Where git pushes to as an account. */
  remote(name: string, repository: string): string {
    const url = new URL(`${this.origin}/${repository}.git`);
    url.username = name;
    url.password = this.#passwords.get(name) ?? "";
    return url.href;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #config(): string {
    return join(this.folder, "app.ini");
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: join(this.folder, "home"),
      USER: userInfo().username,
      GITEA_WORK_DIR: this.folder,
      GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: "true",
    };
  }

  async #up(): Promise<void> {
    await waitFor(
      "Gitea's API",
      async () => {
        if (this.#child?.exitCode !== null) throw new Error(`it ended with ${this.#child?.exitCode}`);
        const answer = await fetch(`${this.api}/version`).catch(() => undefined);
        return answer?.ok === true ? answer : undefined;
      },
      { timeoutMs: STARTS_WITHIN_MS, everyMs: 50 },
    );
  }
}

function settings(folder: string, files: string, origin: string, port: number): string {
  const sections = {
    server: {
      PROTOCOL: "http",
      HTTP_ADDR: "127.0.0.1",
      HTTP_PORT: port,
      ROOT_URL: `${origin}/`,
      LOCAL_ROOT_URL: `${origin}/`,
      STATIC_ROOT_PATH: files,
      OFFLINE_MODE: true,
      DISABLE_SSH: true,
      LFS_START_SERVER: false,
    },
    database: { DB_TYPE: "sqlite3", PATH: join(folder, "gitea.db"), SQLITE_JOURNAL_MODE: "WAL" },
    security: {
      INSTALL_LOCK: true,
      SECRET_KEY: randomBytes(32).toString("hex"),
      PASSWORD_HASH_ALGO: "pbkdf2_v1",
      MIN_PASSWORD_LENGTH: 8,
    },
    oauth2: { ENABLED: false },
    service: { DISABLE_REGISTRATION: true, ENABLE_NOTIFY_MAIL: false },
    mailer: { ENABLED: false },
    mirror: { ENABLED: false },
    packages: { ENABLED: false },
    cron: { ENABLED: false, RUN_AT_START: false },
    "cron.update_checker": { ENABLED: false },
    indexer: { ISSUE_INDEXER_TYPE: "db" },
    actions: { ENABLED: true, DEFAULT_ACTIONS_URL: "self" },
    repository: { ROOT: join(folder, "repositories"), DEFAULT_BRANCH: "main" },
    log: { MODE: "file", LEVEL: "Info", ROOT_PATH: join(folder, "log") },
  };
  const head = `APP_NAME = forge\nRUN_MODE = prod\nRUN_USER = ${userInfo().username}\nWORK_PATH = ${folder}\n`;
  const text = Object.entries(sections).map(
    ([name, values]) =>
      `[${name}]\n${Object.entries(values)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join("")}`,
  );
  return `${head}${text.join("")}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
