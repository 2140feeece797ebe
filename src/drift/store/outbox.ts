import { createHash } from "node:crypto";
import {
  numberOf,
  type SqlDatabase,
  type SqlRow,
  type SqlSession,
  textOf,
} from "../../deploy/stores/sql/sql.ts";
import { compareText } from "../../model/finding.ts";
import type { Notice } from "../incidents/types.ts";

/** A notice on its way to one channel. */
export interface OutboxEntry {
  /** The site and its channel's name: `lanhai/hq duty`. */
  readonly target: string;
  readonly notice: Notice;
}

/** Notices that go out as one message. */
export interface Batch {
  /** The same for each try: a receiver can tell a repetition. */
  readonly message: string;
  readonly target: string;
  readonly site: string;
  readonly notices: readonly Notice[];
  readonly attempts: number;
  /** Tries of which nobody knows whether they arrived. */
  readonly doubts: number;
}

/** How a try ended. `doubt`: it may have arrived. */
export type Settlement =
  | { readonly kind: "sent" }
  | { readonly kind: "retry" | "doubt"; readonly notBeforeMs: number; readonly error: string };

/** What waits or is stuck, for one target. */
export interface OutboxCount {
  readonly target: string;
  readonly waiting: number;
  /** Sent twice without an answer: not tried again, so that nothing is doubled twice. */
  readonly doubtful: number;
  readonly error: string | null;
}

/** How long a claim holds, milliseconds; whoever died within is taken over after it. */
export const LEASE_MS = 5 * 60_000;
/** The longest wait before another try, milliseconds. */
export const LONGEST_WAIT_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const KEPT_SENT_MS = 90 * 24 * 3_600_000;
/** A second doubt is the last: one message is doubled at most once. */
const MOST_DOUBTS = 2;

/** The messages that are owed. A row goes waiting → claimed → sending → sent; dying while claimed costs nothing, dying
 *  while sending leaves a doubt, and a row is tried again after one doubt, not after two. */
export class Outbox {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Adds what is owed, in the caller's transaction; what is there already stays as it is. */
  static async add(session: SqlSession, entries: readonly OutboxEntry[], nowMs: number): Promise<void> {
    for (const [place, { target, notice }] of entries.entries()) {
      await session.run(
        `INSERT INTO outbox (id, target, site, incident, notice, created, place, state, attempts, doubts, not_before, lease)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`,
        [
          `${notice.id} ${target}`,
          target,
          notice.incident.site,
          notice.incident.id,
          JSON.stringify(notice),
          nowMs,
          place,
        ],
      );
    }
  }

