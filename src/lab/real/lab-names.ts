import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { LabOptions } from "./types.ts";

/** Folder of namespaces that have a name, as `ip netns` keeps it. */
export const NAMESPACE_FOLDER = "/run/netns";

/** Short, because a unix socket's path has room for 107 bytes. */
const RUN_FOLDER = "/run";

/** Id of a lab: the given one, else made from the folder of its state, so that two workspaces never meet. */
export function labIdOf({ stateDir, labId }: LabOptions): string {
  if (labId !== undefined) return parseLabId(labId);
  return createHash("sha256").update(resolve(stateDir)).digest("hex").slice(0, 8);
}

/** Refuses an id that could reach beyond its own lab, such as one with a dash or a slash in it.
 *  @throws Error on anything but 1 to 16 lower-case letters and digits */
export function parseLabId(text: string): string {
  if (/^[a-z0-9]{1,16}$/.test(text)) return text;
  throw new Error(`lab id "${text}": use 1 to 16 lower-case letters and digits`);
}

/** Beginning of the name of every namespace of a lab. */
export function namespacePrefix(labId: string): string {
  return `sw-${labId}-`;
}

/** Name of a device's network namespace. */
export function namespaceOf(labId: string, device: string): string {
  return `${namespacePrefix(labId)}${device}`;
}

/** Namespace of the operator's side of all management cables; a device cannot have an upper-case name. */
export function managementNamespace(labId: string): string {
  return `${namespacePrefix(labId)}MGMT`;
}

/** Namespace of the far ends of unplugged interfaces. */
export function emptyNamespace(labId: string): string {
  return `${namespacePrefix(labId)}NONE`;
}

/** Path that nsenter and ip take for a namespace. */
export function namespacePath(namespace: string): string {
  return join(NAMESPACE_FOLDER, namespace);
}

/** Places of a lab on this machine. All below one tmpfs, so that down leaves no file. */
export interface LabPaths {
  readonly stateFile: string;
  readonly lockFile: string;
  readonly runDir: string;
  readonly freshLayer: string;
  readonly hideLayer: string;
}

/** Names the places of a lab. */
export function labPaths(options: LabOptions): LabPaths {
  const runDir = join(RUN_FOLDER, `sw-${labIdOf(options)}`);
  return {
    stateFile: join(resolve(options.stateDir), "lab.json"),
    lockFile: join(resolve(options.stateDir), "lab.lock"),
    runDir,
    freshLayer: join(runDir, "base", "fresh"),
    hideLayer: join(runDir, "base", "hide"),
  };
}

/** Places of one device below a lab's run folder. */
export interface DevicePaths {
  readonly disk: string;
  readonly upper: string;
  readonly work: string;
  readonly root: string;
  readonly pidFile: string;
  readonly bootScript: string;
  readonly log: string;
  readonly socket: string;
  readonly agentSocket: string;
}

/** Names the places of one device. */
export function devicePaths(runDir: string, device: string): DevicePaths {
  const disk = join(runDir, "disk", device);
  return {
    disk,
    upper: join(disk, "upper"),
    work: join(disk, "work"),
    root: join(disk, "root"),
    pidFile: join(runDir, "pids", device),
    bootScript: join(runDir, "boot", `${device}.sh`),
    log: join(runDir, "logs", `${device}.log`),
    socket: join(runDir, "ssh", device),
    agentSocket: join(runDir, "agents", device),
  };
}
