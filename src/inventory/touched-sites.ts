import { compareText } from "../model/finding.ts";
import { identifyFile } from "./read/file-kind.ts";

/** Sites that a change of these files may concern, judged by what resolving a site reads: its own files; the files of
 *  its client; `site.yaml` and servers of its sister sites, which its references and overlaps look at; what all share.
 *  Who is concerned in truth shows once their models are compared.
 *  @param siteIds - every site of both revisions
 *  @returns sorted site ids */
export function touchedSites(changedPaths: Iterable<string>, siteIds: readonly string[]): string[] {
  const touched = new Set<string>();
  for (const path of changedPaths) {
    const identity = identifyFile(path);
    if (!identity) continue;
    const { client, site, kind } = identity;
    if (client === undefined) return [...siteIds].sort(compareText);
    const own = site !== undefined && (kind === "device" || kind === "rules");
    for (const id of siteIds) {
      if (own ? id === `${client}/${site}` : id.startsWith(`${client}/`)) touched.add(id);
    }
  }
  return [...touched].sort(compareText);
}
