import { join } from "node:path";
import { fileBytes, fileLog, singleFileLog } from "./file-shelf.ts";
import { fileNameOf } from "./jsonl.ts";
import { type Database, sqlBytes, sqlLog } from "./sql-shelf.ts";
import type { Shelves } from "./stores-in.ts";
import type { Approval } from "./types.ts";

/** Everything in files of a private folder. */
export function fileShelves(folder: string): Shelves {
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

/** Everything in a database. */
export function sqlShelves(database: Database): Shelves {
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
