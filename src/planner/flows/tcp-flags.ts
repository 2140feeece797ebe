import { mergeRanges } from "./ranges.ts";
import type { Range, TcpFlagMatch } from "./types.ts";

/** RFC 9293 flag bits, most telling first: in this order `established` (ACK or RST) is one range. */
const significance = [16, 4, 2, 1, 8, 32, 64, 128] as const;

/** Maps flag bits to their place on the flag axis, 0 to 255. */
export function flagRank(bits: number): number {
  let rank = 0;
  for (const [index, bit] of significance.entries()) if ((bits & bit) !== 0) rank |= 128 >> index;
  return rank;
}

/** Maps a place on the flag axis back to flag bits. */
export function flagBits(rank: number): number {
  let bits = 0;
  for (const [index, bit] of significance.entries()) if ((rank & (128 >> index)) !== 0) bits |= bit;
  return bits;
}

/** Spells flag conditions, of which one must hold, as ranges of the flag axis. */
export function flagRanges(matches: readonly TcpFlagMatch[]): readonly Range[] {
  const ranks: Range[] = [];
  for (let rank = 0; rank < 256; rank += 1) {
    const bits = flagBits(rank);
    if (matches.some((match) => (bits & match.mask) === match.value)) ranks.push({ lo: rank, hi: rank });
  }
  return mergeRanges(ranks);
}

/** Spells a range of the flag axis as flag conditions. */
export function flagMatches(range: Range): TcpFlagMatch[] {
  const matches: TcpFlagMatch[] = [];
  let lo = range.lo;
  while (lo <= range.hi) {
    let size = 1;
    while (lo % (size * 2) === 0 && lo + size * 2 - 1 <= range.hi && size < 256) size *= 2;
    matches.push({ mask: flagBits(256 - size), value: flagBits(lo) });
    lo += size;
  }
  return matches;
}

/** TCP packets of an open connection as a stateless filter sees them: ACK or RST set. */
export const establishedFlags: readonly TcpFlagMatch[] = [
  { mask: 16, value: 16 },
  { mask: 4, value: 4 },
];
