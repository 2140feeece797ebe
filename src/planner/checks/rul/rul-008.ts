import { defineCheck } from "../define.ts";
import { addDays } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const SOON_DAYS = 30;

/** What was allowed for a time ends. */
export const rul008 = defineCheck({
  id: "RUL-008",
  severity: "error",
  title: { en: "No rule or exception past its end", zh: "规则与例外未过期" },
  rationale: {
    en: "A temporary opening that nobody closes is the one that is used.",
    zh: "临时开放若无人关闭，就会被利用。",
  },
  mend: {
    en: "Remove it, or have it approved anew with a later `expires:`.",
    zh: "删除，或重新审批并延长 `expires:`。",
  },
  find: (site, context) => {
    const soon = addDays(context.today, SOON_DAYS);
    const exceptions = site.policy.exceptions.filter(
      (each) => each.site === undefined || each.site === site.id,
    );
    const ends = [
      ...site.rules.flatMap((rule) =>
        rule.expires === undefined
          ? []
          : [{ what: `the rule ${rule.id}`, expires: rule.expires, where: rule.origin }],
      ),
      ...exceptions.map((each) => ({
        what: `the exception ${each.id}`,
        expires: each.expires,
        where: each.origin,
      })),
    ];
    return ends
      .filter(({ expires }) => expires <= soon)
      .map(
        ({ what, expires, where }): Problem => ({
          where,
          ...(expires < context.today ? {} : { severity: "info" }),
          message: `${what} ${expires < context.today ? "ended" : "ends"} on ${expires}`,
          hint: "remove it, or have it approved again and write a later expires:",
        }),
      );
  },
});
