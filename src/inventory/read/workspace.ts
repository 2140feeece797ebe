import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Finding } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import { decodeFile, MAX_FILE_BYTES } from "./decode.ts";
import { identifyFile } from "./file-kind.ts";
import { strayFinding } from "./stray.ts";

/** The texts of a workspace's inventory and policy files, and what could not be read. Everything after it is pure. */
export interface Workspace {
  /** Absolute path of the folder that holds `inventory/`. */
  readonly root: string;
  /** Path below the root (with `/`) to text, sorted by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
  /** `client/site` of every site folder seen, also of those whose devices were not read; sorted. */
  readonly siteIds: readonly string[];
}

/** @param sites - read devices, servers and rules of these sites (`client/site`) only; everything where absent */
export interface ReadOptions {
  readonly sites?: readonly string[];
}

/** How many files are read at once. */
const PARALLEL_READS = 64;
const MAX_FOLDER_DEPTH = 6;

/** Reads the YAML files of a workspace. Files that cannot be read, are too large, wrongly encoded or lead outside
 *  the workspace through a symbolic link become findings; it throws only when the root itself cannot be read. */
export async function readWorkspace(root: string, options: ReadOptions = {}): Promise<Workspace> {
  const base = await realpath(root);
  const reader = new Reader(base, options.sites);
  for (const folder of ["inventory", "policies"]) await reader.list(folder, 0);
  await reader.readAll();
  return reader.finish();
}

/** Makes a workspace of texts that are already at hand: another git revision, a test, an editor's buffer. */
export function workspaceOfTexts(root: string, texts: ReadonlyMap<string, string>): Workspace {
  const findings: Finding[] = [];
  const files = new Map<string, string>();
  for (const path of [...texts.keys()].sort(compareText)) {
    if (!isOurs(path)) continue;
    const stray = strayFinding(path);
    if (stray) findings.push(stray);
    else files.set(path, texts.get(path) ?? "");
  }
  if (files.size === 0) findings.push(noInventory());
  return { root, files, findings, siteIds: siteIdsOf(files.keys()) };
}

function isOurs(path: string): boolean {
  return path.startsWith("inventory/") || path.startsWith("policies/");
}

function siteIdsOf(paths: Iterable<string>): string[] {
  const ids = new Set<string>();
  for (const path of paths) {
    const identity = identifyFile(path);
    if (identity?.client && identity.site && path.startsWith("inventory/"))
      ids.add(`${identity.client}/${identity.site}`);
  }
  return [...ids].sort(compareText);
}

function noInventory(): Finding {
  return {
    code: "INV-NO-INVENTORY",
    severity: "error",
    message: "the workspace holds no inventory file",
    hint: "write inventory/<client>/<site>/site.yaml, or start with `sitewright init`",
    where: { file: "inventory", line: 1, column: 1 },
  };
}

class Reader {
  readonly #base: string;
  readonly #sites: ReadonlySet<string> | undefined;
  readonly #paths: string[] = [];
  readonly #seen = new Set<string>();
  readonly #findings: Finding[] = [];
  readonly #files = new Map<string, string>();

  constructor(base: string, sites: readonly string[] | undefined) {
    this.#base = base;
    this.#sites = sites ? new Set(sites) : undefined;
  }

  async list(folder: string, depth: number): Promise<void> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(this.#base, folder), { withFileTypes: true });
    } catch (cause) {
      if (depth > 0 || !isMissing(cause)) this.#unreadable(folder, cause);
      return;
    }
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      if (entry.name.startsWith(".")) continue;
      await this.#visit(`${folder}/${entry.name}`, entry, depth);
    }
  }

  async #visit(path: string, entry: Dirent, depth: number): Promise<void> {
    let isFolder = entry.isDirectory();
    if (entry.isSymbolicLink()) {
      const target = await this.#followLink(path);
      if (!target) return;
      isFolder = target === "folder";
    }
    if (!isFolder) return this.#noteFile(path);
    if (depth >= MAX_FOLDER_DEPTH) return;
    await this.list(path, depth + 1);
  }

  /** Tells what a link leads to; undefined (with a finding) where it leaves the workspace or nowhere. */
  async #followLink(path: string): Promise<"file" | "folder" | undefined> {
    try {
      const target = await realpath(join(this.#base, path));
      const inside = relative(this.#base, target);
      if (inside === ".." || inside.startsWith(`..${sep}`) || inside.startsWith(sep)) {
        this.#add(
          path,
          "INV-SYMLINK",
          "the symbolic link leads outside the workspace",
          "copy the file into the workspace instead",
        );
        return undefined;
      }
      return (await stat(target)).isDirectory() ? "folder" : "file";
    } catch (cause) {
      this.#unreadable(path, cause);
      return undefined;
    }
  }

  #noteFile(path: string): void {
    const identity = identifyFile(path);
    const stray = strayFinding(path);
    if (stray) this.#findings.push(stray);
    if (!identity || stray) return;
    if (identity.client && identity.site) {
      const id = `${identity.client}/${identity.site}`;
      this.#seen.add(id);
      if (this.#sites && !this.#sites.has(id) && identity.kind !== "site") return;
    }
    if (
      this.#sites &&
      identity.client &&
      ![...this.#sites].some((id) => id.startsWith(`${identity.client}/`))
    )
      return;
    this.#paths.push(path);
  }

  async readAll(): Promise<void> {
    for (let start = 0; start < this.#paths.length; start += PARALLEL_READS) {
      const batch = this.#paths.slice(start, start + PARALLEL_READS);
      const texts = await Promise.all(batch.map((path) => this.#readOne(path)));
      batch.forEach((path, index) => {
        const text = texts[index];
        if (text !== undefined) this.#files.set(path, text);
      });
    }
  }

  async #readOne(path: string): Promise<string | undefined> {
    try {
      const absolute = join(this.#base, path);
      const facts = await stat(absolute);
      if (!facts.isFile()) {
        this.#add(path, "INV-UNREADABLE", "this is not a regular file", "replace it by a text file");
        return undefined;
      }
      if (facts.size > MAX_FILE_BYTES) {
        const size = `${(facts.size / 1024 / 1024).toFixed(1)} MB`;
        this.#add(
          path,
          "INV-FILE-TOO-LARGE",
          `the file has ${size}; at most 2 MB are read`,
          "split it: one thing, one file",
        );
        return undefined;
      }
      const decoded = decodeFile(path, await readFile(absolute));
      if ("text" in decoded) return decoded.text;
      this.#findings.push(decoded.finding);
    } catch (cause) {
      this.#unreadable(path, cause);
    }
    return undefined;
  }

  finish(): Workspace {
    if (this.#files.size === 0 && this.#findings.length === 0) this.#findings.push(noInventory());
    const files = new Map([...this.#files].sort(([a], [b]) => compareText(a, b)));
    return { root: this.#base, files, findings: this.#findings, siteIds: [...this.#seen].sort(compareText) };
  }

  #unreadable(path: string, cause: unknown): void {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason";
    this.#add(
      path,
      "INV-UNREADABLE",
      `the file cannot be read (${why})`,
      "check that it exists and that you may read it",
    );
  }

  #add(file: string, code: string, message: string, hint: string): void {
    this.#findings.push({ code, severity: "error", message, hint, where: { file, line: 1, column: 1 } });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
