import { defineCheck } from "../define.ts";
import { crossingsOf, permitsOf } from "../lib/rule-cells.ts";

/** Where the matrix asks for a look inside, somebody looks. */
export const zon009 = defineCheck({
  id: "ZON-009",
  severity: "warning",
  title: { en: "Inspection where the cell asks for it", zh: "单元格要求的安全检测（IPS/AV/URL）已配置" },
  rationale: {
    en: "An attack comes in the permitted protocol; only who reads the payload sees it.",
    zh: "攻击藏在放行的协议里，只有检测载荷才能发现。",
  },
  mend: {
    en: "Write `inspection: [ips, av]` at the rule, or take it out of the cell's `require:`.",
    zh: "在规则写 `inspection: [ips, av]`，或从单元格 `require:` 去掉。",
  },
  find: (site) =>
    permitsOf(site).flatMap((rule) =>
      crossingsOf(site, rule)
        .map(({ from, to, cell }) => ({
          from,
          to,
          cell,
          lacks: (cell.require.inspection ?? []).filter((kind) => !rule.inspection.includes(kind)),
        }))
        .filter(({ lacks }) => lacks.length > 0)
        .slice(0, 1)
        .map(({ from, to, cell, lacks }) => ({
          where: rule.origin,
          message: `${rule.id} goes from ${from} to ${to} without ${lacks.join(", ")}`,
          hint: `write inspection: [${[...rule.inspection, ...lacks].join(", ")}]`,
          ...(cell.origin ? { related: [cell.origin] } : {}),
        })),
    ),
});
