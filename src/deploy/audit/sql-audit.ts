import { canonicalJson } from "../../planner/plan/digest.ts";
import { type SqlSession, textOf } from "../stores/sql/sql.ts";
import type { Database } from "../stores/sql-shelf.ts";
import type { AuditStore, BroughtLog } from "../stores/types.ts";
import { NO_ENTRY, nextEntry, parseEntry } from "./chain.ts";
import { anchorHead, type HeadOptions, parseHead, signHead } from "./head.ts";
import type { AuditEntry, AuditEvent, AuditHead } from "./types.ts";

/** Name of the chain that all machines write; others were brought from files. */
const SHARED = "";

/** Tables of the audit log. */
export const AUDIT_TABLES: readonly string[] = [
  "CREATE TABLE IF NOT EXISTS audit_lines (place BIGSERIAL PRIMARY KEY, chain TEXT NOT NULL, line TEXT NOT NULL)",
  "CREATE INDEX IF NOT EXISTS audit_lines_of_chain ON audit_lines (chain, place)",
  "CREATE TABLE IF NOT EXISTS audit_heads (chain TEXT PRIMARY KEY, document TEXT NOT NULL)",
];

/** The audit log in a database: one chain that all machines write in turn, its newest head signed by whoever wrote last.
 *  Rows are only added. */
export function sqlAudit(database: Database, options: HeadOptions): AuditStore {
  return {
    async append(event) {
      const entry = await database.transaction((session) => link(session, event));
      const { seq, hash, at } = entry;
      // Out of the transaction: a key may want a touch, and others must not wait for it.
      const signed = await signHead({ seq, hash, at }, options);
      if (signed.signature !== undefined) await keepSigned(database, signed);
      await anchorHead(signed, options);
      return entry;
    },
    lines: () => linesOf(database, SHARED),
    head: () => headOf(database, SHARED),
    async brought() {
      const rows = await database.run("SELECT chain FROM audit_heads WHERE chain <> ? ORDER BY chain", [
        SHARED,
      ]);
      const logs: BroughtLog[] = [];
      for (const row of rows) {
        const name = textOf(row, "chain");
        const head = await headOf(database, name);
        logs.push({ name, lines: await linesOf(database, name), head });
      }
      return logs;
    },
  };
}

/** Takes the log that a machine kept in a file along, as it stands, as a chain of its own; the shared chain names its end,
 *  so that nobody can change it afterwards. What is there already is not taken again.
 *  @param name - of the machine and its log
 *  @returns how many lines were new */
export async function bringLog(
  session: SqlSession,
  name: string,
  log: { readonly lines: readonly string[]; readonly head: AuditHead | undefined },
): Promise<number> {
  const there = await linesOf(session, name);
  const fresh = log.lines.slice(there.length);
  for (const line of fresh)
    await session.run("INSERT INTO audit_lines (chain, line) VALUES (?, ?)", [name, line]);
  if (fresh.length === 0) return 0;
  const last = lastOf(log.lines) ?? NO_ENTRY;
  const head = log.head ?? { seq: last.seq, hash: last.hash, at: new Date().toISOString() };
  await keepHead(session, name, head);
  const note = `${fresh.length} entries of ${name}, to ${last.seq}:${last.hash}`;
  await link(session, { what: "brought", who: name, note });
  return fresh.length;
}

/** Where the shared chain says that a brought one ended: number and hash of its last entry. */
export function endOfBrought(entry: AuditEntry): Pick<AuditHead, "seq" | "hash"> | undefined {
  if (entry.what !== "brought") return undefined;
  const [, seq, hash] = /, to (\d+):(sha256:[0-9a-f]{64})$/.exec(entry.note ?? "") ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

/** Goes on after the head where it is ahead of the log, so that what was cut off stays missing for ever. */
async function link(session: SqlSession, event: AuditEvent): Promise<AuditEntry> {
  const head = await headOf(session, SHARED);
  const last = await lastEntry(session);
  const before = head !== undefined && head.seq >= (last?.seq ?? 0) ? head : (last ?? NO_ENTRY);
  const entry = nextEntry(before, new Date().toISOString(), event);
  await session.run("INSERT INTO audit_lines (chain, line) VALUES (?, ?)", [SHARED, canonicalJson(entry)]);
  const { seq, hash, at } = entry;
  await keepHead(session, SHARED, { seq, hash, at });
  return entry;
}

/** The last row that is an entry; damaged ones after it are passed over. */
async function lastEntry(session: SqlSession): Promise<AuditEntry | undefined> {
  const newest = "SELECT line FROM audit_lines WHERE chain = ? ORDER BY place DESC LIMIT 1";
  const [row] = await session.run(newest, [SHARED]);
  if (row === undefined) return undefined;
  return parseEntry(textOf(row, "line")) ?? lastOf(await linesOf(session, SHARED));
}

function lastOf(lines: readonly string[]): AuditEntry | undefined {
  for (const line of lines.toReversed()) {
    const entry = parseEntry(line);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

async function linesOf(session: SqlSession, chain: string): Promise<readonly string[]> {
  const rows = await session.run("SELECT line FROM audit_lines WHERE chain = ? ORDER BY place", [chain]);
  return rows.map((row) => textOf(row, "line"));
}

async function headOf(session: SqlSession, chain: string): Promise<AuditHead | undefined> {
  const [row] = await session.run("SELECT document FROM audit_heads WHERE chain = ?", [chain]);
  return row && parseHead(textOf(row, "document"));
}

async function keepHead(session: SqlSession, chain: string, head: AuditHead): Promise<void> {
  await session.run(
    "INSERT INTO audit_heads (chain, document) VALUES (?, ?) ON CONFLICT (chain) DO UPDATE SET document = excluded.document",
    [chain, JSON.stringify(head)],
  );
}

/** Puts the signature beside the head, unless another machine has written an entry since. */
async function keepSigned(database: Database, signed: AuditHead): Promise<void> {
  await database.transaction(async (session) => {
    const now = await headOf(session, SHARED);
    if (now?.seq === signed.seq && now.hash === signed.hash) await keepHead(session, SHARED, signed);
  });
}
