import { defineCheck } from "../define.ts";
import { horizonDays, jobsOf } from "../lib/backup-jobs.ts";

const MIN_DAYS = 30;
const MIN_DAILY = 7;

/** Copies reach back far enough. */
export const bkp006 = defineCheck({
  id: "BKP-006",
  severity: "warning",
  title: {
    en: "Copies kept long enough (7 daily, 30 days back)",
    zh: "备份保留期足够（日备 7 份，追溯 30 天）",
  },
  rationale: {
    en: "What was deleted or encrypted by mistake is often noticed weeks later.",
    zh: "误删或被加密的数据常在数周后才被发现。",
  },
  mend: {
    en: "Write `keep: {daily: 14, weekly: 8, monthly: 12}` in the policy.",
    zh: "策略写 `keep: {daily: 14, weekly: 8, monthly: 12}`。",
  },
  find: (site) =>
    jobsOf(site)
      .filter(({ job }) => horizonDays(job.keep) < MIN_DAYS || (job.keep.daily ?? 0) < MIN_DAILY)
      .map(({ server, job }) => ({
        where: job.origin,
        message: `${server.name}: ${job.name} keeps ${job.keep.daily ?? 0} daily copies and reaches ${horizonDays(job.keep)} days back`,
        hint: "write keep: {daily: 14, weekly: 8, monthly: 12} in the policy",
      })),
});
