/** What the audit log knows of. */
export const AUDIT_EVENTS = [
  "approved",
  "refused",
  "emergency",
  "reviewed",
  "pushing",
  "applied",
  "reverted",
  "resumed",
  "unlocked",
  "released",
  "adopted",
  "brought",
] as const;

/** Something that was done, or was refused. */
export interface AuditEvent {
  readonly what: (typeof AUDIT_EVENTS)[number];
  /** Operator, or the proved person. */
  readonly who: string;
  /** Whether a key or a forge stands behind `who`; absent where nobody asked. */
  readonly proved?: boolean;
  /** `client/site`. */
  readonly site?: string;
  /** `client/site/device`. */
  readonly device?: string;
  /** Digest of a plan. */
  readonly plan?: string;
  /** In words: why, with what result. */
  readonly note?: string;
  /** ISO time until which an emergency must be reviewed. */
  readonly due?: string;
}

/** One link of the chain. */
export interface AuditEntry extends AuditEvent {
  readonly seq: number;
  /** Hash of the entry before; zeros for the first. */
  readonly prev: string;
  readonly at: string;
  /** `sha256:` over everything else. */
  readonly hash: string;
}

/** The newest entry, kept apart from the log and signed, so that a log cut short is found. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  /** Principal that the signature is by. */
  readonly by?: string;
  readonly signature?: string;
}
