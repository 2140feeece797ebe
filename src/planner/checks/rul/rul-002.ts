import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const rul002 = defineCheck({
  id: "RUL-002",
  severity: "warning",
  decidedBy: ["proof"],
  title: { en: "No redundant rule", zh: "无冗余规则" },
  rationale: {
    en: "A rule that changes nothing is read, reviewed and feared all the same.",
    zh: "不起作用的规则同样要被阅读、复核和顾忌。",
  },
  mend: { en: "Remove it.", zh: "删除该规则。" },
});
