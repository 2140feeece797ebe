import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parsePlainYaml } from "../inventory/yaml/plain-yaml.ts";
import { type Pack, parsePack } from "../planner/checks/pack.ts";
import { PACKAGE_ROOT } from "./demo/scratch.ts";
import { UsageError } from "./exit.ts";

/** A pack of the workspace, else the one that this package ships.
 *  @throws UsageError where there is none of that name, or it is broken */
export function readPack(root: string, name: string): Pack {
  const file = packFolders(root)
    .map((folder) => join(folder, `${basename(name)}.yaml`))
    .find((path) => existsSync(path));
  if (file === undefined)
    throw new UsageError(`there is no pack "${name}"`, `known: ${packNames(root).join(", ")}`);
  const { pack, mistakes } = parsePack(parsePlainYaml(readFileSync(file, "utf8")));
  if (pack !== undefined && mistakes.length === 0) return pack;
  throw new UsageError(`${file}: ${mistakes[0] ?? "is no pack"}`, "mend the pack");
}

/** Names of all packs, sorted. */
export function packNames(root: string): string[] {
  const files = packFolders(root).flatMap((folder) => readdirSync(folder));
  return [...new Set(files.map((entry) => entry.replace(/\.yaml$/, "")))].sort();
}

function packFolders(root: string): string[] {
  const folders = [root, PACKAGE_ROOT].map((folder) => join(folder, "policies/packs"));
  return folders.filter((folder) => existsSync(folder));
}
