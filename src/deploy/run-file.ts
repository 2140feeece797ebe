import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PushStep } from "./stores/types.ts";
import type { DeviceOutcome } from "./types.ts";
import { stateFolder } from "./workspace.ts";

/** What the driver host tells the process that started the engine, one JSON line each. */
export type RunEvent =
  | { readonly kind: "step"; readonly device: string; readonly step: PushStep }
  | { readonly kind: "command"; readonly device: string; readonly done: number; readonly total: number }
  | { readonly kind: "outcome"; readonly outcome: DeviceOutcome };

/** A new file for the events of one run of the engine. */
export function newRunFile(root: string): string {
  return join(stateFolder(root), "runs", `${Date.now().toString(36)}${randomBytes(4).toString("hex")}.jsonl`);
}

/** Appends an event; the journal, not this file, is what survives a crash. */
export function tellRun(file: string, event: RunEvent): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
}

/** Tells the driver host that no new push shall start. */
export function stopRun(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.stop`, "", { mode: 0o600 });
}

/** True once somebody asked that no new push start. */
export function isStopped(file: string | undefined): boolean {
  return file !== undefined && existsSync(`${file}.stop`);
}

/** Removes what a run left. */
export function endRun(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}.stop`, { force: true });
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
