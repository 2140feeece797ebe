import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PushStep } from "./stores/types.ts";
import type { DeviceOutcome } from "./types.ts";
import { stateFolder } from "./workspace.ts";

/** What the driver host tells the process that started the engine, one JSON line each. */
export type RunEvent =
  | { readonly kind: "step"; readonly device: string; readonly step: PushStep }
  | { readonly kind: "command"; readonly device: string; readonly done: number; readonly total: number }
  | { readonly kind: "outcome"; readonly outcome: DeviceOutcome };

/** Where the events of a run are written. */
export function runFile(root: string, run: string): string {
  return join(stateFolder(root), "runs", `${run}.jsonl`);
}

/** Appends an event; the journal, not this file, is what survives a crash. */
export function tellRun(file: string, event: RunEvent): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
}

/** Reads the events that came since the last call. */
export function followRun(file: string): () => RunEvent[] {
  let seen = 0;
  return () => {
    const lines = readIfThere(file).split("\n").slice(0, -1);
    const fresh = lines.slice(seen);
    seen = lines.length;
    return fresh.map((line) => JSON.parse(line) as RunEvent);
  };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
