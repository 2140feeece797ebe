import { join } from "node:path";
import { identifyFile } from "../../inventory/read/file-kind.ts";
import { type Comparison, compareRevisions } from "../../inventory/read/git-revision.ts";
import { listTree, readGitTexts, type TreeEntry } from "../../inventory/read/git-texts.ts";
import { strayFinding } from "../../inventory/read/stray.ts";
import { workspaceOfTexts } from "../../inventory/read/workspace.ts";
import { Inventory, type SiteResolution } from "../../inventory/resolve/inventory.ts";
import { touchedSites } from "../../inventory/touched-sites.ts";
import { type Finding, isFileWhere, sortFindings } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { canonicalJson, sha256 } from "../../planner/plan/digest.ts";
import type { PreviewDrivers } from "../../planner/preview/device-changes.ts";
import { modelDigest } from "../../planner/preview/model-digest.ts";
import { newFindings } from "../../planner/preview/new-findings.ts";
import { previewSite, type SiteSide } from "../../planner/preview/preview-site.ts";
import { type ChangedPath, reviewFiles } from "../../planner/preview/review-files.ts";
import type { Preview, PreviewSite } from "../../planner/preview/types.ts";
import type { DriverLookup } from "../types.ts";
import { stateFolder } from "../workspace.ts";
import { isJudging, judgedByBase, sitesOfChangedJudges } from "./base-judges.ts";
import { NO_CACHE, openPreviewCache, type PreviewCache } from "./cache.ts";
import { meetOpenRequests, type OpenHead } from "./open-requests.ts";
import { previewDrivers } from "./preview-drivers.ts";
import {
  changedPaths,
  leadsInto,
  linkFinding,
  type RevisionFiles,
  rememberIdentities,
  revisionFiles,
} from "./revision-files.ts";

/** What the zone proofs and the checks say of sites. */
export type Judge = (
  sites: readonly Site[],
  resolved: readonly Finding[],
  now: Date,
) => {
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly { readonly id: string; readonly reason: string }[];
};

/** What a preview is made from. */
export interface PreviewOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly base: string;
  readonly head: string;
  readonly drivers: DriverLookup;
  readonly judge: Judge;
  readonly now: Date;
  /** Of Sitewright; results of another version are not believed. */
  readonly version: string;
  /** False computes everything anew. */
  readonly cache?: boolean;
  /** Other open requests to meet. */
  readonly open?: readonly OpenHead[];
}

/** A preview with the head's texts that it read, for code frames. */
export interface BranchPreview {
  /** Undefined where the revisions cannot be compared. */
  readonly preview: Preview | undefined;
  readonly findings: readonly Finding[];
  readonly files: ReadonlyMap<string, string>;
  /** Sites that the change touches, as the head has them. */
  readonly after: readonly SiteResolution[];
}

/** Says what a branch would change. It reads texts from git's objects and nothing else: no device, no secret, no file of
 *  the checkout, no code of the branch; weights, waivers and own rules are those of the base (D15). */
export async function previewBranch(options: PreviewOptions): Promise<BranchPreview> {
  const compared = await compareRevisions(options.root, options.base, options.head);
  if (!("headTree" in compared))
    return { preview: undefined, findings: compared.findings, files: new Map(), after: [] };
  const [base, head] = await Promise.all([
    listTree(options.root, compared.baseTree),
    listTree(options.root, compared.headTree),
  ]);
  const changed = changedPaths(base, head);
  const planted = [...base, ...head].some(({ path }) => /^\.sitewright(\/|$)/.test(path));
  const cache =
    options.cache === false || planted
      ? NO_CACHE
      : openPreviewCache(join(stateFolder(options.root), "cache"), options.version);
  const branch = new Branch(options, { compared, base, head, changed, cache });
  const preview = await branch.preview();
  cache.close();
  return { preview, findings: preview.findings, files: branch.files, after: branch.after };
}

interface Trees {
  readonly compared: Comparison;
  readonly base: readonly TreeEntry[];
  readonly head: readonly TreeEntry[];
  readonly changed: readonly ChangedPath[];
  readonly cache: PreviewCache;
}

/** What resolving a site gave, short enough to be kept. */
interface Resolved {
  readonly model: string | null;
  readonly findings: readonly Finding[];
}

