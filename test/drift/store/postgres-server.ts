import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A PostgreSQL of this test alone: temporary data, a unix socket, no port. */
export interface PostgresServer {
  readonly url: string;
  /** Makes an empty database. @returns its address */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** The one user who is asked for a password. */
export const GUARDED = "guarded";

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
  writeFileSync(join(data, "pg_hba.conf"), `local all ${GUARDED} scram-sha-256\nlocal all all trust\n`);
  const server = spawn(
    join(BINARIES, "postgres"),
    ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"],
    { ...as, cwd: folder, stdio: "ignore" },
  );
  await answers(folder, server);
  const url = `postgres://sitewright@/postgres?host=${encodeURIComponent(folder)}`;
  let databases = 0;
  return {
    url,
    async freshDatabase() {
      databases += 1;
      const name = `fresh${databases}`;
      await sql(url, `CREATE DATABASE ${name}`);
      return url.replace("/postgres?", `/${name}?`);
    },
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement past our own code, as a person would with psql. */
export async function sql(url: string, statement: string, parameters: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(statement, [...parameters]);
    return rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
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
