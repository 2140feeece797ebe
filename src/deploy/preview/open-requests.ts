import { compareRevisions } from "../../inventory/read/git-revision.ts";
import { listTree, type TreeEntry } from "../../inventory/read/git-texts.ts";
import { touchedSites } from "../../inventory/touched-sites.ts";
import type { Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { type OtherSide, openConflicts } from "../../planner/preview/open-conflicts.ts";
import { changedPaths, type RevisionFiles, rememberIdentities, revisionFiles } from "./revision-files.ts";

/** Another open request, as the forge lists it. */
export interface OpenHead {
  readonly request: number;
  readonly commit: string;
  /** Where the forge keeps its head, `refs/pull/12/head`. */
  readonly ref: string;
}

/** A site of this change, before and after. */
export interface OwnSite {
  readonly before: Site | undefined;
  readonly after: Site;
}

interface MeetOptions {
  readonly root: string;
  /** Commit of the base. */
  readonly base: string;
  readonly baseTree: readonly TreeEntry[];
  readonly own: readonly OwnSite[];
  readonly open: readonly OpenHead[];
  /** Resolves sites of a revision. */
  readonly resolve: (files: RevisionFiles, sites: readonly string[]) => Promise<ReadonlyMap<string, Site>>;
}

/** The most requests that are looked at, the newest first. */
const MOST_REQUESTS = 50;

/** Merges each other open request into the base, in memory, and names what it takes as well as this change. Only sites
 *  that both touch are read. A head that is not in this clone is told with what to fetch. */
export async function meetOpenRequests(options: MeetOptions): Promise<Finding[]> {
  const own = new Map(options.own.map((site) => [site.after.id, site]));
  const newest = [...options.open].sort((a, b) => b.request - a.request);
  const others = new Map<string, OtherSide[]>();
  const missing: OpenHead[] = [];
  for (const head of newest.slice(0, MOST_REQUESTS)) {
    const compared = await compareRevisions(options.root, options.base, head.commit);
    if (!("headTree" in compared)) {
      missing.push(head);
      continue;
    }
    const tree = await listTree(options.root, compared.headTree);
    const changed = changedPaths(options.baseTree, tree).map(({ path }) => path);
    const both = touchedSites(changed, [...own.keys()]);
    if (both.length === 0) continue;
    const sites = await options.resolve(revisionFiles(tree, rememberIdentities()), both);
    for (const [id, site] of sites)
      others.set(id, [...(others.get(id) ?? []), { request: head.request, site }]);
  }
  return [
    ...[...own].flatMap(([id, { before, after }]) => openConflicts(before, after, others.get(id) ?? [])),
    ...notSeen(missing, newest.length - MOST_REQUESTS),
  ];
}

function notSeen(missing: readonly OpenHead[], beyond: number): Finding[] {
  const where = { file: ".git", line: 1, column: 1 };
  const findings: Finding[] = [];
  if (missing.length > 0)
    findings.push({
      code: "PRV-OPEN-UNSEEN",
      severity: "info",
      message: `not met with ${missing.length} open requests, whose heads are not in this clone`,
      hint: `type: git fetch origin ${missing
        .slice(0, 8)
        .map(({ ref }) => ref)
        .join(" ")}`,
      where,
    });
  if (beyond > 0)
    findings.push({
      code: "PRV-OPEN-UNSEEN",
      severity: "info",
      message: `not met with the ${beyond} oldest open requests`,
      hint: `close requests that nobody works on: ${MOST_REQUESTS} are looked at`,
      where,
    });
  return findings;
}
