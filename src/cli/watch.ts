import { watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Folders whose files make a plan. */
const WATCHED = ["inventory", "policies"];

/** Editors write a file in several steps: we wait until they are done. */
const SETTLE_MS = 100;

/** Calls `again` once at the start and after each change of a YAML file, until the signal. Changes that come while it
 *  runs are seen afterwards; none is lost. */
export async function watchWorkspace(
  root: string,
  signal: AbortSignal,
  again: () => Promise<void>,
): Promise<void> {
  let changed = true;
  let wake: (() => void) | undefined;
  const notice = (_event: string, name: string | null): void => {
    if (name !== null && !name.endsWith(".yaml")) return;
    changed = true;
    wake?.();
  };
  const watchers = WATCHED.map((folder) => watch(join(root, folder), { recursive: true, signal }, notice));
  // A folder that cannot be watched ends the command with its reason; an abort is how it is meant to end.
  const failed = Promise.race(
    watchers.map((watcher) => new Promise<never>((_resolve, reject) => watcher.once("error", reject))),
  );
  const stopped = new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  while (!signal.aborted) {
    if (changed) {
      await sleep(SETTLE_MS);
      changed = false;
      await again();
      continue;
    }
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await Promise.race([woken, stopped, failed]);
  }
}
