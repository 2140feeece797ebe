import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type LabPaths, labPaths } from "./lab-names.ts";
import type { LabOptions, LabState } from "./types.ts";

/** Another process is bringing this lab up or down. */
export class LabBusyError extends Error {
  readonly pid: number;
  constructor(pid: number) {
    super(`process ${pid} is working on this lab; wait for it, or end it`);
    this.name = "LabBusyError";
    this.pid = pid;
  }
}

/** Reads `lab.json`; undefined where no lab is up.
 *  @throws Error when the file is there and is not a lab's state */
export function readLabState(options: LabOptions): LabState | undefined {
  const { stateFile } = labPaths(options);
  const text = readIfThere(stateFile);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as LabState;
  if (state.schemaVersion !== 1)
    throw new Error(`${stateFile}: schemaVersion ${state.schemaVersion} is not known`);
  return state;
}

/** Writes `lab.json` at once or not at all; it may hold practice passwords, so it is the owner's alone. */
export function writeLabState(paths: LabPaths, state: LabState): void {
  const draft = `${paths.stateFile}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, paths.stateFile);
}

/** Does something while no other process brings this lab up or down. The lock of a dead process counts for nothing.
 *  @throws LabBusyError */
export async function withLabLock<T>(paths: LabPaths, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(paths.lockFile), { recursive: true });
  takeLock(paths.lockFile);
  try {
    return await work();
  } finally {
    rmSync(paths.lockFile, { force: true });
  }
}

function takeLock(path: string): void {
  for (;;) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(readIfThere(path) ?? "");
    if (isAlive(holder)) throw new LabBusyError(holder);
    rmSync(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
