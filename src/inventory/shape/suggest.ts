import { distance } from "fastest-levenshtein";

/** Finds the candidate that a word was probably meant to be; undefined where none is near.
 *  Near means at most one edit per three letters, or the same word in another case. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const edits = isSwap(lower, candidate.toLowerCase()) ? 1 : distance(lower, candidate.toLowerCase());
    if (edits < bestDistance || (edits === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return bestDistance <= allowed ? best : undefined;
}

/** Tells whether two neighbouring letters changed places: one slip of the fingers, which Levenshtein counts as two. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  if (at < 0 || at + 1 >= a.length) return false;
  return a.slice(0, at) + a.slice(at + 1, at + 2) + a.slice(at, at + 1) + a.slice(at + 2) === b;
}

/** Spells a list of names for a hint, at most `limit` of them (default 8), sorted. */
export function listNames(names: Iterable<string>, limit = 8): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, limit).join(", ");
  return sorted.length > limit ? `${shown}, … (${sorted.length} in all)` : shown;
}
