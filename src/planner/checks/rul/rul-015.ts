import { defineCheck } from "../define.ts";
import { addDays } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const MAX_AGE_DAYS = 180;

/** Each rule is looked at again. */
export const rul015 = defineCheck({
  id: "RUL-015",
  severity: "warning",
  title: { en: "Rules reviewed within 180 days", zh: "规则每 180 天复核" },
  rationale: {
    en: "Projects end, servers move, and the openings made for them stay.",
    zh: "项目结束、服务器搬迁，为其开放的规则却还在。",
  },
  mend: {
    en: "Ask the owner whether it is needed, and write the next `review:` day.",
    zh: "询问责任人是否仍需要，并写下次 `review:` 日期。",
  },
  find: (site, context) => {
    const oldest = addDays(context.today, -MAX_AGE_DAYS);
    const next = addDays(context.today, MAX_AGE_DAYS);
    return site.rules
      .filter((rule) => rule.source !== "implied" && rule.action === "permit")
      .flatMap((rule): Problem[] => {
        const hint = `ask ${rule.owner ?? "its owner"}, and write review: ${next}`;
        if (rule.review !== undefined)
          return rule.review < context.today
            ? [{ where: rule.origin, message: `the review of ${rule.id} was due on ${rule.review}`, hint }]
            : [];
        if (rule.created !== undefined && rule.created >= oldest) return [];
        const age =
          rule.created === undefined ? "has no review day" : `stands since ${rule.created} without a review`;
        return [{ where: rule.origin, message: `${rule.id} ${age}`, hint }];
      });
  },
});
