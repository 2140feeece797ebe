import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultBackend, projectOf, stackOf } from "./stack-environment.ts";

/** A lock of Pulumi's own on a stack of a file backend; it has no expiry. */
export interface StateLock {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  readonly since: string;
  /** True where its process ran on this machine and is gone. */
  readonly stale: boolean;
}

/** Reads Pulumi's locks on a stack. @returns none for backends that are not files here */
export function stateLocks(backend: string, project: string, stack: string): StateLock[] {
  if (!backend.startsWith("file://")) return [];
  const base = fileURLToPath(backend.replace(/\?.*$/, ""));
  const folder = join(base, ".pulumi", "locks", "organization", project, stack);
  return filesIn(folder).flatMap((name) => {
    const lock = readLock(join(folder, name));
    return lock ? [lock] : [];
  });
}

/** Where the state of a workspace is kept now. */
export function backendOf(root: string): string {
  return process.env.PULUMI_BACKEND_URL ?? defaultBackend(root);
}

/** A killed run leaves Pulumi's lock behind; one whose process is gone from this machine is released. */
export async function clearStaleStateLock(
  stack: { cancel(): Promise<void> },
  root: string,
  site: string,
): Promise<void> {
  const locks = stateLocks(backendOf(root), projectOf(root), stackOf(site));
  if (locks.length > 0 && locks.every((lock) => lock.stale)) await stack.cancel();
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readLock(file: string): StateLock | undefined {
  const value = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const pid = Number(value.pid);
  const host = String(value.hostname ?? "");
  return {
    pid,
    user: String(value.username ?? ""),
    host,
    since: String(value.timestamp ?? ""),
    stale: host === hostname() && !isAlive(pid),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
