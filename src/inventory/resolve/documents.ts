import type { Finding } from "../../model/finding.ts";
import type { FileIdentity, FileKind } from "../read/file-kind.ts";
import { identifyFile } from "../read/file-kind.ts";
import type { Workspace } from "../read/workspace.ts";
import { checkShape } from "../shape/check-shape.ts";
import type { MapNode } from "../yaml/node.ts";
import { parseYaml } from "../yaml/yaml.ts";

/** One file, parsed and checked against its schema. */
export interface Doc {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly root: MapNode;
  readonly findings: readonly Finding[];
  /** Whether the syntax is so wrong that nothing of the file could be read. */
  readonly broken: boolean;
  /** Paths of values that were left out as wrong. */
  readonly dropped: readonly string[];
}

/** Parses and checks one file of the workspace; undefined where it is not there. */
export function readDoc(workspace: Workspace, path: string): Doc | undefined {
  const text = workspace.files.get(path);
  const identity = identifyFile(path);
  if (text === undefined || !identity) return undefined;
  const parsed = parseYaml(path, text);
  if (parsed.root.entries.size === 0 && !parsed.sound) {
    return { path, identity, root: parsed.root, findings: parsed.findings, broken: true, dropped: [] };
  }
  const shape = checkShape(identity.kind, parsed.root);
  const findings = [...parsed.findings, ...shape.findings];
  return { path, identity, root: shape.root, findings, broken: false, dropped: shape.dropped };
}

/** Parses each file at most once, for files that several sites share. */
export class Documents {
  readonly #workspace: Workspace;
  readonly #cache = new Map<string, Doc | undefined>();
  readonly #index = new Map<string, string[]>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    for (const path of workspace.files.keys()) {
      const identity = identifyFile(path);
      if (!identity) continue;
      const key = indexKey(identity.kind, identity.client, identity.site);
      const known = this.#index.get(key);
      if (known) known.push(path);
      else this.#index.set(key, [path]);
    }
  }

  /** A shared file, kept. */
  get(path: string): Doc | undefined {
    if (!this.#cache.has(path)) this.#cache.set(path, readDoc(this.#workspace, path));
    return this.#cache.get(path);
  }

  /** A file that one site alone uses, not kept. */
  once(path: string): Doc | undefined {
    return readDoc(this.#workspace, path);
  }

  /** Paths of a kind below a client and a site, sorted. */
  paths(kind: FileKind, client?: string, site?: string): readonly string[] {
    return this.#index.get(indexKey(kind, client, site)) ?? [];
  }

  /** Forgets what only one client needed. */
  forget(client: string): void {
    for (const path of this.#cache.keys())
      if (path.startsWith(`inventory/${client}/`)) this.#cache.delete(path);
  }
}

function indexKey(kind: FileKind, client: string | undefined, site: string | undefined): string {
  return `${kind} ${client ?? ""} ${site ?? ""}`;
}
