import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const rul003 = defineCheck({
  id: "RUL-003",
  severity: "info",
  decidedBy: ["proof"],
  title: { en: "Rules that overlap in part and decide otherwise", zh: "部分重叠且结论相反的规则" },
  rationale: {
    en: "Where two rules overlap and differ, their order is a decision, and somebody should have taken it.",
    zh: "两条规则重叠且结论不同，其先后就是一个决定，应由人做出。",
  },
  mend: { en: "Write `before:` at the one that should win.", zh: "在应优先的规则写 `before:`。" },
});
