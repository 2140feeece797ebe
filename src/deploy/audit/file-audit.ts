import { mkdir, open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { canonicalJson } from "../../planner/plan/digest.ts";
import { writeAtomic } from "../stores/atomic.ts";
import { appendLine, readTextIfThere } from "../stores/jsonl.ts";
import { LockedError } from "../stores/locks.ts";
import type { AuditStore, HeldLock, LockStore } from "../stores/types.ts";
import { NO_ENTRY, nextEntry, parseEntry } from "./chain.ts";
import { anchorHead, type HeadOptions, parseHead, signHead } from "./head.ts";
import type { AuditEntry, AuditEvent, AuditHead } from "./types.ts";

/** How a workspace keeps its audit log. */
export interface AuditOptions extends HeadOptions {
  readonly folder: string;
  readonly locks: LockStore;
}

const LOCK = "audit-log";
const LOCK_WAIT_MS = 20_000;
const LOCK_STEP_MS = 25;

/** An append-only file of JSON lines, each naming the hash of the one before; beside it the head, signed where a key is
 *  configured. Two processes take turns. */
export function fileAudit(options: AuditOptions): AuditStore {
  const log = join(options.folder, "log.jsonl");
  const headFile = join(options.folder, "head.json");
  return {
    async append(event) {
      await mkdir(options.folder, { recursive: true, mode: 0o700 });
      const lock = await takeLock(options.locks);
      try {
        await keepTornAside(log);
        const head = await readHead(headFile);
        const entry = await link(log, head, event);
        await placeHead(headFile, entry, options);
        return entry;
      } finally {
        await lock.release();
      }
    },
    async lines() {
      const text = (await readTextIfThere(log)) ?? "";
      return text.split("\n").filter((line) => line !== "");
    },
    head: () => readHead(headFile),
    brought: async () => [],
  };
}

/** Goes on after the head where it is ahead of the log, so that what was cut off stays missing for ever. A log that is
 *  ahead of its head was written by a process that died in between. */
async function link(log: string, head: AuditHead | undefined, event: AuditEvent): Promise<AuditEntry> {
  const last = await lastEntry(log);
  const before = head !== undefined && head.seq >= (last?.seq ?? 0) ? head : (last ?? NO_ENTRY);
  const entry = nextEntry(before, new Date().toISOString(), event);
  await appendLine(log, JSON.parse(canonicalJson(entry)));
  return entry;
}

async function placeHead(file: string, entry: AuditEntry, options: AuditOptions): Promise<void> {
  const { seq, hash, at } = entry;
  const head: AuditHead = { seq, hash, at };
  // Unsigned first: where no key answers, the entry counts nevertheless, and `verify` tells that nobody signed.
  await writeAtomic(file, `${JSON.stringify(head)}\n`);
  const signed = await signHead(head, options);
  if (signed.signature !== undefined) await writeAtomic(file, `${JSON.stringify(signed)}\n`);
  await anchorHead(signed, options);
}

/** Moves what a killed writer left of a line into a file of its own. */
async function keepTornAside(log: string): Promise<void> {
  const text = await readTextIfThere(log);
  if (text === undefined || text === "" || text.endsWith("\n")) return;
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const torn = text.slice(whole.length);
  if (parseEntry(torn) !== undefined) {
    // Only its newline is missing: the entry is whole.
    const file = await open(log, "a");
    await file.write("\n");
    await file.sync();
    await file.close();
    return;
  }
  await writeAtomic(`${log}.torn-${Date.now()}`, torn);
  await truncate(log, Buffer.byteLength(whole));
}

async function lastEntry(log: string): Promise<AuditEntry | undefined> {
  const text = (await readTextIfThere(log)) ?? "";
  const lines = text.split("\n");
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const entry = parseEntry(lines[at] ?? "");
    if (entry !== undefined) return entry;
  }
  return undefined;
}

const readHead = async (file: string): Promise<AuditHead | undefined> =>
  parseHead(await readTextIfThere(file));

async function takeLock(locks: LockStore): Promise<HeldLock> {
  for (let waited = 0; ; waited += LOCK_STEP_MS) {
    try {
      return await locks.acquire(LOCK);
    } catch (error) {
      if (!(error instanceof LockedError) || waited >= LOCK_WAIT_MS) throw error;
      await sleep(LOCK_STEP_MS);
    }
  }
}
