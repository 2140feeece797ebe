import { defineCheck } from "../define.ts";
import { crossingsOf, permitsOf } from "../lib/rule-cells.ts";
import { indexOf } from "../lib/site-index.ts";

/** What matters is written down. */
export const rul009 = defineCheck({
  id: "RUL-009",
  severity: "warning",
  title: {
    en: "Logs where the cell asks, and towards important zones",
    zh: "要求记录或通往重要区域的规则须有日志",
  },
  rationale: {
    en: "After an intrusion the first question is who came in and when.",
    zh: "入侵发生后的第一个问题就是：谁、什么时候进来的。",
  },
  mend: { en: "Write `log: true` at the rule.", zh: "在规则写 `log: true`。" },
  find: (site) =>
    permitsOf(site)
      .filter((rule) => !rule.log)
      .flatMap((rule) => {
        const { zones } = indexOf(site);
        const asking = crossingsOf(site, rule).find(
          ({ from, to, cell }) =>
            cell.require.log === true ||
            zones.get(to)?.important === true ||
            zones.get(from)?.kind === "external",
        );
        if (asking === undefined) return [];
        return [
          {
            where: rule.origin,
            message: `${rule.id} (${asking.from} → ${asking.to}) writes no log`,
            hint: "write log: true",
            ...(asking.cell.origin ? { related: [asking.cell.origin] } : {}),
          },
        ];
      }),
});
