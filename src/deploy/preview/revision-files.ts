import { type FileIdentity, identifyFile } from "../../inventory/read/file-kind.ts";
import type { TreeEntry } from "../../inventory/read/git-texts.ts";
import { compareText, type Finding } from "../../model/finding.ts";
import { sha256 } from "../../planner/plan/digest.ts";
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
function isInventoryLink(entry: TreeEntry): boolean {
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

/** Tells what a file is, remembered: two revisions share nearly all their paths. */
export function rememberIdentities(): (path: string) => FileIdentity | undefined {
  const known = new Map<string, FileIdentity | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, identifyFile(path));
    return known.get(path);
  };
}

/** One revision's inventory files, by who reads them. */
export interface RevisionFiles {
  /** The sites that it has files of. */
  readonly sites: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  /** Links where inventory files are expected. */
  readonly links: readonly TreeEntry[];
  /** A digest over every file that resolving a site may read: equal digests, equal sites. */
  digestOf(site: string): string;
  /** Every file that resolving these sites may read. */
  readFor(sites: readonly string[]): readonly TreeEntry[];
}

/** Sorts the files of a tree once. */
export function revisionFiles(
  entries: readonly TreeEntry[],
  identify: (path: string) => FileIdentity | undefined,
): RevisionFiles {
  const shared: TreeEntry[] = [];
  const ofClient = new Map<string, TreeEntry[]>();
  const ofSite = new Map<string, TreeEntry[]>();
  const sites = new Set<string>();
  const paths = new Set<string>();
  for (const entry of entries) {
    paths.add(entry.path);
    const identity = identify(entry.path);
    if (!identity) continue;
    const { client, site, kind } = identity;
    if (client && site) sites.add(`${client}/${site}`);
    if (client === undefined) shared.push(entry);
    else if (site === undefined || kind === "site" || kind === "server") listIn(ofClient, client).push(entry);
    else listIn(ofSite, `${client}/${site}`).push(entry);
  }
  const digests = new Map<string, string>();
  const digestOfList = (name: string, list: readonly TreeEntry[]): string => {
    const known = digests.get(name);
    if (known !== undefined) return known;
    const digest = sha256(list.map(({ mode, oid, path }) => `${mode} ${oid} ${path}`).join("\n"));
    digests.set(name, digest);
    return digest;
  };
  const clientOf = (site: string): string => site.split("/")[0] ?? "";
  return {
    sites,
    paths,
    links: entries.filter(isInventoryLink),
    digestOf: (site) =>
      sha256(
        [
          site,
          digestOfList("", shared),
          digestOfList(clientOf(site), ofClient.get(clientOf(site)) ?? []),
          digestOfList(site, ofSite.get(site) ?? []),
        ].join("\n"),
      ),
    readFor: (wanted) => [
      ...shared,
      ...[...new Set(wanted.map(clientOf))].flatMap((client) => ofClient.get(client) ?? []),
      ...wanted.flatMap((site) => ofSite.get(site) ?? []),
    ],
  };
}

function listIn(map: Map<string, TreeEntry[]>, key: string): TreeEntry[] {
  const known = map.get(key);
  if (known) return known;
  const made: TreeEntry[] = [];
  map.set(key, made);
  return made;
}
