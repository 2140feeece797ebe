import { identifyFile } from "../../inventory/read/file-kind.ts";
import type { TreeEntry } from "../../inventory/read/git-texts.ts";
import { compareText, type Finding } from "../../model/finding.ts";
import { canonicalJson, sha256 } from "../../planner/plan/digest.ts";
import type { ChangedPath } from "../../planner/preview/review-files.ts";

/** Names the paths that two trees do not have alike, sorted. */
export function changedPaths(base: readonly TreeEntry[], head: readonly TreeEntry[]): ChangedPath[] {
  const before = new Map(base.map((entry) => [entry.path, entry]));
  const changed: ChangedPath[] = [];
  for (const entry of head) {
    const old = before.get(entry.path);
    before.delete(entry.path);
    if (old?.oid === entry.oid && old.mode === entry.mode) continue;
    changed.push({ path: entry.path, change: old ? "changed" : "added", link: isLink(entry) });
  }
  for (const path of before.keys()) changed.push({ path, change: "removed", link: false });
  return changed.sort((a, b) => compareText(a.path, b.path));
}

function isLink(entry: TreeEntry): boolean {
  return entry.mode === "120000" || entry.mode === "160000";
}

/** Tells whether a tree holds a link where inventory files are expected. */
export function isInventoryLink(entry: TreeEntry): boolean {
  return isLink(entry) && /^(inventory|policies)(\/|$)/.test(entry.path);
}

/** Tells whether a link stands where a site's files, or files that it builds upon, would stand. */
export function leadsInto(link: string, site: string): boolean {
  const folder = `inventory/${site}/`;
  if (link.startsWith(folder) || folder.startsWith(`${link}/`)) return true;
  const [room, client] = link.split("/");
  if (client === undefined || client.includes(".") || client === "models") return true;
  if (client === site.split("/")[0]) return true;
  return room === "policies" && link.split("/").length === 2;
}

/** Says that a link is not followed. */
export function linkFinding(entry: TreeEntry): Finding {
  const what = entry.mode === "120000" ? "a symbolic link" : "a submodule";
  return {
    code: "INV-SYMLINK",
    severity: "error",
    message: `this is ${what}: a preview follows none`,
    hint: "commit the files themselves",
    where: { file: entry.path, line: 1, column: 1 },
  };
}

/** The sites that a tree has files of. */
export function sitesOf(entries: readonly TreeEntry[]): Set<string> {
  const ids = new Set<string>();
  for (const { path } of entries) {
    const identity = identifyFile(path);
    if (identity?.client && identity.site && path.startsWith("inventory/"))
      ids.add(`${identity.client}/${identity.site}`);
  }
  return ids;
}

/** Gives for each site a digest over every file that resolving it may read: equal digests, equal sites. */
export function inputDigests(entries: readonly TreeEntry[]): (site: string) => string {
  const shared: string[] = [];
  const ofClient = new Map<string, string[]>();
  const ofSite = new Map<string, string[]>();
  for (const { path, oid, mode } of entries) {
    const identity = identifyFile(path);
    if (!identity) continue;
    const { client, site, kind } = identity;
    const line = `${mode} ${oid} ${path}`;
    if (client === undefined) shared.push(line);
    else if (site === undefined || kind === "site" || kind === "server") listIn(ofClient, client).push(line);
    else listIn(ofSite, `${client}/${site}`).push(line);
  }
  const sharedDigest = sha256(shared.join("\n"));
  const clientDigests = new Map([...ofClient].map(([client, lines]) => [client, sha256(lines.join("\n"))]));
  return (site) => {
    const client = site.split("/")[0] ?? "";
    return sha256(
      canonicalJson([site, sharedDigest, clientDigests.get(client) ?? "", ofSite.get(site) ?? []]),
    );
  };
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const known = map.get(key);
  if (known) return known;
  const made: string[] = [];
  map.set(key, made);
  return made;
}
