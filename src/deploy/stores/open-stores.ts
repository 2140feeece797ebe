import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeIdentity } from "../age.ts";
import { fileAudit } from "../audit/file-audit.ts";
import { sqlAudit } from "../audit/sql-audit.ts";
import type { Fingerprint } from "../fingerprint.ts";
import { secretFile } from "../fingerprint.ts";
import type { Settings } from "../settings.ts";
import { fileLocks } from "./locks.ts";
import type { SharedDatabase } from "./shared.ts";
import { fileShelves, sqlShelves } from "./shelves.ts";
import { sqlLocks } from "./sql-locks.ts";
import { storesIn } from "./stores-in.ts";
import type { Stores } from "./types.ts";

/** Where stores live and what they are keyed with. */
export interface StoreOptions {
  /** Usually `.sitewright` of the workspace. */
  readonly folder: string;
  readonly fingerprint: Fingerprint;
  readonly recipients: readonly string[];
  /** Seals open pushes; the workspace's own key where absent. */
  readonly journalKey?: string;
  /** How the head of the audit log is signed and kept apart; neither where absent. */
  readonly audit?: NonNullable<Settings["audit"]>;
}

/** Opens the stores as files below one folder that only its owner can read. */
export function openFileStores(options: StoreOptions): Stores {
  const { folder } = options;
  makePrivate(folder);
  const locks = fileLocks(join(folder, "locks"));
  return {
    ...storesIn(fileShelves(folder), keysOf(options)),
    locks,
    audit: fileAudit({ folder: join(folder, "audit"), locks, ...options.audit }),
    check: async () => `files in ${folder}`,
  };
}

/** Opens the stores in a database that several machines share. The head of the audit log is signed with the key of the
 *  machine that wrote last. */
export function openSharedStores(database: SharedDatabase, options: StoreOptions): Stores {
  const { folder } = options;
  makePrivate(folder);
  return {
    ...storesIn(sqlShelves(database), keysOf(options)),
    locks: sqlLocks(database),
    audit: sqlAudit(database, options.audit ?? {}),
    check: () => database.check(),
  };
}

function keysOf({ folder, fingerprint, recipients, journalKey }: StoreOptions) {
  const file = join(folder, "journal.key");
  return {
    fingerprint,
    recipients,
    journalIdentity: async () => journalKey ?? journalIdentity(file),
  };
}

/** The identity that seals open pushes; it never leaves the workspace's private folder. */
async function journalIdentity(file: string): Promise<string> {
  const made = existsSync(file) ? "" : (await makeIdentity()).identity;
  return secretFile(file, () => made);
}

function makePrivate(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}
