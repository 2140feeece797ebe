import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileKind } from "../inventory/read/file-kind.ts";

/** Where the schemas of an installed package lie, and those of a clone. */
const SCHEMA_FOLDERS = [
  "node_modules/sitewright/dist/inventory/schema/editor",
  "src/inventory/schema/editor",
] as const;

const WRITTEN = /^# yaml-language-server: \$schema=(\S+)\s*$/m;

/** The first line of a YAML file, which tells editors its schema. One that is there and leads to the schema of its kind
 *  stays as it is: the workspace may lie deeper than its package.
 *  @param text - the file as it is */
export function modelineOf(root: string, file: string, kind: FileKind, text: string): string {
  const written = WRITTEN.exec(text);
  const schema = written?.[1];
  if (schema !== undefined && leadsTo(schema, join(root, dirname(file)), kind))
    return `# yaml-language-server: $schema=${schema}`;
  const folder = SCHEMA_FOLDERS.find((candidate) => existsSync(join(root, candidate))) ?? SCHEMA_FOLDERS[0];
  const up = "../".repeat(file.split("/").length - 1);
  return `# yaml-language-server: $schema=${up}${folder}/${kind}.json`;
}

function leadsTo(schema: string, folder: string, kind: FileKind): boolean {
  return basename(schema) === `${kind}.json` && existsSync(join(folder, schema));
}
