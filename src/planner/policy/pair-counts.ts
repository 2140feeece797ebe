import type { Verdict } from "../flows/types.ts";
import { sumVerdicts, type VerdictCounts } from "../flows/verdict-counts.ts";
import type { DeviceProof } from "./compliance.ts";

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
