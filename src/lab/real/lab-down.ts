import { readFileSync, rmdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { labIdOf, labPaths } from "./lab-names.ts";
import { withLabLock } from "./lab-store.ts";
import { listNamespaces, processesIn } from "./namespaces.ts";
import { run, runUnchecked } from "./run.ts";
import type { LabOptions } from "./types.ts";
import { waitFor } from "./wait.ts";

/** What a take-down found and removed; all zero when there was nothing. */
export interface LabDownResult {
  readonly namespaces: number;
  readonly processes: number;
  readonly mounts: number;
  readonly tookMs: number;
}

const END_TIMEOUT_MS = 10_000;

/** Takes a lab down: its processes, namespaces, mounts and files. Goes by the names and the kernel's tables, not by
 *  `lab.json`, so that it also clears what a killed run left; doing it twice does no harm.
 *  @throws LabBusyError while another process brings the same lab up or down */
export function labDown(options: LabOptions): Promise<LabDownResult> {
  return withLabLock(labPaths(options), () => removeLab(options));
}

/** As labDown, for callers that hold the lock. */
export async function removeLab(options: LabOptions): Promise<LabDownResult> {
  const startedAt = performance.now();
  const labId = labIdOf(options);
  const paths = labPaths(options);
  const namespaces = listNamespaces(labId);
  const processes = await endProcesses(namespaces);
  if (namespaces.length > 0)
    await run(["ip", "-force", "-batch", "-"], {
      input: namespaces.map((name) => `netns del ${name}\n`).join(""),
    });
  const mounts = await removeRunFolder(paths.runDir);
  rmSync(paths.stateFile, { force: true });
  return { namespaces: namespaces.length, processes, mounts, tookMs: performance.now() - startedAt };
}

/** Ends what lives in the namespaces, again and again until nothing does: a process may start another meanwhile.
 *  The starters of devices are spared at first: they bury their device and end by themselves. */
async function endProcesses(namespaces: readonly string[]): Promise<number> {
  const ended = new Set<number>();
  const startedAt = performance.now();
  for (;;) {
    const alive = processesIn(namespaces);
    const tookMs = performance.now() - startedAt;
    if (alive.length === 0) return ended.size;
    if (tookMs > END_TIMEOUT_MS) throw new Error(`processes do not end: ${alive.join(", ")}`);
    for (const pid of alive) {
      if (tookMs < STARTER_GRACE_MS && programOf(pid) === "unshare") continue;
      ended.add(pid);
      endProcess(pid);
    }
    await sleep(5);
  }
}

const STARTER_GRACE_MS = 300;

function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself, or with its pid namespace.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Mount points below a folder, innermost first. */
function mountsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

/** Unmounts all below the run folder, the innermost first, and removes it. Lazily, because the kernel may still be
 *  busy with a dead device's root; again and again within a limit, because the last command of a run that was killed
 *  this very moment may still mount something.
 *  @returns how many mounts there were */
async function removeRunFolder(folder: string): Promise<number> {
  let unmounted = 0;
  const tryOnce = async (): Promise<true | undefined> => {
    const mounts = mountsBelow(folder);
    unmounted += mounts.length;
    if (mounts.length > 0) await runUnchecked(["umount", "-l", ...mounts]);
    return isRemoved(folder) || undefined;
  };
  await waitFor(`${folder} is removed`, tryOnce, { timeoutMs: END_TIMEOUT_MS, everyMs: 20 });
  return unmounted;
}

/** Removes the emptied folder; only ever an empty one, so that nothing mounted there can be lost. */
function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "EBUSY" || code === "ENOTEMPTY") return false;
    throw error;
  }
}
