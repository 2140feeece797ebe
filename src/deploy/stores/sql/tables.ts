import { type SqlDatabase, StoreError, textOf } from "./sql.ts";

/** Tables that belong together, and their version. */
export interface TableSet {
  /** Name of the version in `meta`. */
  readonly name: string;
  readonly version: number;
  readonly tables: readonly string[];
}

const META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)";

/** Makes the tables where they are missing. @throws StoreError where another version made them */
export async function prepareTables(database: SqlDatabase, set: TableSet): Promise<void> {
  await database.transaction(async (session) => {
    await session.run(META);
    const versions = "SELECT value FROM meta WHERE name = ?";
    const [row] = await session.run(versions, [set.name]);
    if (row !== undefined && textOf(row, "value") !== String(set.version)) {
      throw otherVersion(database.place, textOf(row, "value"), set.version);
    }
    for (const statement of set.tables) await session.run(statement);
    if (row !== undefined) return;
    await session.run("INSERT INTO meta (name, value) VALUES (?, ?)", [set.name, String(set.version)]);
  });
}

function otherVersion(place: string, found: string, known: number): StoreError {
  const hint =
    Number(found) < known
      ? "go on with the older Sitewright, or name an empty database"
      : "use the newer Sitewright on this machine too";
  return new StoreError(`${place} has tables of version ${found}; this Sitewright knows ${known}`, hint);
}
