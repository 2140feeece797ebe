import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const drf004 = defineCheck({
  id: "DRF-004",
  severity: "error",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "No change without a change record", zh: "无未授权变更" },
  rationale: {
    en: "Whoever changes a firewall without a ticket will not tell what he opened.",
    zh: "无单变更防火墙的人不会告诉你开了什么。",
  },
  mend: { en: "Ask who did it; adopt it with a ticket, or revert it.", zh: "追问操作者；补单收编或还原。" },
  reads: {
    en: "drifts with the last user from logs, accounting and sessions",
    zh: "漂移项及日志、审计中的最后操作者",
  },
});
