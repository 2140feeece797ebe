import { join } from "node:path";
import type { SecretResolver } from "../../deploy/secrets.ts";
import type { LockStore } from "../../deploy/stores/types.ts";
import { parseSecretRef } from "../../model/secret.ts";
import { databaseLock, fileLock, type NightStore, nightStore } from "./night-store.ts";
import { openPostgres } from "./postgres.ts";
import { prepareTables } from "./schema.ts";
import { StoreError } from "./sql.ts";
import { openSqlite } from "./sqlite.ts";

/** What the store is opened with. */
export interface StoreOptions {
  /** The workspace's private folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Pick<SecretResolver, "resolve">;
  readonly locks: LockStore;
  readonly now: () => Date;
}

/** Opens the night job's store: PostgreSQL where `SITEWRIGHT_STORE_URL` names it (an address, or a reference such as
 *  `file:/run/secrets/store@1`), else a SQLite file of this workspace. */
export async function openNightStore(options: StoreOptions): Promise<NightStore> {
  const given = options.environment.SITEWRIGHT_STORE_URL?.trim();
  if (given === undefined || given === "") {
    const { database, keptAside } = openSqlite(join(options.folder, "night.sqlite"), options.now());
    await prepareTables(database);
    return nightStore(database, fileLock(options.locks), keptAside);
  }
  const reference = parseSecretRef(given);
  const url = reference ? (await options.secrets.resolve(reference)).reveal() : given;
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new StoreError(
      "SITEWRIGHT_STORE_URL is no address of a PostgreSQL database",
      "write postgres://user:password@host/database, or a reference such as file:/run/secrets/store@1",
    );
  }
  const database = openPostgres(url);
  try {
    await prepareTables(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return nightStore(database, databaseLock(database), undefined);
}
