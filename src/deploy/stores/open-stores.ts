import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeIdentity } from "../age.ts";
import { fileAudit } from "../audit/file-audit.ts";
import type { Fingerprint } from "../fingerprint.ts";
import { secretFile } from "../fingerprint.ts";
import type { Settings } from "../settings.ts";
import { fileBytes, fileLog, singleFileLog } from "./file-shelf.ts";
import { fileNameOf } from "./jsonl.ts";
import { fileLocks } from "./locks.ts";
import type { SharedDatabase } from "./shared.ts";
import { sqlLocks } from "./sql-locks.ts";
import { sqlBytes, sqlLog } from "./sql-shelf.ts";
import { type Shelves, storesIn } from "./stores-in.ts";
import type { Approval, Stores } from "./types.ts";

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

/** Opens the stores in a database that several machines share. The audit log stays a file of this machine: its head is
 *  signed with this machine's key. */
export function openSharedStores(database: SharedDatabase, options: StoreOptions): Stores {
  const { folder } = options;
  makePrivate(folder);
  return {
    ...storesIn(sqlShelves(database), keysOf(options)),
    locks: sqlLocks(database),
    audit: fileAudit({
      folder: join(folder, "audit"),
      locks: fileLocks(join(folder, "locks")),
      ...options.audit,
    }),
    check: () => database.check(),
  };
}

function fileShelves(folder: string): Shelves {
  const byDigest = (name: string, ending: string) => (hex: string) =>
    join(folder, "archive", name, hex.slice(0, 2), `${hex}${ending}`);
  return {
    receipts: fileLog(join(folder, "receipts")),
    journal: fileLog(join(folder, "journal")),
    sealed: fileBytes((push) => join(folder, "journal", "sealed", `${fileNameOf(push)}.age`)),
    archive: fileLog(join(folder, "archive", "index")),
    redacted: fileBytes(byDigest("redacted", ".txt.gz")),
    restorable: fileBytes(byDigest("restorable", ".txt.gz.age")),
    approvals: singleFileLog<Approval>(join(folder, "approvals.jsonl"), (approval) => approval.site),
    plans: fileBytes((digest) => join(folder, "plans", `${fileNameOf(digest)}.json`)),
    actions: fileLog(join(folder, "actions")),
  };
}

function sqlShelves(database: SharedDatabase): Shelves {
  return {
    receipts: sqlLog(database, "receipts"),
    journal: sqlLog(database, "journal"),
    sealed: sqlBytes(database, "sealed"),
    archive: sqlLog(database, "archive"),
    redacted: sqlBytes(database, "redacted"),
    restorable: sqlBytes(database, "restorable"),
    approvals: sqlLog(database, "approvals"),
    plans: sqlBytes(database, "plans"),
    actions: sqlLog(database, "actions"),
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
