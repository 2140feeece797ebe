import { LockedError, ourselves } from "../../deploy/stores/locks.ts";
import type { PostgresDatabase } from "../../deploy/stores/sql/postgres.ts";
import { type SqlDatabase, type SqlRow, type SqlSession, textOf } from "../../deploy/stores/sql/sql.ts";
import type { LockHolder, LockStore } from "../../deploy/stores/types.ts";
import type { Incident } from "../incidents/types.ts";
import { type CleanReading, type CleanReadings, keepClean, readClean } from "./clean-readings.ts";
import { Outbox, type OutboxEntry } from "./outbox.ts";

/** What a change leaves in the store. */
export interface StoreChange {
  readonly changed: readonly Incident[];
  readonly dropped: readonly string[];
  readonly outbox: readonly OutboxEntry[];
  /** Devices that were found to run what was applied. */
  readonly clean?: readonly CleanReading[];
}

/** Which incidents are asked for. */
export interface IncidentFilter {
  readonly sites?: readonly string[];
  /** Closed and watched ones too (default: only those that want attention). */
  readonly all?: boolean;
}

/** The memory of the night job: incidents, and the messages that are owed for them. */
export interface NightStore {
  readonly place: string;
  /** Where a damaged file was put, if there was one. */
  readonly keptAside: string | undefined;
  readonly outbox: Outbox;
  /** Lets `work` decide over the incidents of these sites; what it returns is kept whole or not at all, messages
   *  included. No other process changes anything meanwhile. */
  change<T extends StoreChange>(
    sites: readonly string[] | "all",
    nowMs: number,
    work: (known: readonly Incident[]) => T,
  ): Promise<T>;
  incidents(filter: IncidentFilter): Promise<readonly Incident[]>;
  /** When the devices of these sites were last found to run what was applied, by asset. */
  lastClean(sites: readonly string[]): Promise<CleanReadings>;
  /** Takes the lock of the night job; it ends with this process. @throws LockedError */
  lock(name: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Takes a lock by name. */
export type TakeLock = NightStore["lock"];

/** The store over a database that has its tables. */
export function nightStore(database: SqlDatabase, lock: TakeLock, keptAside: string | undefined): NightStore {
  return {
    place: database.place,
    keptAside,
    outbox: new Outbox(database),
    change: (sites, nowMs, work) =>
      database.transaction(async (session) => {
        const change = work(
          await readIncidents(session, sites === "all" ? { all: true } : { sites, all: true }),
        );
        for (const incident of change.changed) await keep(session, incident);
        for (const id of change.dropped) await session.run("DELETE FROM incidents WHERE id = ?", [id]);
        await Outbox.add(session, change.outbox, nowMs);
        await keepClean(session, change.clean ?? [], sites === "all" ? [] : sites, nowMs);
        return change;
      }),
    incidents: (filter) => readIncidents(database, filter),
    lastClean: (sites) => readClean(database, sites),
    lock,
    close: () => database.close(),
  };
}

/** Locks as files of one workspace. */
export function fileLock(locks: LockStore): TakeLock {
  return async (name) => {
    const held = await locks.acquire(name);
    return () => held.release();
  };
}

/** Locks that all machines of a database share; who holds one is noted beside it. */
export function databaseLock(database: PostgresDatabase): TakeLock {
  return async (name) => {
    const release = await database.tryLock(name);
    if (release === undefined) throw new LockedError(name, await holderOf(database, name));
    await database.run(
      "INSERT INTO holders (name, document) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
      [name, JSON.stringify(ourselves())],
    );
    return release;
  };
}

async function holderOf(database: SqlDatabase, name: string): Promise<LockHolder> {
  const [row] = await database.run("SELECT document FROM holders WHERE name = ?", [name]);
  if (row !== undefined) return JSON.parse(textOf(row, "document")) as LockHolder;
  return { host: "another machine", pid: 0, started: "unknown", user: "somebody", since: "a moment ago" };
}

async function readIncidents(session: SqlSession, filter: IncidentFilter): Promise<Incident[]> {
  const wanted: string[] = filter.all === true ? [] : ["state NOT IN ('closed', 'watched')"];
  if (filter.sites !== undefined) {
    if (filter.sites.length === 0) return [];
    wanted.push(`site IN (${filter.sites.map(() => "?").join(", ")})`);
  }
  const where = wanted.length === 0 ? "" : `WHERE ${wanted.join(" AND ")}`;
  const rows = await session.run(
    `SELECT document FROM incidents ${where} ORDER BY priority, site, device, id`,
    filter.sites ?? [],
  );
  return rows.map(incidentOf);
}

function incidentOf(row: SqlRow): Incident {
  return JSON.parse(textOf(row, "document")) as Incident;
}

async function keep(session: SqlSession, incident: Incident): Promise<void> {
  await session.run(
    `INSERT INTO incidents (id, site, device, asset, state, priority, document) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET site = excluded.site, device = excluded.device, state = excluded.state,
       priority = excluded.priority, document = excluded.document`,
    [
      incident.id,
      incident.site,
      incident.device,
      incident.asset,
      incident.state,
      incident.facts.priority,
      JSON.stringify(incident),
    ],
  );
}
