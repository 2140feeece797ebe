import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A file to be written into a device; mode 0644 and root unless told otherwise. */
export interface TreeFile {
  readonly text: string;
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** Writes files below a root folder, making parents; a path with `..` cannot leave it.
 *  @param files - by absolute path as the device sees it */
export function writeTree(root: string, files: Readonly<Record<string, TreeFile>>): void {
  for (const [path, file] of Object.entries(files)) {
    const target = join(root, normalize(join("/", path)));
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, file.text, { mode: 0o600 });
    if (file.owner) chownSync(target, file.owner.uid, file.owner.gid);
    chmodSync(target, file.mode ?? 0o644);
  }
}
