import pg from "pg";
import { type SqlDatabase, type SqlRow, type SqlSession, type SqlValue, StoreError } from "./sql.ts";

/** Key of the advisory lock that keeps our transactions one after the other. */
const TRANSACTIONS = 0x51_7e_77;
const CONNECT_MS = 15_000;
const STATEMENT_MS = 60_000;

/** PostgreSQL, with locks that end with their holder. */
export interface PostgresDatabase extends SqlDatabase {
  /** Takes a lock that ends with its connection; undefined where another holds it. */
  tryLock(name: string): Promise<(() => Promise<void>) | undefined>;
}

/** Opens a pool; nothing is dialled before the first statement.
 *  @param url - `postgres://user:password@host/database`; it is never part of a message */
export function openPostgres(url: string): PostgresDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: "sitewright",
  });
  // A server that goes away ends idle connections: the next statement says so, not this event.
  pool.on("error", () => {});
  const place = placeOf(url);
  const connect = (): Promise<pg.PoolClient> => pool.connect().catch((error) => unreachable(place, error));
  return {
    place,
    async run(statement, parameters) {
      const client = await connect();
      try {
        return await sessionOf(client).run(statement, parameters);
      } finally {
        client.release();
      }
    },
    async transaction(work) {
      const client = await connect();
      try {
        await client.query("BEGIN");
        await client.query("SELECT pg_advisory_xact_lock($1)", [TRANSACTIONS]);
        const result = await work(sessionOf(client));
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        // A connection in doubt is not used again; its end undoes the transaction.
        client.release(true);
        throw error;
      }
    },
    async tryLock(name) {
      const client = await connect();
      const { rows } = await client.query(
        "SELECT pg_try_advisory_lock(hashtext($1), hashtext(reverse($1))) AS got",
        [name],
      );
      if (rows[0]?.got !== true) {
        client.release();
        return undefined;
      }
      return async () => {
        // Ending the connection alone would free it too, but only once the server notices.
        const unlock = "SELECT pg_advisory_unlock(hashtext($1), hashtext(reverse($1)))";
        await client.query(unlock, [name]).then(
          () => client.release(),
          () => client.release(true),
        );
      };
    },
    close: () => pool.end(),
  };
}

function sessionOf(client: pg.PoolClient): SqlSession {
  return {
    async run(statement: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
      const { rows } = await client.query(numbered(statement), [...parameters]);
      return rows as SqlRow[];
    },
  };
}

/** `?` to `$1`, `$2`, …; our statements hold no `?` in a literal. */
function numbered(statement: string): string {
  let count = 0;
  return statement.replaceAll("?", () => {
    count += 1;
    return `$${count}`;
  });
}

/** Names the database without login or password. */
function placeOf(url: string): string {
  try {
    const { host, database } = new pg.Client({ connectionString: url });
    return `PostgreSQL ${host}/${database ?? ""}`;
  } catch {
    // The parser's own error quotes the address, password included: it is left out on purpose.
    throw new StoreError(
      "SITEWRIGHT_STORE_URL cannot be read as an address",
      "write postgres://user:password@host/database, special characters as %40",
    );
  }
}

function unreachable(place: string, error: unknown): never {
  const code = (error as { readonly code?: string }).code ?? "no answer";
  throw new StoreError(
    `${place} cannot be reached (${code})`,
    "check SITEWRIGHT_STORE_URL and the server",
    error,
  );
}
