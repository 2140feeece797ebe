import { parsePrefix, sizeOf } from "../../../model/address.ts";
import type { Rule, RuleEnd } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { crossingsOf, permitsOf } from "../lib/rule-cells.ts";
import type { Problem } from "../types.ts";

/** A whole /16: what no office has in one place. */
const MAX_SOURCES = 65_536;

/** How many IPv4 addresses an end means; undefined where it means everything of its zones. */
function countOf(ends: readonly RuleEnd[]): number | undefined {
  if (ends.some((end) => end.prefixes.length === 0)) return undefined;
  return ends
    .flatMap((end) => end.prefixes)
    .flatMap((text) => parsePrefix(text)?.prefix ?? [])
    .filter((prefix) => prefix.version === 4)
    .reduce((sum, prefix) => sum + Number(sizeOf(prefix)), 0);
}

function faultsOf(rule: Rule, require: ReturnType<typeof crossingsOf>[number]["cell"]["require"]): string[] {
  const sources = countOf(rule.from);
  const destinations = countOf(rule.to);
  const maxSources = require.maxSources ?? MAX_SOURCES;
  const maxDestinations = require.maxDestinations;
  const any = (ends: readonly RuleEnd[]): boolean => ends.some((end) => end.kind === "any");
  return [
    ...(sources !== undefined && sources > maxSources
      ? [`${sources} sources, ${maxSources} are allowed`]
      : []),
    ...(destinations !== undefined && maxDestinations !== undefined && destinations > maxDestinations
      ? [`${destinations} destinations, ${maxDestinations} are allowed`]
      : []),
    ...(require.explicit?.includes("source") && any(rule.from) ? ["any source"] : []),
    ...(require.explicit?.includes("destination") && any(rule.to) ? ["any destination"] : []),
    ...(require.explicit?.includes("service") && rule.matches.some((match) => match.protocol === "any")
      ? ["any service"]
      : []),
  ];
}

/** A permit is as wide as its need. */
export const rul006 = defineCheck({
  id: "RUL-006",
  severity: "warning",
  title: { en: "Sources and destinations no wider than allowed", zh: "源与目的范围不超过限额" },
  rationale: {
    en: "Each address more in a rule is a machine more that an intruder can start from.",
    zh: "规则中每多一个地址，入侵者就多一个跳板。",
  },
  mend: {
    en: "Name hosts, or a smaller network; the limits stand in the cell's `require:`.",
    zh: "写具体主机或更小网段；限额见单元格 `require:`。",
  },
  find: (site) =>
    permitsOf(site).flatMap((rule): Problem[] => {
      for (const { from, to, cell } of crossingsOf(site, rule)) {
        const [fault] = faultsOf(rule, cell.require);
        if (fault === undefined) continue;
        return [
          {
            where: rule.origin,
            message: `${rule.id} (${from} → ${to}) has ${fault}`,
            hint: "name the hosts that need it",
            ...(cell.origin ? { related: [cell.origin] } : {}),
          },
        ];
      }
      return [];
    }),
});
