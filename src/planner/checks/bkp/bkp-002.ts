import { defineCheck } from "../define.ts";
import { jobsOf } from "../lib/backup-jobs.ts";
import { spellSeconds } from "../lib/days.ts";

/** Jobs run once a day, at a time of day. */
const INTERVAL_SECONDS = 86_400;

/** What may be lost is what the owner agreed to lose. */
export const bkp002 = defineCheck({
  id: "BKP-002",
  severity: "error",
  title: { en: "Backups are as frequent as the RPO asks", zh: "备份频率满足 RPO" },
  rationale: {
    en: "A daily copy of data that may lose an hour loses a day.",
    zh: "要求只丢一小时的数据若每天备份一次，就会丢一整天。",
  },
  mend: {
    en: "Agree on `rpo: 24h` in the policy, or replicate the data by other means; jobs run once a day.",
    zh: "策略改为 `rpo: 24h`，或以复制等方式保护；备份任务每天一次。",
  },
  find: (site) =>
    jobsOf(site)
      .filter(({ job }) => job.rpoSeconds < INTERVAL_SECONDS)
      .map(({ server, job }) => ({
        where: job.origin,
        message: `${server.name}: ${job.name} runs once a day, its policy allows ${spellSeconds(job.rpoSeconds)} of loss`,
        hint: "write rpo: 24h in the policy, or replicate the data",
      })),
});
