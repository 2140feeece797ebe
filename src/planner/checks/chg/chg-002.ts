import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg002 = defineCheck({
  id: "CHG-002",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Changes happen inside their window", zh: "变更在窗口内实施" },
  rationale: {
    en: "A change at noon is an outage at noon; the client agreed to a night.",
    zh: "中午变更就可能中午断网，客户同意的是夜间。",
  },
  mend: {
    en: "Push inside a window of `changeWindows:`, or as an emergency with its approval.",
    zh: "在 `changeWindows:` 窗口内下发，或按紧急变更审批。",
  },
  reads: {
    en: "the journal: start and end of each push, with windows and freezes",
    zh: "下发日志：每次下发的起止时间与窗口、冻结期",
  },
});
