import { existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type SqlDatabase, type SqlRow, type SqlSession, type SqlValue, StoreError, textOf } from "./sql.ts";

/** How long a statement waits for another process, milliseconds. */
const BUSY_MS = 20_000;
const RETRY_MS = 20;
const NOT_POSSIBLE: ReadonlySet<number> = new Set([1]);
const BUSY: ReadonlySet<number> = new Set([5]);
/** Result codes of a file that is damaged or none of SQLite's (sqlite.org/rescode.html). */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

/** An open file, and where a damaged one before it was put. */
export interface SqliteFile {
  readonly database: SqlDatabase;
  readonly keptAside: string | undefined;
}

/** Opens a SQLite file, made when it is not there. A damaged file is moved aside, not deleted.
 *  @param now - names the file that is moved aside */
export function openSqlite(path: string, now: Date): SqliteFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return { database: overSqlite(openChecked(path), path), keptAside: undefined };
  } catch (error) {
    if (!isDamaged(error)) throw error;
    const aside = moveAside(path, now);
    return { database: overSqlite(openChecked(path), path), keptAside: aside };
  }
}

/** Opens a file that is there, to read only. @throws StoreError where it cannot be read */
export function readSqlite(path: string): SqlDatabase {
  try {
    return overSqlite(openChecked(path, true), path);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const why = isDamaged(error) ? "is damaged" : "cannot be read";
    throw new StoreError(`${basename(path)} ${why}`, "type: sitewright doctor", error);
  }
}

function openChecked(path: string, readOnly = false): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const database = new Database(path, { readOnly });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA synchronous = FULL`);
    const [row] = database.prepare("PRAGMA quick_check(1)").all();
    const verdict = row === undefined ? "nothing" : Object.values(row)[0];
    if (verdict !== "ok") throw Object.assign(new Error(`quick_check: ${String(verdict)}`), { errcode: 11 });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Node has SQLite of its own; it warns that this is experimental, which is not for our users to read. */
function loadSqlite(): typeof import("node:sqlite") {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    const sqlite = process.getBuiltinModule("node:sqlite");
    if (sqlite !== undefined) return sqlite;
  } finally {
    process.emitWarning = emit;
  }
  throw new StoreError(
    `this Node (${process.versions.node}) was started without SQLite`,
    "use Node 22.13 or newer, or start it with --experimental-sqlite in NODE_OPTIONS",
  );
}

/** Waits for another writer without holding this process up: the writer may be one of its own. */
async function beginAlone(database: DatabaseSync): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    database.exec("PRAGMA busy_timeout = 0");
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (!hasCode(error, BUSY) || waitedMs >= BUSY_MS) throw error;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
    await sleep(RETRY_MS);
  }
}

/** SQLite has ended the transaction itself after some failures, and Node 22.12 cannot be asked whether it did. */
function undo(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch (error) {
    if (!hasCode(error, NOT_POSSIBLE)) throw error;
  }
}

function isDamaged(error: unknown): boolean {
  return hasCode(error, DAMAGED);
}

function hasCode(error: unknown, codes: ReadonlySet<number>): boolean {
  const code = (error as { readonly errcode?: unknown }).errcode;
  return typeof code === "number" && codes.has(code & 0xff);
}

function moveAside(path: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[:.]/g, "-");
  for (const ending of ["-journal", "-wal", "-shm", ""]) {
    if (existsSync(path + ending)) renameSync(path + ending, `${path}.damaged-${stamp}${ending}`);
  }
  return `${path}.damaged-${stamp}`;
}

function overSqlite(database: DatabaseSync, path: string): SqlDatabase {
  const session: SqlSession = {
    async run(statement: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
      return database.prepare(statement).all(...parameters) as unknown as SqlRow[];
    },
  };
  // One connection has one transaction at a time: whoever comes next waits for the one before.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    place: basename(path),
    run: (statement, parameters) => inTurn(() => session.run(statement, parameters)),
    transaction: (work) =>
      inTurn(async () => {
        await beginAlone(database);
        try {
          const result = await work(session);
          database.exec("COMMIT");
          return result;
        } catch (error) {
          undo(database);
          throw error;
        }
      }),
    async tables() {
      const rows = await this.run("SELECT name FROM sqlite_master WHERE type = 'table'");
      return new Set(rows.map((row) => textOf(row, "name")));
    },
    close: () => inTurn(async () => database.close()),
  };
}
