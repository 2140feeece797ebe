import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SecretResolver } from "../../deploy/secrets.ts";
import { type SharedAddress, sharedAddress } from "../../deploy/stores/sql/address.ts";
import type { PostgresDatabase } from "../../deploy/stores/sql/postgres.ts";
import { openSqlite, readSqlite } from "../../deploy/stores/sql/sqlite.ts";
import { prepareTables } from "../../deploy/stores/sql/tables.ts";
import type { LockStore } from "../../deploy/stores/types.ts";
import type { CleanReadings } from "./clean-readings.ts";
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
  const database = await openShared(address, options);
  try {
    await prepareTables(database, NIGHT_TABLES);
  } catch (error) {
    await database.close();
    throw error;
  }
  return nightStore(database, databaseLock(database), undefined);
}

/** Only those who share a database load its client. */
async function openShared(
  address: SharedAddress,
  { secrets }: Pick<StoreOptions, "secrets">,
): Promise<PostgresDatabase> {
  const { openPostgres } = await import("../../deploy/stores/sql/postgres.ts");
  return openPostgres(await address.reveal(secrets));
}

/** What somebody who only looks may ask of the store. */
export type NightMemory = Pick<NightStore, "incidents" | "lastClean" | "close">;

/** Opens the store for somebody who only looks: nothing is made, moved aside or written.
 *  @returns undefined where there is none yet
 *  @throws StoreError where it cannot be read */
export async function readNightStore(options: Omit<StoreOptions, "now">): Promise<NightMemory | undefined> {
  const address = sharedAddress(options.environment);
  const file = join(options.folder, "night.sqlite");
  if (address === undefined && !existsSync(file)) return undefined;
  const database = address === undefined ? readSqlite(file) : await openShared(address, options);
  try {
    const tables = await database.tables();
    const { incidents, lastClean, close } = nightStore(database, fileLock(options.locks), undefined);
    if (tables.has("incidents")) {
      // A store that nobody has recorded in since this table came.
      const none: CleanReadings = new Map();
      return { incidents, lastClean: tables.has("clean_readings") ? lastClean : async () => none, close };
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  await database.close();
  return undefined;
}
