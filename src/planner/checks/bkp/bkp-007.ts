import { defineCheck } from "../define.ts";

/** Waits for history. */
export const bkp007 = defineCheck({
  id: "BKP-007",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Restores tested, within the RTO", zh: "定期恢复演练，耗时不超过 RTO" },
  rationale: {
    en: "A backup that was never restored is a hope.",
    zh: "从未恢复过的备份只是愿望。",
  },
  mend: {
    en: "Run a restore test, and write `restoreTest: 30d` in the policy.",
    zh: "执行恢复演练，并在策略写 `restoreTest: 30d`。",
  },
  reads: {
    en: "the record of each restore test: when, how long, what was compared",
    zh: "每次恢复演练的记录：时间、耗时、比对结果",
  },
});
