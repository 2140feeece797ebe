import { defineCheck } from "../define.ts";
import { jobsOf, targetsOf } from "../lib/backup-jobs.ts";

/** Three copies, two media, one elsewhere, one that nobody can change. Resolving reports jobs without any target. */
export const bkp003 = defineCheck({
  id: "BKP-003",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: {
    en: "3-2-1-1: three copies, two media, one offsite, one immutable",
    zh: "3-2-1-1：三份、两种介质、一份异地、一份不可变",
  },
  rationale: {
    en: "Fire takes what is in the building; ransomware takes what the server can write to.",
    zh: "火灾毁掉楼里的一切，勒索软件毁掉服务器能写到的一切。",
  },
  mend: {
    en: "Give the policy two targets of different `media:`, one with `offsite: true`, one with `immutable: 30d`.",
    zh: "策略至少两个目标，`media:` 不同，其一 `offsite: true`，其一 `immutable: 30d`。",
  },
  find: (site) =>
    jobsOf(site).flatMap(({ server, job }) => {
      if (job.targets.length === 0) return [];
      const targets = targetsOf(site, job);
      // The data itself is the first copy, and lies on a disk.
      const media = new Set(["disk", ...targets.map((target) => target.media)]);
      const lacks = [
        ...(targets.length < 2 ? [`${targets.length + 1} copies of 3`] : []),
        ...(media.size < 2 ? ["one kind of media"] : []),
        ...(targets.some((target) => target.offsite) ? [] : ["none offsite"]),
        ...(targets.some((target) => (target.immutableSeconds ?? 0) > 0) ? [] : ["none immutable"]),
      ];
      if (lacks.length === 0) return [];
      return [
        {
          where: job.origin,
          message: `${server.name}: ${job.name} has ${lacks.join(", ")}`,
          hint: "add a target to the policy's copies: another media, offsite: true, immutable: 30d",
        },
      ];
    }),
});
