import type { Verdict } from "../flows/types.ts";
import type { DeviceProof } from "./compliance.ts";

/** How many questions ended in which way. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

export const NO_VERDICTS: VerdictCounts = { proved: 0, violated: 0, unknown: 0 };

/** Counts ordered pairs of zones, device by device. A router without a filter holds no pair apart and is not counted:
 *  it is a finding of its own. */
export function countPairs(proofs: readonly DeviceProof[]): VerdictCounts {
  return sumVerdicts(
    proofs
      .filter(({ kind }) => kind !== "open")
      .map(({ zones, violations }) => {
        const broken = new Map<string, Verdict>();
        for (const { from, to, verdict } of violations) {
          const key = `${from} ${to}`;
          if (broken.get(key) !== "violated") broken.set(key, verdict);
        }
        const unknown = [...broken.values()].filter((verdict) => verdict === "unknown").length;
        return { proved: zones.length ** 2 - broken.size, violated: broken.size - unknown, unknown };
      }),
  );
}

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
