import { existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { labIdOf, labPaths, NAMESPACE_FOLDER } from "./lab-names.ts";
import { withLabLock } from "./lab-store.ts";
import { listNamespaces, processesIn } from "./namespaces.ts";
import { run } from "./run.ts";
import type { LabOptions } from "./types.ts";

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
  const mounts = mountsBelow(paths.runDir);
  // The innermost first; lazily, because the kernel may still be busy with a dead device's root.
  if (mounts.length > 0) await run(["umount", "-l", ...mounts]);
  rmSync(paths.stateFile, { force: true });
  if (existsSync(paths.runDir)) removeEmptied(paths.runDir);
  return {
    namespaces: namespaces.length,
    processes,
    mounts: mounts.length,
    tookMs: performance.now() - startedAt,
  };
}

/** Ends what lives in the namespaces, again and again until nothing does: a process may start another meanwhile. */
async function endProcesses(namespaces: readonly string[]): Promise<number> {
  const ended = new Set<number>();
  const deadline = performance.now() + END_TIMEOUT_MS;
  for (;;) {
    const alive = processesIn(namespaces);
    if (alive.length === 0) return ended.size;
    if (performance.now() > deadline) throw new Error(`processes do not end: ${alive.join(", ")}`);
    for (const pid of alive) {
      ended.add(pid);
      endProcess(pid);
    }
    await sleep(5);
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

/** Removes the run folder after its tmpfs is gone. */
function removeEmptied(folder: string): void {
  if (folder === "/" || folder.startsWith(NAMESPACE_FOLDER)) throw new Error(`refusing to remove ${folder}`);
  if (mountsBelow(folder).length > 0) throw new Error(`something is still mounted below ${folder}`);
  rmdirSync(folder);
}
