import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { fileNameOf, idOfFileName } from "./jsonl.ts";
import type { HeldLock, LockHolder, LockStore } from "./types.ts";

/** Someone else holds a lock. */
export class LockedError extends Error {
  readonly lock: string;
  readonly holder: LockHolder;
  constructor(lock: string, holder: LockHolder) {
    super(`${lock} is locked by ${describeHolder(holder)}`);
    this.name = "LockedError";
    this.lock = lock;
    this.holder = holder;
  }
}

/** Spells who holds a lock: `li.wei, pid 4711 on nms-1 since 2026-03-01T22:10:00Z`. */
export function describeHolder(holder: LockHolder): string {
  return `${holder.user}, pid ${holder.pid} on ${holder.host} since ${holder.since}`;
}

/** Releases a lock, and leaves it where the store does not answer: what was done is told all the same, and whoever comes
 *  next is told of the lock. */
export async function giveBack(lock: HeldLock): Promise<void> {
  await lock.release().catch(() => undefined);
}

/** This process, as a lock holder. */
export function ourselves(now: () => Date = () => new Date()): LockHolder {
  return {
    host: hostname(),
    pid: process.pid,
    started: processStart(process.pid) ?? "unknown",
    user: userName(),
    since: now().toISOString(),
  };
}

/** Tells whether a holder is a process of this host that is gone. A holder on another host is never stale to us. */
export function isStale(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false;
  if (!isAlive(holder.pid) || processFields(holder.pid)?.[0] === "Z") return true;
  const started = processStart(holder.pid);
  return started !== undefined && holder.started !== "unknown" && started !== holder.started;
}

/** What a lock file says: who holds it, and which taking it was. One process may take a lock twice in a millisecond. */
interface LockFile extends LockHolder {
  /** Undefined in files that were written before takings had tokens. */
  readonly token: string | undefined;
}

/** Lock files in a folder. A lock is made by linking a finished file, so nobody ever sees one half written. */
export function fileLocks(folder: string): LockStore {
  const pathOf = (name: string) => join(folder, `${fileNameOf(name)}.lock`);
  return {
    async acquire(name) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return takeLock(name, pathOf(name));
    },
    async holder(name) {
      return holderIn(readLock(pathOf(name)));
    },
    async list() {
      return lockFiles(folder).flatMap((file) => {
        const holder = holderIn(readLock(join(folder, file)));
        const name = idOfFileName(file.slice(0, -".lock".length));
        return holder ? [{ name, holder, stale: isStale(holder) }] : [];
      });
    },
    async break(name) {
      const held = readLock(pathOf(name));
      rmSync(pathOf(name), { force: true });
      return holderIn(held);
    },
  };
}

function takeLock(name: string, path: string): HeldLock {
  const holder = ourselves();
  const ours: LockFile = { ...holder, token: randomUUID() };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (placeLock(path, ours)) return { name, holder, release: async () => releaseLock(path, ours) };
    const other = readLock(path);
    if (!other) continue;
    if (!isStale(other)) throw new LockedError(name, other);
    removeStale(path, other);
  }
  throw new Error(`lock ${name} changes hands too fast`);
}

function placeLock(path: string, lock: LockFile): boolean {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(temporary, JSON.stringify(lock), { mode: 0o600, flag: "wx" });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Moves a stale lock aside under a name of its own before removing it: of two that find it stale, one moves it. */
function removeStale(path: string, stale: LockFile): void {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved && moved.token !== stale.token) restoreLock(aside, path);
  rmSync(aside, { force: true });
}

function restoreLock(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function releaseLock(path: string, ours: LockFile): void {
  if (readLock(path)?.token === ours.token) rmSync(path, { force: true });
}

function readLock(path: string): LockFile | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function holderIn(lock: LockFile | undefined): LockHolder | undefined {
  if (lock === undefined) return undefined;
  const { token: _, ...holder } = lock;
  return holder;
}

function lockFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".lock"))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ticks since boot at which a process started; undefined where the system has no /proc. */
function processStart(pid: number): string | undefined {
  return processFields(pid)?.[19];
}

/** Fields of /proc/PID/stat from the third on: state, parent, … (proc(5)). */
function processFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
