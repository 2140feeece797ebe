import { compareText } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { NotEvaluated } from "../checks/run-checks.ts";
import { NO_VERDICTS, sumVerdicts, type VerdictCounts } from "../flows/verdict-counts.ts";
import type { OwnRuleProof } from "./own-rules.ts";

/** What became of own rules over several sites. */
export interface OwnRuleVerdicts {
  /** One verdict a rule and site. */
  readonly verdicts: VerdictCounts;
  /** Codes of rules that were looked at where they hold. */
  readonly evaluated: readonly string[];
  /** Rules that hold at none of the sites: never counted as kept. */
  readonly notEvaluated: readonly NotEvaluated[];
}

/** Tells the own rules that were looked at from those that no site has both ends for.
 *  @param proofs - by site id */
export function judgeOwnRules(
  sites: readonly Site[],
  proofs: ReadonlyMap<string, readonly OwnRuleProof[]>,
): OwnRuleVerdicts {
  const all = [...proofs.values()].flat();
  const looked = new Set(all.map(({ code }) => code));
  const codes = [...new Set(sites.flatMap(({ zoning }) => zoning?.map(({ code }) => code) ?? []))];
  const idle = codes.filter((code) => !looked.has(code)).sort(compareText);
  return {
    verdicts: sumVerdicts(all.map(({ verdict }) => ({ ...NO_VERDICTS, [verdict]: 1 }))),
    evaluated: [...looked].sort(compareText),
    notEvaluated: idle.map((id) => ({
      id,
      reason: "no site that was looked at has a device between both ends of the rule",
      more: 0,
      sites: sites.map((site) => site.id).sort(compareText),
    })),
  };
}
