import { readFileSync } from "node:fs";

/** Milliseconds between two looks at whether the engine still lives. */
const LOOK_MS = 1_000;

/** What a plugin process does about its engine. */
export interface EngineWatch {
  /** Called once when the engine is gone: no new push may start. */
  readonly onGone: () => void;
  /** True while a push is under way: it is finished or undone before the process ends. */
  readonly isBusy: () => boolean;
}

/** The engine that started this process, as it was when the first line of this file ran. */
const ENGINE = grandparent();

/** Tells at once whether the engine still lives: asked before each push, for a look a second comes too late on a fast
 *  machine. True where the system has no /proc. */
export function engineLives(): boolean {
  return ENGINE === undefined || grandparent() === ENGINE;
}

/** Ends a plugin process whose engine was killed, after the pushes under way are done. Without it the process would
 *  live on as an orphan, and Pulumi's handler of uncaught errors would write to a closed pipe for ever. */
export function watchEngine(watch: EngineWatch): void {
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  if (ENGINE === undefined) return;
  let gone = false;
  const timer = setInterval(() => {
    if (!gone && engineLives()) return;
    if (!gone) watch.onGone();
    gone = true;
    if (!watch.isBusy()) process.exit(1);
  }, LOOK_MS);
  timer.unref();
}

/** The process that started the shell that started us; undefined where the system has no /proc. */
function grandparent(): string | undefined {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return undefined;
  }
}