  /** Takes the next message that is due for one of these targets, for this process alone. What failed before lets the
   *  others go first.
   *  @param most - notices in one message */
  async claim(targets: readonly string[], nowMs: number, most: number): Promise<Batch | undefined> {
    return this.#database.transaction(async (session) => {
      await forgetOld(session, nowMs);
      const rows = await session.run(
        `SELECT * FROM outbox WHERE state IN ('waiting', 'claimed', 'sending')
           AND target IN (${targets.map(() => "?").join(", ")}) ORDER BY created, place, id`,
        targets,
      );
      const due = await dueRows(session, rows, nowMs);
      const [first] = due;
      if (first === undefined) return undefined;
      const kept = first.message;
      const same = due.filter((row) => row.message === kept && row.target === first.target);
      const chosen = kept === null ? same.slice(0, most) : same;
      const ids = chosen.map((row) => textOf(row, "id"));
      const message = typeof kept === "string" ? kept : nameOf(ids);
      for (const id of ids) {
        await session.run("UPDATE outbox SET state = 'claimed', lease = ?, message = ? WHERE id = ?", [
          nowMs + LEASE_MS,
          message,
          id,
        ]);
      }
      return {
        message,
        target: textOf(first, "target"),
        site: textOf(first, "site"),
        notices: chosen.map((row) => JSON.parse(textOf(row, "notice")) as Notice),
        attempts: numberOf(first, "attempts"),
        doubts: numberOf(first, "doubts"),
      };
    });
  }

  /** Notes that the message is about to leave.
   *  @param robot - whose rate it counts for */
  async sending(batch: Batch, robot: string, nowMs: number): Promise<void> {
    await this.#database.transaction(async (session) => {
      await session.run(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease = ? WHERE message = ?",
        [nowMs + LEASE_MS, batch.message],
      );
      await session.run("INSERT INTO sends (robot, at) VALUES (?, ?)", [robot, nowMs]);
    });
  }

  /** Notes how a try ended. */
  async settle(batch: Batch, settlement: Settlement, nowMs: number): Promise<void> {
    await this.#database.transaction(async (session) => {
      if (settlement.kind === "sent") {
        await session.run("UPDATE outbox SET state = 'sent', sent = ?, error = NULL WHERE message = ?", [
          nowMs,
          batch.message,
        ]);
        return;
      }
      const doubts = batch.doubts + (settlement.kind === "doubt" ? 1 : 0);
      await session.run(
        "UPDATE outbox SET state = ?, doubts = ?, not_before = ?, error = ? WHERE message = ?",
        [
          doubts >= MOST_DOUBTS ? "doubtful" : "waiting",
          doubts,
          settlement.notBeforeMs,
          settlement.error,
          batch.message,
        ],
      );
    });
  }

  /** When messages left for a robot within the last minute, oldest first. A send that lies ahead of a clock that was
   *  set back counts no longer than a minute either. */
  async sentLately(robot: string, nowMs: number): Promise<readonly number[]> {
    const rows = await this.#database.run(
      "SELECT at FROM sends WHERE robot = ? AND at > ? AND at < ? ORDER BY at",
      [robot, nowMs - MINUTE_MS, nowMs + MINUTE_MS],
    );
    return rows.map((row) => numberOf(row, "at"));
  }

  /** What waits and what is stuck, by target. */
  async counts(): Promise<readonly OutboxCount[]> {
    const rows = await this.#database.run(
      `SELECT target, SUM(CASE WHEN state = 'doubtful' THEN 0 ELSE 1 END) AS waiting,
              SUM(CASE WHEN state = 'doubtful' THEN 1 ELSE 0 END) AS doubtful, MAX(error) AS error
       FROM outbox WHERE state <> 'sent' GROUP BY target`,
    );
    return rows
      .map((row) => ({
        target: textOf(row, "target"),
        waiting: Number(row.waiting),
        doubtful: Number(row.doubtful),
        error: typeof row.error === "string" ? row.error : null,
      }))
      .sort((a, b) => compareText(a.target, b.target));
  }
}

/** Rows that may go now, those that failed least first. Nothing overtakes an earlier notice of its own incident. */
async function dueRows(session: SqlSession, rows: readonly SqlRow[], nowMs: number): Promise<SqlRow[]> {
  const due: SqlRow[] = [];
  const held = new Set<string>();
  const ahead = new Map<string, SqlRow["message"]>();
  for (const row of rows) {
    const life = `${textOf(row, "target")} ${textOf(row, "incident")}`;
    const message = row.message ?? null;
    const taken = row.state !== "waiting" && isAhead(numberOf(row, "lease"), nowMs, LEASE_MS);
    const early = row.state === "waiting" && isAhead(numberOf(row, "not_before"), nowMs, LONGEST_WAIT_MS);
    const overtakes = ahead.has(life) && ahead.get(life) !== message;
    if (taken || early || overtakes || held.has(life)) {
      held.add(life);
      continue;
    }
    ahead.set(life, message);
    if (row.state !== "sending") {
      due.push(row);
      continue;
    }
    // Its sender died with the message on the wire.
    const doubts = numberOf(row, "doubts") + 1;
    const state = doubts >= MOST_DOUBTS ? "doubtful" : "waiting";
    const error = "the sender died before it knew whether the message arrived";
    await session.run("UPDATE outbox SET state = ?, doubts = ?, error = ? WHERE id = ?", [
      state,
      doubts,
      error,
      textOf(row, "id"),
    ]);
    if (state === "waiting") due.push({ ...row, doubts });
  }
  return due.sort((a, b) => numberOf(a, "attempts") - numberOf(b, "attempts"));
}

/** Whether a moment is still to come; one that lies further ahead than it ever could is a clock's mistake. */
function isAhead(moment: number, nowMs: number, mostMs: number): boolean {
  return moment > nowMs && moment <= nowMs + mostMs;
}

async function forgetOld(session: SqlSession, nowMs: number): Promise<void> {
  await session.run("DELETE FROM outbox WHERE state = 'sent' AND sent < ?", [nowMs - KEPT_SENT_MS]);
  await session.run("DELETE FROM sends WHERE at < ?", [nowMs - 10 * MINUTE_MS]);
}

function nameOf(ids: readonly string[]): string {
  return `msg_${createHash("sha256").update(ids.join("\n")).digest("hex").slice(0, 24)}`;
}
