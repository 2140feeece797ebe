import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg003 = defineCheck({
  id: "CHG-003",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Who approves is not who wrote", zh: "审批人与作者不同" },
  rationale: {
    en: "One pair of eyes misses what it has just written.",
    zh: "自己审自己等于没审。",
  },
  mend: {
    en: "Let another engineer approve: `sitewright approve`.",
    zh: "由另一位工程师执行 `sitewright approve`。",
  },
  reads: { en: "the approvals, and the authors of the plan", zh: "审批记录与计划作者" },
});
