import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FileKind } from "../inventory/read/file-kind.ts";

/** Where the schemas of an installed package lie, and those of a clone. */
const SCHEMA_FOLDERS = [
  "node_modules/sitewright/dist/inventory/schema/editor",
  "src/inventory/schema/editor",
] as const;

/** The first line of a YAML file, which tells editors its schema. */
export function modelineOf(root: string, file: string, kind: FileKind): string {
  const folder = SCHEMA_FOLDERS.find((candidate) => existsSync(join(root, candidate))) ?? SCHEMA_FOLDERS[0];
  const up = "../".repeat(file.split("/").length - 1);
  return `# yaml-language-server: $schema=${up}${folder}/${kind}.json`;
}
