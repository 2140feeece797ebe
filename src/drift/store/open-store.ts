import { join } from "node:path";
import type { SecretResolver } from "../../deploy/secrets.ts";
import { sharedAddress } from "../../deploy/stores/sql/address.ts";
import { openPostgres } from "../../deploy/stores/sql/postgres.ts";
import { openSqlite } from "../../deploy/stores/sql/sqlite.ts";
import { prepareTables } from "../../deploy/stores/sql/tables.ts";
import type { LockStore } from "../../deploy/stores/types.ts";
import { databaseLock, fileLock, type NightStore, nightStore } from "./night-store.ts";
import { NIGHT_TABLES } from "./schema.ts";

/** What the store is opened with. */
export interface StoreOptions {
  /** The workspace's private folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Pick<SecretResolver, "resolve">;
  readonly locks: LockStore;
  readonly now: () => Date;
}

/** Opens the night job's store: PostgreSQL where `SITEWRIGHT_STORE_URL` names it, else a SQLite file of this workspace. */
export async function openNightStore(options: StoreOptions): Promise<NightStore> {
  const address = sharedAddress(options.environment);
  if (address === undefined) {
    const { database, keptAside } = openSqlite(join(options.folder, "night.sqlite"), options.now());
    await prepareTables(database, NIGHT_TABLES);
    return nightStore(database, fileLock(options.locks), keptAside);
  }
  const database = openPostgres(await address.reveal(options.secrets));
  try {
    await prepareTables(database, NIGHT_TABLES);
  } catch (error) {
    await database.close();
    throw error;
  }
  return nightStore(database, databaseLock(database), undefined);
}
