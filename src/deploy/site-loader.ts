import { readWorkspace } from "../inventory/read/workspace.ts";
import { resolveWorkspace } from "../inventory/resolve/resolve.ts";
import { isFileWhere } from "../model/finding.ts";
import type { Site } from "../model/site.ts";

/** Loads sites of a workspace from its YAML. */
export interface SiteLoader {
  /** @throws Error with the first finding of severity error */
  load(site: string): Promise<Site>;
  /** Tells whether a loaded site is bound to the lab. @throws Error for one that was not loaded */
  isLab(site: string): boolean;
  /** Tells whether every loaded site is bound to the lab. */
  onlyLab(): boolean;
}

/** Opens a loader; each site is read once. */
export function siteLoader(root: string): SiteLoader {
  const loaded = new Map<string, Site>();
  return {
    async load(id) {
      const known = loaded.get(id);
      if (known) return known;
      const workspace = await readWorkspace(root, { sites: [id] });
      const { sites, findings } = resolveWorkspace(workspace, { sites: [id] });
      const broken = findings.find((finding) => finding.severity === "error" && finding.waiver === undefined);
      if (broken) {
        const { where } = broken;
        const place = isFileWhere(where) ? `${where.file}:${where.line}:${where.column}` : where.device;
        throw new Error(`${place}: ${broken.code} ${broken.message}; ${broken.hint}`);
      }
      const site = sites.find((entry) => entry.id === id);
      if (!site) throw new Error(`the inventory has no site ${id}`);
      loaded.set(id, site);
      return site;
    },
    onlyLab() {
      return loaded.size > 0 && [...loaded.values()].every((site) => site.binding === "lab");
    },
    isLab(id) {
      const site = loaded.get(id);
      if (!site) throw new Error(`site ${id} was not loaded`);
      return site.binding === "lab";
    },
  };
}
