import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./exit.ts";

/** The nearest folder upwards that holds `inventory/`.
 *  @throws UsageError where there is none */
export function findWorkspaceRoot(start: string): string {
  let folder = resolve(start);
  for (;;) {
    if (existsSync(join(folder, "inventory"))) return folder;
    const parent = dirname(folder);
    if (parent === folder) {
      throw new UsageError(`no inventory/ in ${resolve(start)} or above`, "type: sitewright init my-net");
    }
    folder = parent;
  }
}
