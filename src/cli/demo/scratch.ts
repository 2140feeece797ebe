import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { newWorkspaceFiles } from "../../inventory/new-workspace.ts";
import { packageFile } from "../../package-files.ts";

/** A workspace that a demo may do with as it likes. */
export interface Scratch {
  readonly root: string;
  remove(): Promise<void>;
}

/** The folder of this package: what it ships beside its code. */
export const PACKAGE_ROOT = fileURLToPath(packageFile("./"));

/** Copies what describes a workspace into a new folder, so that a demo starts fresh and leaves nothing behind. */
export async function copyWorkspace(root: string): Promise<Scratch> {
  const scratch = await newScratch();
  for (const folder of ["inventory", "policies"]) {
    if (existsSync(join(root, folder))) {
      await cp(join(root, folder), join(scratch.root, folder), { recursive: true });
    }
  }
  return scratch;
}

/** Writes what describes the workspace that `sitewright init` would write. */
export async function newWorkspace(): Promise<Scratch> {
  const scratch = await newScratch();
  for (const file of newWorkspaceFiles("practice").filter(isDescription)) {
    const path = join(scratch.root, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  return scratch;
}

/** The rest of a workspace belongs to npm and Pulumi, which a scratch folder needs as little as their packages. */
function isDescription(file: { readonly path: string }): boolean {
  return file.path.startsWith("inventory/") || file.path.startsWith("policies/");
}

async function newScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), "sitewright-demo-"));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
