import pg from "pg";
import { type SqlDatabase, type SqlRow, type SqlSession, type SqlValue, StoreError, textOf } from "./sql.ts";

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
    // A command ends when its work does, not when the last idle connection has been given up.
    allowExitOnIdle: true,
  });
  // A server that goes away ends connections: the statement that wants one says so, not these events.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const place = placeOf(url);
  const tables =
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()";
  const connect = (): Promise<pg.PoolClient> => pool.connect().catch((error) => unreachable(place, error));
  return {
    place,
    async run(statement, parameters) {
      const client = await connect();
      try {
        const rows = await sessionOf(client, place).run(statement, parameters);
        client.release();
        return rows;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    async transaction(work) {
      const client = await connect();
      const session = sessionOf(client, place);
      try {
        await session.run("BEGIN");
        await session.run("SELECT pg_advisory_xact_lock(?)", [TRANSACTIONS]);
        const result = await work(session);
        await session.run("COMMIT");
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
      const { rows } = await client
        .query("SELECT pg_try_advisory_lock(hashtext($1), hashtext(reverse($1))) AS got", [name])
        .catch((error) => failed(place, error));
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
    async tables() {
      return new Set((await this.run(tables)).map((row) => textOf(row, "name")));
    },
    close: () => pool.end(),
  };
}

function sessionOf(client: pg.PoolClient, place: string): SqlSession {
  return {
    async run(statement: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
      const { rows } = await client
        .query(numbered(statement), [...parameters])
        .catch((error) => failed(place, error));
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
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === "28P01" || code === "28000" || message?.startsWith("SASL") === true) {
    const hint = "check user and password in SITEWRIGHT_STORE_URL, and pg_hba.conf of the server";
    throw new StoreError(`${place} refuses the login (${code ?? "password"})`, hint, error);
  }
  if (code === "53300") {
    const hint = "raise max_connections of the server, or run fewer jobs at once";
    throw new StoreError(`${place} has no connection left (53300)`, hint, error);
  }
  if (code === "3D000") {
    throw new StoreError(`${place} does not exist (3D000)`, "make it: createdb NAME", error);
  }
  throw new StoreError(
    `${place} cannot be reached (${code ?? "no answer"})`,
    "check SITEWRIGHT_STORE_URL and the server",
    error,
  );
}

/** A statement that failed; the server's words hold no password, for none is part of a statement. */
function failed(place: string, error: unknown): never {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === "42501") {
    const hint = "give its user the right: GRANT CREATE, USAGE ON SCHEMA public TO …";
    throw new StoreError(`${place} does not let us: ${message}`, hint, error);
  }
  const why = message ?? "no answer";
  throw new StoreError(
    `${place} failed: ${why}${code ? ` (${code})` : ""}`,
    "check the server and its log",
    error,
  );
}
