import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeIdentity } from "../age.ts";
import { fileAudit } from "../audit/file-audit.ts";
import type { Fingerprint } from "../fingerprint.ts";
import { secretFile } from "../fingerprint.ts";
import type { Settings } from "../settings.ts";
import { fileApprovals, filePlans } from "./approvals.ts";
import { fileArchive } from "./archive.ts";
import { fileJournal } from "./journal.ts";
import { fileLocks } from "./locks.ts";
import { fileReceipts } from "./receipts.ts";
import type { Stores } from "./types.ts";

/** Where the file stores live and what they are keyed with. */
export interface FileStoreOptions {
  /** Usually `.sitewright` of the workspace. */
  readonly folder: string;
  readonly fingerprint: Fingerprint;
  readonly recipients: readonly string[];
  /** How the head of the audit log is signed and kept apart; neither where absent. */
  readonly audit?: NonNullable<Settings["audit"]>;
}

/** Opens the stores as files below one folder that only its owner can read. */
export function openFileStores(options: FileStoreOptions): Stores {
  const { folder, fingerprint, recipients } = options;
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const locks = fileLocks(join(folder, "locks"));
  return {
    receipts: fileReceipts(join(folder, "receipts")),
    journal: fileJournal(join(folder, "journal"), () => journalIdentity(join(folder, "journal.key"))),
    archive: fileArchive({ folder: join(folder, "archive"), fingerprint, recipients }),
    locks,
    approvals: fileApprovals(join(folder, "approvals.jsonl")),
    plans: filePlans(join(folder, "plans")),
    audit: fileAudit({ folder: join(folder, "audit"), locks, ...options.audit }),
  };
}

/** The identity that seals open pushes; it never leaves the workspace's private folder. */
async function journalIdentity(file: string): Promise<string> {
  const made = existsSync(file) ? "" : (await makeIdentity()).identity;
  return secretFile(file, () => made);
}
