import { defineCheck } from "../define.ts";
import { jobsOf, targetsOf } from "../lib/backup-jobs.ts";
import type { Problem } from "../types.ts";

/** Somebody looks after each copy, and knows where it lies. */
export const bkp012 = defineCheck({
  id: "BKP-012",
  severity: "warning",
  title: { en: "Owner and media of each backup on record", zh: "登记每项备份的负责人与介质" },
  rationale: {
    en: "When a restore is needed at night, somebody must know whom to wake and which disk to fetch.",
    zh: "深夜需要恢复时，必须知道叫谁、取哪块盘。",
  },
  mend: {
    en: "Write `owner:` in the server's file, and list each target under `backupTargets:` with its `media:`.",
    zh: "服务器文件写 `owner:`，并在 `backupTargets:` 登记目标及其 `media:`。",
  },
  find: (site) =>
    jobsOf(site).flatMap(({ server, job }): Problem[] => {
      const known = new Set(targetsOf(site, job).map((target) => target.name));
      const unknown = job.targets.filter((target) => !known.has(target.name));
      return [
        ...(server.assetFields.owner === undefined
          ? [
              {
                where: job.origin,
                message: `nobody owns the backup ${job.name} of ${server.name}`,
                hint: `write owner: in the file of ${server.name}`,
                related: [server.origin],
              },
            ]
          : []),
        ...unknown.map((target) => ({
          where: job.origin,
          message: `${server.name}: ${job.name} goes to ${target.name}, which no register lists`,
          hint: "list it under backupTargets: with its media",
        })),
      ];
    }),
});
