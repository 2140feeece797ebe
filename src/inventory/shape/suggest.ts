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
    const edits = distance(lower, candidate.toLowerCase());
    if (edits < bestDistance || (edits === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return bestDistance <= allowed ? best : undefined;
}

/** Spells a list of names for a hint, at most `limit` of them (default 8), sorted. */
export function listNames(names: Iterable<string>, limit = 8): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, limit).join(", ");
  return sorted.length > limit ? `${shown}, … (${sorted.length} in all)` : shown;
}
