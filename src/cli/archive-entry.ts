import type { ArchiveEntry } from "../deploy/stores/types.ts";
import { UsageError } from "./exit.ts";

/** Shortest beginning of a digest that names a version, hex digits. */
const SHORTEST = 4;

/** The part of a digest that people read and type. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12);
}

/** Finds the version that a person means: the beginning of its digest, or a time, which means the last one read until
 *  then. Without a word it is the newest.
 *  @param entries - of one device, oldest first, at least one
 *  @throws UsageError naming the versions that there are */
export function chooseEntry(entries: readonly ArchiveEntry[], word: string | undefined): ArchiveEntry {
  const newest = entries.at(-1);
  if (newest === undefined) throw new Error("a device without versions has none to choose from");
  if (word === undefined) return newest;
  const known = `known: ${entries.map((entry) => `${entry.at} ${shortDigest(entry.redacted)}`).join(", ")}`;
  if (isTime(word)) {
    const until = Date.parse(word);
    const found = entries.findLast((entry) => Date.parse(entry.at) <= until);
    if (found === undefined) throw new UsageError(`nothing was archived until ${word}`, known);
    return found;
  }
  const hex = word.slice(word.indexOf(":") + 1).toLowerCase();
  const found = hex.length < SHORTEST ? [] : entries.filter((entry) => names(entry, hex));
  if (found.length === 0) throw new UsageError(`no version is called "${word}"`, known);
  if (new Set(found.map((entry) => entry.redacted)).size > 1)
    throw new UsageError(`"${word}" begins the digests of several versions`, known);
  return found.at(-1) ?? newest;
}

function names(entry: ArchiveEntry, hex: string): boolean {
  return [entry.redacted, entry.snapshot].some((digest) =>
    digest.slice(digest.indexOf(":") + 1).startsWith(hex),
  );
}

/** Dates have a dash after four digits; digests have none. */
function isTime(word: string): boolean {
  return /^\d{4}-/.test(word) && !Number.isNaN(Date.parse(word));
}
