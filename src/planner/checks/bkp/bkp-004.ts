import { defineCheck } from "../define.ts";
import { jobsOf } from "../lib/backup-jobs.ts";
import { spellSeconds } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const HOUR_SECONDS = 3600;

/** What matters lies in another place too. */
export const bkp004 = defineCheck({
  id: "BKP-004",
  severity: "error",
  title: {
    en: "Important data offsite; critical data near real time",
    zh: "重要数据异地备份，关键数据准实时",
  },
  rationale: {
    en: "Level 2 of GB/T 22239 asks for offsite copies of important data, level 3 for them in real time.",
    zh: "等保二级要求重要数据异地定时备份，三级要求异地实时备份。",
  },
  mend: {
    en: "Add a target with `offsite: true` to the policy of this server's jobs.",
    zh: "为该服务器的备份策略增加 `offsite: true` 的目标。",
  },
  find: (site) =>
    jobsOf(site).flatMap(({ server, job }): Problem[] => {
      const { criticality } = server.assetFields;
      if (criticality !== "high" && criticality !== "critical") return [];
      if (!job.targets.some((target) => target.offsite))
        return [
          {
            where: job.origin,
            message: `${server.name} is ${criticality}, and ${job.name} has no copy offsite`,
            hint: "add a target with offsite: true to the policy's copies",
          },
        ];
      if (criticality !== "critical" || job.rpoSeconds <= HOUR_SECONDS) return [];
      return [
        {
          where: job.origin,
          severity: "warning",
          message: `${server.name} is critical, and ${job.name} may lose ${spellSeconds(job.rpoSeconds)}`,
          hint: "replicate it offsite, and write rpo: 1h or less",
        },
      ];
    }),
});
