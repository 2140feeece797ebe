import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a device keeps between processes. */
export interface KeptState {
  readonly hostKey: string;
  /** Real time at which each timer fires, milliseconds since 1970. */
  readonly timers: Readonly<Record<string, number>>;
  readonly system: unknown;
}

/** Reads a device's state; undefined where the folder holds none. */
export function readState(folder: string): KeptState | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, "device.json"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return JSON.parse(text) as KeptState;
}

/** Writes a device's state; a reader sees the old or the new one, never half of it. */
export function writeState(folder: string, state: KeptState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "device.json");
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
