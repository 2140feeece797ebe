import type { ChangeClass } from "../../planner/plan/types.ts";
import type { AuditEntry, AuditEvent, AuditHead } from "../audit/types.ts";
import type { PushResult } from "../push-result.ts";

/** What a device was after our last confirmed push; append-only. This is what drift calls `applied`. */
export interface Receipt {
  readonly schemaVersion: 1;
  /** The push that wrote it. */
  readonly id: string;
  readonly asset: string;
  readonly device: string;
  readonly site: string;
  readonly platform: string;
  readonly at: string;
  readonly operator: string;
  /** Digest of the site plan; undefined where a plain `pulumi up` of an ungated site pushed without one. */
  readonly plan: string | undefined;
  readonly intendedDigest: string;
  /** Keyed fingerprint of the whole running configuration afterwards. */
  readonly snapshot: string;
  /** Digest of the redacted text in the archive: what drift compares with. */
  readonly archived: string;
  readonly commands: number;
  readonly hostname: string;
  readonly address: string;
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** The steps of the push sequence, in order, and those of its undoing. */
export const PUSH_STEPS = [
  "lock",
  "read",
  "recompute",
  "archive",
  "arm",
  "send",
  "reconnect",
  "health",
  "confirm",
  "save",
  "re-read",
  "prove",
  "receipt",
  "unlock",
] as const;
export type PushStep = (typeof PUSH_STEPS)[number] | "roll-back" | "verify-roll-back";

/** One line of a device's journal, on disk before the step goes on. */
export type JournalEntry =
  | {
      readonly kind: "push";
      readonly push: string;
      readonly asset: string;
      readonly device: string;
      readonly at: string;
      readonly operator: string;
      readonly plan: string | undefined;
      readonly holder: LockHolder;
    }
  | {
      readonly kind: "begin" | "end";
      readonly push: string;
      readonly asset: string;
      readonly at: string;
      readonly step: PushStep;
      readonly note?: string;
    }
  | {
      readonly kind: "over";
      readonly push: string;
      readonly asset: string;
      readonly at: string;
      readonly result: PushResult;
      readonly reason?: string;
    };

/** A push that has no `over` yet. */
export interface OpenPush {
  readonly push: string;
  readonly asset: string;
  readonly device: string;
  readonly operator: string;
  readonly plan: string | undefined;
  readonly holder: LockHolder;
  readonly startedAt: string;
  /** Last step begun; undefined when it was killed before the first. */
  readonly step: PushStep | undefined;
  /** Whether that step ended. */
  readonly stepEnded: boolean;
  /** Every step that was begun. */
  readonly begun: readonly PushStep[];
}

/** Who holds a lock. */
export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  /** Start of the process as the kernel counts it: a pid that was given out again is another holder. */
  readonly started: string;
  readonly user: string;
  readonly since: string;
  /** Where its pid is known: one boot of one machine. Only in stores that machines share. */
  readonly machine?: string;
}

export interface ReceiptStore {
  append(receipt: Receipt): Promise<void>;
  last(asset: string): Promise<Receipt | undefined>;
  all(asset: string): Promise<readonly Receipt[]>;
  /** Last receipt of every asset whose last receipt names this site and was not released. */
  ofSite(site: string): Promise<readonly Receipt[]>;
  /** Notes that an asset left our management; its receipts stay readable. */
  release(asset: string, at: string, operator: string): Promise<void>;
}

export interface JournalStore {
  /** Returns when the entry is on disk. */
  append(entry: JournalEntry): Promise<void>;
  open(asset: string): Promise<OpenPush | undefined>;
  allOpen(): Promise<readonly OpenPush[]>;
  /** Keeps what undoing needs (running text, change) sealed until `forget`. */
  seal(push: string, payload: unknown): Promise<void>;
  unseal(push: string): Promise<unknown>;
  forget(push: string): Promise<void>;
}

/** One configuration in the archive. */
export interface ArchiveEntry {
  readonly asset: string;
  readonly device: string;
  readonly at: string;
  readonly why: "before-push" | "after-push" | "read";
  /** `sha256:` of the redacted text. */
  readonly redacted: string;
  /** Keyed fingerprint of the full text. */
  readonly snapshot: string;
  /** True where the full text was kept, encrypted for the workspace's recipients. */
  readonly restorable: boolean;
}

export interface ArchiveStore {
  put(request: {
    readonly asset: string;
    readonly device: string;
    readonly why: ArchiveEntry["why"];
    readonly text: string;
    readonly redacted: string;
    readonly at: string;
  }): Promise<ArchiveEntry>;
  /** The redacted text of a digest; undefined where it is not here. @throws DamagedTextError */
  redacted(digest: string): Promise<string | undefined>;
  entries(asset: string): Promise<readonly ArchiveEntry[]>;
  last(asset: string): Promise<ArchiveEntry | undefined>;
  /** Every entry of every asset, also of those that left the inventory; by asset, oldest first. */
  all(): Promise<readonly ArchiveEntry[]>;
  /** Decrypts the full text of an entry; undefined where none was kept.
   *  @param identity - an age identity, `AGE-SECRET-KEY-1…`
   *  @throws DamagedTextError, or an Error where the identity is not among the recipients */
  restore(snapshot: string, identity: string): Promise<string | undefined>;
}

