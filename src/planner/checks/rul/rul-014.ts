import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const rul014 = defineCheck({
  id: "RUL-014",
  severity: "info",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "No rule without hits for 90 days", zh: "无长期（90 天）未命中的规则" },
  rationale: {
    en: "A rule that nobody has needed for a quarter is an opening that nobody watches.",
    zh: "一个季度无人使用的放行，是无人看管的口子。",
  },
  mend: { en: "Ask its owner, then remove it.", zh: "询问责任人后删除。" },
  reads: { en: "the hit counter of each rule, read daily", zh: "每日读取的各规则命中计数" },
});
