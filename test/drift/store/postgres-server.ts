import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A PostgreSQL of this test alone: temporary data, a unix socket, no port. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const BINARIES = binaries();

/** Whether PostgreSQL is installed here. CI has it: there its lack is an error, not a reason to skip. */
export const HAS_POSTGRES = BINARIES !== undefined || process.env.CI !== undefined;

export async function startPostgres(): Promise<PostgresServer> {
  if (BINARIES === undefined) throw new Error("PostgreSQL is not installed: apt-get install postgresql");
  const folder = mkdtempSync(join(tmpdir(), "sw-pg-"));
  const owner = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const as = owner ?? {};
  execFileSync(
    join(BINARIES, "initdb"),
    ["-D", data, "-U", "sitewright", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...as, cwd: folder, stdio: "ignore" },
  );
  const server = spawn(
    join(BINARIES, "postgres"),
    ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"],
    { ...as, cwd: folder, stdio: "ignore" },
  );
  await answers(folder, server);
  return {
    url: `postgres://sitewright@/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(folder: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    try {
      execFileSync(join(BINARIES ?? "", "pg_isready"), ["-h", folder, "-U", "sitewright"], {
        stdio: "ignore",
      });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error("postgres does not answer");
}

function postgresUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function binaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(root, version, "bin"))
    .find((folder) => existsSync(join(folder, "postgres")));
}
