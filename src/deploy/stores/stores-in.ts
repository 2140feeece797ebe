import type { Fingerprint } from "../fingerprint.ts";
import { approvalsIn, plansIn } from "./approvals.ts";
import { archiveIn } from "./archive.ts";
import { journalIn } from "./journal.ts";
import { type ReceiptLine, receiptsIn } from "./receipts.ts";
import type { Bytes, Log } from "./shelf.ts";
import type { ActionRecord, Approval, ArchiveEntry, JournalEntry, Stores } from "./types.ts";

/** Where everything is kept, in files or in a database. */
export interface Shelves {
  readonly receipts: Log<ReceiptLine>;
  readonly journal: Log<JournalEntry>;
  readonly sealed: Bytes;
  readonly archive: Log<ArchiveEntry>;
  readonly redacted: Bytes;
  readonly restorable: Bytes;
  readonly approvals: Log<Approval>;
  readonly plans: Bytes;
  readonly actions: Log<ActionRecord>;
}

/** What stores are keyed with, wherever they are. */
export interface StoreKeys {
  readonly fingerprint: Fingerprint;
  /** age recipients of restorable texts. */
  readonly recipients: readonly string[];
  /** Gives the age identity that seals open pushes. */
  readonly journalIdentity: () => Promise<string>;
}

/** The stores over their shelves. */
export function storesIn(shelves: Shelves, keys: StoreKeys): Omit<Stores, "locks" | "audit" | "check"> {
  const { receipts, journal, archive, approvals, actions } = shelves;
  return {
    receipts: receiptsIn(receipts),
    journal: journalIn(journal, shelves.sealed, keys.journalIdentity),
    archive: archiveIn({
      index: archive,
      redacted: shelves.redacted,
      restorable: shelves.restorable,
      fingerprint: keys.fingerprint,
      recipients: keys.recipients,
    }),
    approvals: approvalsIn(approvals),
    plans: plansIn(shelves.plans),
    actions: {
      append: (asset, record) => actions.append(asset, record, false),
      all: (asset) => actions.read(asset, "start"),
    },
    async damaged() {
      const logs = [receipts, journal, archive, approvals, actions];
      return (await Promise.all(logs.map((log) => log.damaged()))).flat();
    },
  };
}
