import { readdirSync, readlinkSync, statSync } from "node:fs";
import { NAMESPACE_FOLDER, namespacePath, namespacePrefix } from "./lab-names.ts";

/** Lists the namespaces of one lab, and of no other, sorted. */
export function listNamespaces(labId: string): string[] {
  return listFolder(NAMESPACE_FOLDER)
    .filter((name) => name.startsWith(namespacePrefix(labId)))
    .sort();
}

/** Inode of a named namespace; undefined where it is gone. */
export function namespaceInode(namespace: string): number | undefined {
  try {
    return statSync(namespacePath(namespace)).ino;
  } catch {
    return undefined;
  }
}

/** Inode of the network namespace that a process lives in; undefined where the process is gone. */
export function processNamespaceInode(pid: number): number | undefined {
  try {
    const match = /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/net`));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a pid is a process of the namespace: a recorded number may have been given away since. */
export function livesIn(pid: number, namespace: string): boolean {
  const inode = namespaceInode(namespace);
  return inode !== undefined && inode === processNamespaceInode(pid);
}

/** Finds every process that lives in one of the namespaces, by what the kernel says and not by any name. */
export function processesIn(namespaces: readonly string[]): number[] {
  const own = processNamespaceInode(process.pid);
  const inodes = new Set(namespaces.map(namespaceInode));
  inodes.delete(undefined);
  // A file left in the folder by a broken mount could point at the machine's own namespace: never match that one.
  inodes.delete(own);
  return listFolder("/proc")
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && inodes.has(processNamespaceInode(pid)));
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