/** One side's sites, resolved, with what was read for them. */
interface Side {
  readonly sites: ReadonlyMap<string, SiteResolution>;
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

const JUDGES_OF_BRANCH =
  "weights, waivers and own rules of the branch: it is judged by those of the base until they are merged";
const NOTHING_READ: Side = { sites: new Map(), texts: new Map(), findings: [] };

class Branch {
  files: ReadonlyMap<string, string> = new Map();
  after: readonly SiteResolution[] = [];
  readonly #options: PreviewOptions;
  readonly #trees: Trees;
  readonly #drivers: PreviewDrivers;
  readonly #base: RevisionFiles;
  /** The branch as the base judges it. */
  readonly #head: RevisionFiles;
  /** The branch as it is written. */
  readonly #written: RevisionFiles;

  constructor(options: PreviewOptions, trees: Trees) {
    this.#options = options;
    this.#trees = trees;
    this.#drivers = previewDrivers(options.drivers, trees.cache);
    const identify = rememberIdentities();
    this.#base = revisionFiles(trees.base, identify);
    this.#head = revisionFiles(judgedByBase(trees.base, trees.head), identify);
    this.#written = revisionFiles(trees.head, identify);
  }

  async preview(): Promise<Preview> {
    const { compared, changed } = this.#trees;
    const ids = [...new Set([...this.#base.sites, ...this.#head.sites])];
    const candidates = touchedSites(
      changed.map(({ path }) => path),
      ids,
    );
    const wanted = this.#unsettled(candidates);
    const before = await this.#resolve(this.#base, wanted);
    const after = await this.#resolve(this.#head, wanted);
    this.files = after.texts;
    const touched = wanted.filter((id) => isTouched(before.sites.get(id), after.sites.get(id)));
    this.after = touched.flatMap((id) => after.sites.get(id) ?? []);
    const sites = touched.map((id) => this.#site(id, before, after, this.#head.sites.has(id)));
    const strays = changed.filter((entry) => entry.change !== "removed").flatMap(({ path }) => strayIn(path));
    const known = new Set(this.#base.links.map(({ path, oid }) => `${oid} ${path}`));
    const links = this.#written.links.filter(({ path, oid }) => !known.has(`${oid} ${path}`));
    const reading = newFindings(before.findings, [
      ...after.findings.filter(({ code }) => code !== "INV-SYMLINK"),
      ...links.map(linkFinding),
    ]).findings;
    return {
      base: compared.base,
      head: compared.head,
      digest: sha256(canonicalJson(sites.map((site) => [site.site, site.digest]))),
      sites,
      untouched: candidates.length - sites.length,
      review: reviewFiles(changed),
      findings: sortFindings([
        ...compared.findings,
        ...reading,
        ...strays,
        ...this.#planted(),
        ...(await this.#wrongJudges()),
        ...(await this.#met(touched, before, after)),
      ]),
      notEvaluated: [
        ...notEvaluated(sites),
        ...(changed.some(({ path }) => isJudging(path)) ? [JUDGES_OF_BRANCH] : []),
      ],
    };
  }

  /** What is wrong with the branch's own weights, waivers and rules, which nothing is judged by before they are merged. */
  async #wrongJudges(): Promise<Finding[]> {
    const { changed } = this.#trees;
    const ids = sitesOfChangedJudges(changed, this.#written.sites);
    const paths = new Set(changed.flatMap(({ path }) => (isJudging(path) ? [path] : [])));
    const { sites } = await this.#resolve(this.#written, ids);
    const now = this.#options.now;
    const found = [...sites.values()].flatMap(({ site, findings }) =>
      site === undefined ? findings : this.#options.judge([site], findings, now).findings,
    );
    const wrong = found.filter(({ where }) => isFileWhere(where) && paths.has(where.file));
    return [...new Map(wrong.map((finding) => [JSON.stringify(finding), finding])).values()];
  }

  /** Sites whose resolution is not known from an earlier run to be alike on both sides. */
  #unsettled(candidates: readonly string[]): string[] {
    const { cache } = this.#trees;
    return candidates.filter((id) => {
      const before = cache.peek<Resolved>("resolved", this.#base.digestOf(id));
      const after = cache.peek<Resolved>("resolved", this.#head.digestOf(id));
      return before === undefined || after === undefined || isDifferent(before, after);
    });
  }

  async #resolve(revision: RevisionFiles, wanted: readonly string[]): Promise<Side> {
    const { cache } = this.#trees;
    if (wanted.length === 0) return NOTHING_READ;
    const { texts, findings } = await readGitTexts(this.#options.root, revision.readFor(wanted));
    const inventory = new Inventory(workspaceOfTexts(this.#options.root, texts));
    const readable = new Set(inventory.siteIds);
    const sites = new Map<string, SiteResolution>();
    for (const id of wanted.filter((site) => revision.sites.has(site))) {
      // A file that was refused may hold anything: what is made without it is not the site.
      const whole =
        !findings.some((finding) => concerns(finding, id)) &&
        !revision.links.some(({ path }) => leadsInto(path, id));
      const resolution = readable.has(id) ? inventory.resolve(id) : { site: undefined, findings: [] };
      sites.set(id, whole ? resolution : { site: undefined, findings: resolution.findings });
      if (whole) cache.memo<Resolved>("resolved", revision.digestOf(id), () => shortOf(resolution));
    }
    return { sites, texts, findings };
  }

  /** What other open requests take as well. */
  async #met(touched: readonly string[], before: Side, after: Side): Promise<Finding[]> {
    const { root, open = [] } = this.#options;
    const { compared, base } = this.#trees;
    const own = touched.flatMap((id) => {
      const site = after.sites.get(id)?.site;
      return site === undefined ? [] : [{ before: before.sites.get(id)?.site, after: site }];
    });
    const others = open.filter(({ commit }) => commit !== compared.head);
    if (own.length === 0 || others.length === 0) return [];
    return meetOpenRequests({
      root,
      base: compared.base,
      baseTree: base,
      own,
      open: others,
      resolve: async (files, wanted) => {
        const { sites } = await this.#resolve(files, wanted);
        return new Map(
          [...sites].flatMap(([id, { site }]) => (site === undefined ? [] : [[id, site] as const])),
        );
      },
    });
  }

  #site(id: string, before: Side, after: Side, inHead: boolean): PreviewSite {
    const { now } = this.#options;
    return previewSite(id, this.#judged(before.sites.get(id), now), this.#judged(after.sites.get(id), now), {
      drivers: this.#drivers,
      inHead,
      headHas: (file) => this.#head.paths.has(file),
    });
  }

  #judged(resolution: SiteResolution | undefined, now: Date): SiteSide {
    if (resolution === undefined) return { site: undefined, findings: [], notEvaluated: [] };
    const { site, findings } = resolution;
    if (site === undefined) return { site, findings, notEvaluated: [] };
    const today = now.toISOString().slice(0, 10);
    const judged = this.#trees.cache.memo("judged", { site, findings, today }, () => {
      const verdict = this.#options.judge([site], findings, now);
      return {
        findings: verdict.findings,
        notEvaluated: verdict.notEvaluated.map(({ id, reason }) => `${id}: ${reason}`),
      };
    });
    return { site, ...judged };
  }

  #planted(): Finding[] {
    const entry = this.#trees.head.find(({ path }) => /^\.sitewright(\/|$)/.test(path));
    if (entry === undefined) return [];
    return [
      {
        code: "PRV-STATE-IN-GIT",
        severity: "error",
        message: "the branch holds .sitewright, the private folder of a workspace",
        hint: "type: git rm -r --cached .sitewright, and put .sitewright/ into .gitignore; no cache was used",
        where: { file: entry.path, line: 1, column: 1 },
      },
    ];
  }
}

function shortOf(resolution: SiteResolution): Resolved {
  const { site, findings } = resolution;
  return { model: site === undefined ? null : modelDigest(site), findings };
}

function isTouched(before: SiteResolution | undefined, after: SiteResolution | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  return isDifferent(shortOf(before), shortOf(after));
}

/** Another model, or a finding that was not there before. */
function isDifferent(before: Resolved, after: Resolved): boolean {
  if (before.model !== after.model || after.model === null) return true;
  return newFindings(before.findings, after.findings).findings.length > 0;
}

/** Whether a file that could not be read is one that the site is made from. */
function concerns(finding: Finding, id: string): boolean {
  const identity = isFileWhere(finding.where) ? identifyFile(finding.where.file) : undefined;
  if (!identity) return false;
  const { client, site } = identity;
  if (client === undefined) return true;
  return site === undefined ? id.startsWith(`${client}/`) : id === `${client}/${site}`;
}

function strayIn(path: string): Finding[] {
  if (!path.startsWith("inventory/") && !path.startsWith("policies/")) return [];
  const stray = strayFinding(path);
  return stray === undefined ? [] : [stray];
}

function notEvaluated(sites: readonly PreviewSite[]): string[] {
  if (sites.length === 0) return [];
  return [
    "running configurations: commands lead from the base's intended configuration; `sitewright plan` reads the devices",
    "server actions that become due",
    "asset ids and serial numbers of sites that the change does not touch",
  ];
}
