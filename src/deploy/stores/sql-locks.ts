import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { isStale, LockedError, ourselves } from "./locks.ts";
import { textOf } from "./sql/sql.ts";
import type { Database } from "./sql-shelf.ts";
import type { HeldLock, LockHolder, LockStore } from "./types.ts";

/** Locks that all machines of a database share, each a row that only one can insert. A holder is gone only where this
 *  very machine can tell, by its process: names of hosts are given twice, and a machine that does not answer the
 *  database may still be typing on a device. Such a lock is `unlock`ed by a person. */
export function sqlLocks(database: Database): LockStore {
  const find = async (name: string) => {
    const [row] = await database.run("SELECT token, document FROM store_locks WHERE name = ?", [name]);
    return row && { token: textOf(row, "token"), holder: holderIn(textOf(row, "document")) };
  };
  const remove = (name: string, token: string) =>
    database.run("DELETE FROM store_locks WHERE name = ? AND token = ?", [name, token]);
  const take = async (name: string): Promise<HeldLock> => {
    const holder: LockHolder = { ...ourselves(), ...machine() };
    const token = randomUUID();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const taken = await database.run(
        "INSERT INTO store_locks (name, token, document) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING RETURNING name",
        [name, token, JSON.stringify(holder)],
      );
      if (taken.length > 0) return { name, holder, release: async () => void (await remove(name, token)) };
      const other = await find(name);
      if (other === undefined) continue;
      if (!isGone(other.holder)) throw new LockedError(name, other.holder);
      await remove(name, other.token);
    }
    throw new Error(`lock ${name} changes hands too fast`);
  };
  return {
    acquire: take,
    holder: async (name) => (await find(name))?.holder,
    async list() {
      const rows = await database.run("SELECT name, document FROM store_locks");
      const locks = rows.map((row) => ({
        name: textOf(row, "name"),
        holder: holderIn(textOf(row, "document")),
      }));
      return locks
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((lock) => ({ ...lock, stale: isGone(lock.holder) }));
    },
    async break(name) {
      const found = await find(name);
      if (found !== undefined) await remove(name, found.token);
      return found?.holder;
    },
  };
}

/** Whom a row names; one that cannot be read is a lock all the same. */
function holderIn(document: string): LockHolder {
  try {
    return JSON.parse(document) as LockHolder;
  } catch {
    return { host: "another machine", pid: 0, started: "unknown", user: "somebody", since: "unknown" };
  }
}

function isGone(holder: LockHolder): boolean {
  const here = machine().machine;
  return here !== undefined && holder.machine === here && isStale(holder);
}

/** This boot of this kernel and this container of it: where a number of a process means the same to all. */
function machine(): Pick<LockHolder, "machine"> {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { machine: `${boot} ${readlinkSync("/proc/self/ns/pid")}` };
  } catch {
    return {};
  }
}
