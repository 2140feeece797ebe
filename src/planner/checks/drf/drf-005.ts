import { defineCheck } from "../define.ts";

/** Waits for history. */
export const drf005 = defineCheck({
  id: "DRF-005",
  severity: "warning",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "The same drift does not return", zh: "同一漂移不反复出现" },
  rationale: {
    en: "Who changes it back each week has a reason that the plan does not know.",
    zh: "每周都被改回去，说明方案没有考虑其原因。",
  },
  mend: { en: "Find the reason: open a problem record for it.", zh: "查明原因并建立问题单。" },
  reads: { en: "past drifts by path over 30 days", zh: "30 天内按路径统计的历史漂移" },
});
