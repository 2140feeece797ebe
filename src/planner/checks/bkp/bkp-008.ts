import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const bkp008 = defineCheck({
  id: "BKP-008",
  severity: "error",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "The last good backup is recent", zh: "最近一次成功备份在 1.5 个周期内" },
  rationale: {
    en: "Jobs stop silently: a full disk, a changed password.",
    zh: "备份会悄然停止：磁盘写满、口令更换。",
  },
  mend: {
    en: "Look at the job's log on the server, mend it and run it once.",
    zh: "查看服务器上的任务日志，修复后手动执行一次。",
  },
  reads: { en: "the time of the newest snapshot in each repository", zh: "各备份仓库最新快照的时间" },
});
