import { numberOf, type SqlRow, type SqlSession, textOf } from "../../deploy/stores/sql/sql.ts";
import type { Receipt } from "../../deploy/stores/types.ts";

/** A reading that found a device to run exactly what was last applied. */
export interface CleanReading {
  readonly asset: string;
  readonly site: string;
  /** When the reading began, by our clock: what was changed while it went on may have come after its lines were sent. */
  readonly atMs: number;
  /** The push whose result it was compared with. */
  readonly receipt: string;
  /** The redacted text that it was compared with. */
  readonly applied: string;
  /** Whether the device told that a reboot brings the same back. */
  readonly saved: boolean;
}

/** The last clean reading of devices, by asset. */
export type CleanReadings = ReadonlyMap<string, CleanReading>;

/** The tables that it wants. One row a device: only the last reading bounds when somebody came. */
export const CLEAN_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS clean_readings (
     asset TEXT PRIMARY KEY, site TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, receipt TEXT NOT NULL,
     applied TEXT NOT NULL, saved INTEGER NOT NULL)`,
  "CREATE INDEX IF NOT EXISTS clean_readings_of_site ON clean_readings (site)",
];

/** Keeps readings; a later reading takes the place of an earlier one, whatever the clocks said. Readings of these sites
 *  that lie ahead of the clock were made by a wrong one: they are forgotten. */
export async function keepClean(
  session: SqlSession,
  readings: readonly CleanReading[],
  sites: readonly string[],
  nowMs: number,
): Promise<void> {
  for (const { asset, site, atMs, receipt, applied, saved } of readings) {
    await session.run(
      `INSERT INTO clean_readings (asset, site, at, receipt, applied, saved) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (asset) DO UPDATE SET site = excluded.site, at = excluded.at, receipt = excluded.receipt,
         applied = excluded.applied, saved = excluded.saved`,
      [asset, site, atMs, receipt, applied, saved ? 1 : 0],
    );
  }
  for (const site of sites)
    await session.run("DELETE FROM clean_readings WHERE site = ? AND at > ?", [site, nowMs]);
}

/** The last clean reading of each device of these sites. */
export async function readClean(session: SqlSession, sites: readonly string[]): Promise<CleanReadings> {
  if (sites.length === 0) return new Map();
  const rows = await session.run(
    `SELECT * FROM clean_readings WHERE site IN (${sites.map(() => "?").join(", ")})`,
    sites,
  );
  return new Map(rows.map((row) => [textOf(row, "asset"), readingOf(row)]));
}

/** When a device was last known to run what the receipt left, going by its last clean reading; undefined where that
 *  reading was of another push, or is not to be believed. */
export function cleanSince(
  reading: CleanReading | undefined,
  receipt: Pick<Receipt, "id" | "archived">,
  nowMs: number,
): number | undefined {
  if (reading === undefined || reading.atMs > nowMs) return undefined;
  return reading.receipt === receipt.id && reading.applied === receipt.archived ? reading.atMs : undefined;
}

function readingOf(row: SqlRow): CleanReading {
  return {
    asset: textOf(row, "asset"),
    site: textOf(row, "site"),
    atMs: numberOf(row, "at"),
    receipt: textOf(row, "receipt"),
    applied: textOf(row, "applied"),
    saved: numberOf(row, "saved") === 1,
  };
}
