import type { Verdict } from "./types.ts";

/** How many questions ended in which way. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

export const NO_VERDICTS: VerdictCounts = { proved: 0, violated: 0, unknown: 0 };

/** Adds counts up. */
export function sumVerdicts(counts: Iterable<VerdictCounts>): VerdictCounts {
  let sum = NO_VERDICTS;
  for (const { proved, violated, unknown } of counts) {
    sum = {
      proved: sum.proved + proved,
      violated: sum.violated + violated,
      unknown: sum.unknown + unknown,
    };
  }
  return sum;
}

/** How many questions there were. */
export function countVerdicts({ proved, violated, unknown }: VerdictCounts): number {
  return proved + violated + unknown;
}

/** Spells counts with the share that nobody could decide: `118 proved, 2 violated, 0 unknown (0.0 %)`. */
export function verdictWords(counts: VerdictCounts): string {
  const { proved, violated, unknown } = counts;
  const all = countVerdicts(counts);
  const share = all === 0 ? "0.0" : ((100 * unknown) / all).toFixed(1);
  return `${proved} proved, ${violated} violated, ${unknown} unknown (${share} %)`;
}
