import type { Bytes, Log, Since } from "./shelf.ts";
import { bytesOf, type SqlDatabase, type SqlRow, textOf } from "./sql/sql.ts";

/** A database that is opened when it is first asked. */
export type Database = Pick<SqlDatabase, "run" | "transaction">;

const OPENINGS = "SELECT item, max(seq) AS seq FROM store_lines WHERE log = ? AND opens = 1 GROUP BY item";
const LINES = {
  start: "SELECT l.item, l.document FROM store_lines l WHERE l.log = ?",
  opening: `SELECT l.item, l.document FROM store_lines l
    JOIN (${OPENINGS}) o ON o.item = l.item AND l.seq >= o.seq WHERE l.log = ?`,
} as const;

/** A log as rows of one table. @param log - name of the log: `receipts` */
export function sqlLog<T>(database: Database, log: string): Log<T> {
  const rowsOf = (since: Since, item?: string) => {
    const logs = since === "opening" ? [log, log] : [log];
    const [only, items] = item === undefined ? ["", []] : [" AND l.item = ?", [item]];
    return database.run(`${LINES[since]}${only} ORDER BY l.seq`, [...logs, ...items]);
  };
  const read = async (since: Since, item?: string): Promise<readonly (readonly [string, T])[]> => {
    const lines = (await rowsOf(since, item)).map((row) => [textOf(row, "item"), lineOf<T>(row)] as const);
    // Nobody knows what a damaged line opened: then all that came before counts too, as it does in a file.
    if (since === "opening" && lines.some(([, line]) => line === undefined)) return read("start", item);
    return lines.flatMap(([name, line]) => (line === undefined ? [] : [[name, line] as const]));
  };
  return {
    async append(item, line, opens) {
      await database.run("INSERT INTO store_lines (log, item, opens, document) VALUES (?, ?, ?, ?)", [
        log,
        item,
        opens ? 1 : 0,
        JSON.stringify(line),
      ]);
    },
    read: async (item, since) => (await read(since, item)).map(([, line]) => line),
    async readAll(since) {
      const groups = Map.groupBy(await read(since), ([item]) => item);
      const names = [...groups.keys()].sort();
      return new Map(names.map((name) => [name, (groups.get(name) ?? []).map(([, line]) => line)]));
    },
    async damaged() {
      const rows = await database.run(
        "SELECT CAST(seq AS TEXT) AS seq, item, document FROM store_lines WHERE log = ? ORDER BY store_lines.seq",
        [log],
      );
      return rows
        .filter((row) => lineOf(row) === undefined)
        .map((row) => `${log} of ${textOf(row, "item")}, row ${textOf(row, "seq")} of store_lines`);
    },
  };
}

/** Bytes as rows of one table. @param shelf - name of the shelf: `plans` */
export function sqlBytes(database: Database, shelf: string): Bytes {
  return {
    async has(name) {
      const rows = await database.run("SELECT 1 AS here FROM store_bytes WHERE shelf = ? AND name = ?", [
        shelf,
        name,
      ]);
      return rows.length > 0;
    },
    async read(name) {
      const [row] = await database.run("SELECT data FROM store_bytes WHERE shelf = ? AND name = ?", [
        shelf,
        name,
      ]);
      return row === undefined ? undefined : bytesOf(row, "data");
    },
    async write(name, data) {
      const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
      await database.run(
        "INSERT INTO store_bytes (shelf, name, data) VALUES (?, ?, ?) ON CONFLICT (shelf, name) DO UPDATE SET data = excluded.data",
        [shelf, name, bytes],
      );
    },
    async remove(name) {
      await database.run("DELETE FROM store_bytes WHERE shelf = ? AND name = ?", [shelf, name]);
    },
    async setAside(name) {
      const seq = await database.transaction(async (session) => {
        const [row] = await session.run(
          `INSERT INTO store_damaged (shelf, name, data) SELECT shelf, name, data FROM store_bytes
           WHERE shelf = ? AND name = ? RETURNING CAST(seq AS TEXT) AS seq`,
          [shelf, name],
        );
        await session.run("DELETE FROM store_bytes WHERE shelf = ? AND name = ?", [shelf, name]);
        return row === undefined ? "0" : textOf(row, "seq");
      });
      return {
        what: `${shelf} ${name} in the database`,
        aside: `row ${seq} of store_damaged`,
        remedy: "Restore that row of store_bytes from your backup of the database",
      };
    },
  };
}

function lineOf<T>(row: SqlRow): T | undefined {
  try {
    return JSON.parse(textOf(row, "document")) as T;
  } catch {
    return undefined;
  }
}
