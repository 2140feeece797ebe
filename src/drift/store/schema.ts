import { type SqlDatabase, StoreError, textOf } from "./sql.ts";

/** Version of the tables below. */
const VERSION = "1";

const TABLES = [
  "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
  `CREATE TABLE IF NOT EXISTS incidents (
     id TEXT PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, asset TEXT NOT NULL, state TEXT NOT NULL,
     priority TEXT NOT NULL, document TEXT NOT NULL)`,
  "CREATE INDEX IF NOT EXISTS incidents_of_site ON incidents (site, state)",
  `CREATE TABLE IF NOT EXISTS outbox (
     id TEXT PRIMARY KEY, target TEXT NOT NULL, site TEXT NOT NULL, incident TEXT NOT NULL, notice TEXT NOT NULL,
     created DOUBLE PRECISION NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL, message TEXT,
     attempts INTEGER NOT NULL, doubts INTEGER NOT NULL, not_before DOUBLE PRECISION NOT NULL,
     lease DOUBLE PRECISION NOT NULL, error TEXT, sent DOUBLE PRECISION)`,
  "CREATE INDEX IF NOT EXISTS outbox_of_target ON outbox (target, state)",
  "CREATE TABLE IF NOT EXISTS sends (robot TEXT NOT NULL, at DOUBLE PRECISION NOT NULL)",
  "CREATE TABLE IF NOT EXISTS holders (name TEXT PRIMARY KEY, document TEXT NOT NULL)",
] as const;

/** Makes the tables where they are missing. @throws StoreError where a newer version made them */
export async function prepareTables(database: SqlDatabase): Promise<void> {
  await database.transaction(async (session) => {
    for (const statement of TABLES) await session.run(statement);
    await session.run("INSERT INTO meta (name, value) VALUES ('version', ?) ON CONFLICT (name) DO NOTHING", [
      VERSION,
    ]);
    const [row] = await session.run("SELECT value FROM meta WHERE name = 'version'");
    const found = row === undefined ? VERSION : textOf(row, "value");
    if (found === VERSION) return;
    throw new StoreError(
      `${database.place} has tables of version ${found}; this Sitewright knows ${VERSION}`,
      "use the newer Sitewright on this machine too",
    );
  });
}
