import { AUDIT_TABLES } from "../audit/sql-audit.ts";
import type { SecretResolver } from "../secrets.ts";
import type { SharedAddress } from "./sql/address.ts";
import type { SqlDatabase } from "./sql/sql.ts";
import { prepareTables, type TableSet } from "./sql/tables.ts";
import type { Database } from "./sql-shelf.ts";

/** Tables of what pushes leave. A table that is only added keeps the version. */
const TABLES: TableSet = {
  name: "stores",
  version: 1,
  tables: [
    `CREATE TABLE IF NOT EXISTS store_lines (
       seq BIGSERIAL PRIMARY KEY, log TEXT NOT NULL, item TEXT NOT NULL, opens INTEGER NOT NULL,
       document TEXT NOT NULL)`,
    "CREATE INDEX IF NOT EXISTS store_lines_of_item ON store_lines (log, item, seq)",
    "CREATE INDEX IF NOT EXISTS store_openings ON store_lines (log, item, seq) WHERE opens = 1",
    `CREATE TABLE IF NOT EXISTS store_bytes (
       shelf TEXT NOT NULL, name TEXT NOT NULL, data BYTEA NOT NULL, PRIMARY KEY (shelf, name))`,
    `CREATE TABLE IF NOT EXISTS store_damaged (
       seq BIGSERIAL PRIMARY KEY, shelf TEXT NOT NULL, name TEXT NOT NULL, data BYTEA NOT NULL)`,
    "CREATE TABLE IF NOT EXISTS store_locks (name TEXT PRIMARY KEY, token TEXT NOT NULL, document TEXT NOT NULL)",
    ...AUDIT_TABLES,
  ],
};

/** A database that is opened when it is first asked, and again where that failed. */
export interface SharedDatabase extends Database {
  /** What it is, for people; never with a password. @throws StoreError where it does not answer */
  check(): Promise<string>;
  /** Gives the connections back; otherwise they go when the process ends. */
  close(): Promise<void>;
}

/** The database that several machines share.
 *  @param onOpen - does what is to be done before anything is asked of it */
export function sharedDatabase(
  address: SharedAddress,
  secrets: Pick<SecretResolver, "resolve">,
  onOpen: (database: SqlDatabase) => Promise<void>,
): SharedDatabase {
  let opened: Promise<SqlDatabase> | undefined;
  const open = (): Promise<SqlDatabase> => {
    opened ??= openPrepared(address, secrets, onOpen).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    run: async (statement, parameters) => (await open()).run(statement, parameters),
    transaction: async (work) => (await open()).transaction(work),
    async check() {
      const database = await open();
      await database.run("SELECT 1 AS here FROM store_locks LIMIT 1");
      return database.place;
    },
    async close() {
      await (await opened)?.close();
      opened = undefined;
    },
  };
}

async function openPrepared(
  address: SharedAddress,
  secrets: Pick<SecretResolver, "resolve">,
  onOpen: (database: SqlDatabase) => Promise<void>,
): Promise<SqlDatabase> {
  // Only those who share a database load its client.
  const { openPostgres } = await import("./sql/postgres.ts");
  const database = openPostgres(await address.reveal(secrets));
  try {
    await prepareTables(database, TABLES);
    await onOpen(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
