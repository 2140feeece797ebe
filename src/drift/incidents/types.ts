import type { Priority } from "../../model/alert.ts";
import type { Culprit } from "../items.ts";

/** What an incident is about: one thing that differs, or a device that cannot be read. */
export type Subject =
  | {
      readonly kind: "drift";
      readonly path: readonly string[];
      readonly change: "added" | "removed" | "changed" | "unsaved";
    }
  | { readonly kind: "unreadable" };

/** `watched`: unreadable for fewer nights than the client's setting; nobody is told yet. */
export type IncidentState = "watched" | "open" | "acknowledged" | "snoozed" | "closed";

/** What a reading found of a subject. Texts are redacted. */
export interface Facts {
  readonly priority: Priority;
  readonly reason: string;
  readonly applied: string | null;
  readonly running: string | null;
  readonly intended: string | null;
  readonly by: Culprit;
  readonly at: string | null;
  readonly from: string | null;
  readonly evidence: string | null;
  /** A packet that passes and did not before; absent in what was kept before this was known. */
  readonly witness?: string;
  /** True where nobody saved it: a reboot would take it away. */
  readonly unsaved?: true;
}

/** One line of an incident's life. */
export interface HistoryLine {
  readonly at: string;
  readonly what: NoticeKind | "acknowledged" | "adopted" | "snoozed" | "closed-by-hand" | "watched";
  readonly who: string | null;
  readonly note: string | null;
}

/** An incident, as it is kept. All times are ISO in UTC. */
export interface Incident {
  readonly schemaVersion: 1;
  /** `INC-` and twelve digits of the identity: the same on every machine, in every night. */
  readonly id: string;
  readonly site: string;
  readonly device: string;
  readonly asset: string;
  readonly subject: Subject;
  readonly state: IncidentState;
  readonly facts: Facts;
  /** Digest of what ran when it was last seen: another value is another edit. */
  readonly seen: string;
  readonly sightings: number;
  /** Run that saw it last: the same run never counts twice. */
  readonly lastRun: string | null;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** When it was opened, each time; the last twenty. */
  readonly openings: readonly string[];
  /** How often it was opened, ever. */
  readonly opened: number;
  readonly closedAt: string | null;
  /** Local days on which the device could not be read, for `unreadable`. */
  readonly nights: readonly string[];
  /** Service time that ran since it was opened, and when that was last added up. */
  readonly clock: { readonly checkedAt: string; readonly servedMs: number };
  readonly escalated: "no" | "respond" | "resolve";
  readonly acknowledged: { readonly by: string; readonly at: string; readonly note: string | null } | null;
  /** Set once somebody took it into the inventory; an apply closes it, another edit takes this away. */
  readonly adopted?: { readonly by: string; readonly at: string; readonly branch: string };
  readonly snooze: {
    readonly by: string;
    readonly until: string;
    /** What is left of it, so that a clock set back does not make it longer. */
    readonly leftMs: number;
    readonly note: string | null;
  } | null;
  /** Set once it came back too often; it stays. */
  readonly problem: { readonly id: string; readonly since: string } | null;
  readonly history: readonly HistoryLine[];
  /** Counts notices, so that each has a name of its own. */
  readonly notices: number;
}

export type NoticeKind =
  | "opened"
  | "reopened"
  | "problem"
  | "changed"
  | "woken"
  | "respond-overdue"
  | "resolve-overdue"
  | "closed";

/** Something that people are to hear of. */
export interface Notice {
  /** `INC-…/3`: unique, and the same if it is computed again from the same state. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly at: string;
  readonly incident: Incident;
}

/** What happens to an incident. `at` is the clock of whoever reports, in ISO. */
export type IncidentEvent =
  | {
      readonly kind: "seen";
      readonly run: string;
      readonly at: string;
      readonly facts: Facts;
      readonly night: string;
    }
  | { readonly kind: "gone"; readonly run: string; readonly at: string }
  | { readonly kind: "tick"; readonly at: string }
  | {
      readonly kind: "acknowledge";
      readonly at: string;
      readonly who: string;
      readonly note: string | null;
    }
  | {
      readonly kind: "snooze";
      readonly at: string;
      readonly who: string;
      readonly until: string;
      readonly note: string | null;
    }
  | { readonly kind: "adopt"; readonly at: string; readonly who: string; readonly branch: string }
  | { readonly kind: "close"; readonly at: string; readonly who: string; readonly note: string | null };
