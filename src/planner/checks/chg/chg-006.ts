import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg006 = defineCheck({
  id: "CHG-006",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Each push confirmed by its health checks", zh: "变更后检查通过并确认" },
  rationale: {
    en: "A change that nobody looked at afterwards works until Monday.",
    zh: "变更后无人检查，往往到周一才发现故障。",
  },
  mend: {
    en: "Run `sitewright resume`, and look at what it says.",
    zh: "执行 `sitewright resume` 并查看结果。",
  },
  reads: { en: "the journal and the receipts of each push", zh: "下发日志与回执" },
});