/** A lock that is held until released. */
export interface HeldLock {
  readonly name: string;
  readonly holder: LockHolder;
  release(): Promise<void>;
}

export interface LockStore {
  /** Takes the lock, or a stale one of a process of this host that is gone.
   *  @throws LockedError naming the holder */
  acquire(name: string): Promise<HeldLock>;
  holder(name: string): Promise<LockHolder | undefined>;
  list(): Promise<readonly { readonly name: string; readonly holder: LockHolder; readonly stale: boolean }[]>;
  /** Removes a lock whoever holds it; the caller has asked. */
  break(name: string): Promise<LockHolder | undefined>;
}

/** What somebody says of a plan.
 *  `author`: I put it forward; `approval`: I looked at it and agree; `emergency`: it must go in now, I answer for it;
 *  `review`: I looked at an emergency afterwards. */
export const APPROVAL_ROLES = ["author", "approval", "emergency", "review"] as const;
export type ApprovalRole = (typeof APPROVAL_ROLES)[number];

/** Why a statement is to be believed. */
export type ApprovalProof =
  | {
      readonly kind: "ssh";
      /** `-----BEGIN SSH SIGNATURE-----` over the canonical text of the approval. */
      readonly signature: string;
    }
  | {
      readonly kind: "forge";
      /** `github owner/name#12`. */
      readonly request: string;
      /** Head that was looked at. */
      readonly commit: string;
      /** Keyed fingerprint by which the command that asked the forge vouches for its answer. */
      readonly seal: string;
    };

/** Somebody's word on exactly one plan. */
export interface Approval {
  readonly schemaVersion: 1;
  readonly plan: string;
  readonly site: string;
  /** A principal of the allowed signers, a login of a forge, or, unproved, an operator's name. */
  readonly by: string;
  readonly at: string;
  /** ISO time after which it no longer counts. */
  readonly expires: string;
  /** `approval` where absent. */
  readonly role?: ApprovalRole;
  readonly changeClass?: ChangeClass;
  readonly ticket?: string;
  /** Allows a push outside the change windows, with the reason why. */
  readonly outsideWindow?: string;
  readonly reason?: string;
  readonly proof?: ApprovalProof;
}

export interface ApprovalStore {
  append(approval: Approval): Promise<void>;
  forPlan(digest: string): Promise<readonly Approval[]>;
  ofSite(site: string): Promise<readonly Approval[]>;
}

/** Documents by digest: plans that were made, so that an approval can be followed to what it approved. */
export interface PlanStore {
  put(digest: string, plan: unknown): Promise<void>;
  get(digest: string): Promise<unknown>;
}

/** A run of a server's action that ended well. */
export interface ActionRecord {
  readonly name: string;
  readonly command: string;
  readonly triggers: readonly string[];
  readonly at: string;
}

export interface ActionStore {
  append(asset: string, record: ActionRecord): Promise<void>;
  all(asset: string): Promise<readonly ActionRecord[]>;
}

/** A log that a machine had kept in a file before it shared one. */
export interface BroughtLog {
  /** Of the machine, and of the log. */
  readonly name: string;
  readonly lines: readonly string[];
  readonly head: AuditHead | undefined;
}

/** What was done, by whom, in a chain that shows edits. */
export interface AuditStore {
  /** Returns when the entry and the new head are on disk. */
  append(event: AuditEvent): Promise<AuditEntry>;
  /** The lines as they stand, damaged ones too. */
  lines(): Promise<readonly string[]>;
  head(): Promise<AuditHead | undefined>;
  /** Logs that machines had kept in files before they shared one; each is a chain of its own. */
  brought(): Promise<readonly BroughtLog[]>;
}

/** The one interface that laptop, CI and night job share; files by default (D9). */
export interface Stores {
  readonly receipts: ReceiptStore;
  readonly journal: JournalStore;
  readonly archive: ArchiveStore;
  readonly locks: LockStore;
  readonly approvals: ApprovalStore;
  readonly plans: PlanStore;
  readonly actions: ActionStore;
  /** Of this machine alone, wherever the others are. */
  readonly audit: AuditStore;
  /** Asks the stores whether they answer. @returns what they are, for people @throws StoreError */
  check(): Promise<string>;
  /** Lines that cannot be read, each by its place; they are passed over, and nothing is deleted. */
  damaged(): Promise<readonly string[]>;
}
