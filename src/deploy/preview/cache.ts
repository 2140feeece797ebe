import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256 } from "../../planner/plan/digest.ts";

/** Remembers the results of pure functions by the digest of all that they were given. */
export interface PreviewCache {
  /** Gives the kept result, or computes and keeps it. @param inputs - everything that the result depends on */
  memo<T>(kind: string, inputs: unknown, compute: () => T): T;
  /** Gives the kept result alone. */
  peek<T>(kind: string, inputs: unknown): T | undefined;
  /** Writes what is new and forgets the oldest beyond the bounds. */
  close(): void;
}

/** The most that is kept, and the most of one entry, bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;

/** Keeps nothing; for trees that bring a cache of their own, which must not be believed. */
export const NO_CACHE: PreviewCache = {
  memo: (_kind, _inputs, compute) => compute(),
  peek: () => undefined,
  close: () => undefined,
};

/** Opens the cache below a workspace's private folder. A broken or foreign entry is computed anew; a folder that cannot
 *  be written only makes runs slower.
 *  @param version - of Sitewright; another version computes anew */
export function openPreviewCache(folder: string, version: string): PreviewCache {
  const known = new Map<string, unknown>();
  const fresh = new Map<string, string>();
  const keyOf = (kind: string, inputs: unknown): string =>
    sha256(canonicalJson({ version, kind, inputs })).slice("sha256:".length);
  const pathOf = (hex: string): string => join(folder, hex.slice(0, 2), `${hex}.json`);
  const find = (key: string): { readonly value: unknown } | undefined => {
    if (known.has(key)) return { value: known.get(key) };
    const kept = readEntry(pathOf(key), key);
    if (kept !== undefined) known.set(key, kept.value);
    return kept;
  };
  return {
    peek: <T>(kind: string, inputs: unknown) => find(keyOf(kind, inputs))?.value as T | undefined,
    memo<T>(kind: string, inputs: unknown, compute: () => T): T {
      const key = keyOf(kind, inputs);
      const kept = find(key);
      if (kept !== undefined) return kept.value as T;
      const value = compute();
      known.set(key, value);
      const text = JSON.stringify({ key, value });
      if (text.length <= MAX_ENTRY_BYTES) fresh.set(pathOf(key), text);
      return value;
    },
    close() {
      if (fresh.size === 0) return;
      for (const [path, text] of fresh) keepEntry(path, text);
      prune(folder);
    },
  };
}

function readEntry(path: string, key: string): { readonly value: unknown } | undefined {
  try {
    const entry = JSON.parse(readFileSync(path, "utf8")) as {
      readonly key?: string;
      readonly value?: unknown;
    };
    return entry.key === key ? { value: entry.value } : undefined;
  } catch {
    // Absent, half written or not ours: the same to a cache.
    return undefined;
  }
}

/** Two runs at once write the same bytes under the same name, so that the last rename harms nobody. */
function keepEntry(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    discard(temporary);
  }
}

/** What cannot be written cannot always be removed either; a cache does without. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}

/** Forgets the oldest entries until the rest fits. */
function prune(folder: string): void {
  const files = listFiles(folder);
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files.sort((a, b) => a.at - b.at)) {
    if (total <= MAX_BYTES) return;
    discard(file.path);
    total -= file.bytes;
  }
}

function listFiles(folder: string): { path: string; bytes: number; at: number }[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const facts = statSync(path, { throwIfNoEntry: false });
        return { path, bytes: facts?.size ?? 0, at: facts?.mtimeMs ?? 0 };
      });
  } catch {
    return [];
  }
}
