import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PUSH_STEPS } from "../../src/deploy/stores/types.ts";
import type { ChildJob } from "./push-child.ts";

/** Every moment at which a push can be killed: when a step's begin is on disk and its work is not done, when its work
 *  is done and its end is not on disk (its end on disk is as good as the next one's begin); and after the first command
 *  that the device took. */
export const KILL_POINTS: readonly string[] = PUSH_STEPS.flatMap((step) =>
  step === "send" ? ["send:begin", "send:command", "send:done"] : [`${step}:begin`, `${step}:done`],
);

/** Pushes in a process of its own. @returns the signal that ended it, and what it printed */
export async function pushInChild(
  job: ChildJob,
): Promise<{ readonly signal: string | null; readonly stdout: string; readonly stderr: string }> {
  const file = join(job.root, "job.json");
  writeFileSync(file, JSON.stringify(job));
  const script = fileURLToPath(new URL("./push-child.ts", import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString("utf8");
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString("utf8");
  });
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_code, ending) => resolve(ending));
  });
  return { signal, stdout, stderr };
}

/** Moments at which an undoing can be killed in its turn. */
export const UNDO_KILL_POINTS: readonly string[] = ["roll-back", "verify-roll-back", "unlock"].flatMap(
  (step) => [`${step}:begin`, `${step}:done`, `${step}:end`],
);
