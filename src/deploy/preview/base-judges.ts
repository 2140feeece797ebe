import { type FileKind, identifyFile } from "../../inventory/read/file-kind.ts";
import type { TreeEntry } from "../../inventory/read/git-texts.ts";
import { compareText } from "../../model/finding.ts";
import type { ChangedPath } from "../../planner/preview/review-files.ts";

/** What decides how findings are judged: weights and packs, waivers, own rules. */
const JUDGING: ReadonlySet<FileKind> = new Set(["checks", "waivers", "zoning"]);

/** Whether a path says how findings are judged. A branch never brings its own judge: a preview takes these files from
 *  the base (D15). */
export function isJudging(path: string): boolean {
  const kind = identifyFile(path)?.kind;
  return kind !== undefined && JUDGING.has(kind);
}

/** The head as the base judges it: all its files, save those that say how findings are judged. */
export function judgedByBase(base: readonly TreeEntry[], head: readonly TreeEntry[]): TreeEntry[] {
  return [...head.filter(({ path }) => !isJudging(path)), ...base.filter(({ path }) => isJudging(path))].sort(
    (a, b) => compareText(a.path, b.path),
  );
}

/** One site for each client whose judging files a branch changes: enough to find what is wrong with these files.
 *  @param sites - sites of the branch */
export function sitesOfChangedJudges(changed: readonly ChangedPath[], sites: Iterable<string>): string[] {
  const clients = changed
    .filter(({ path, change }) => change !== "removed" && isJudging(path))
    .map(({ path }) => identifyFile(path)?.client);
  if (clients.length === 0) return [];
  const first = new Map<string, string>();
  for (const site of [...sites].sort(compareText)) {
    const client = site.slice(0, site.indexOf("/"));
    if (!first.has(client) && (clients.includes(undefined) || clients.includes(client)))
      first.set(client, site);
  }
  return [...first.values()];
}
