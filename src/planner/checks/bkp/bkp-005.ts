import { formatSecretRef } from "../../../model/secret.ts";
import { defineCheck } from "../define.ts";
import { jobsOf } from "../lib/backup-jobs.ts";
import type { Problem } from "../types.ts";

/** Copies are readable by their owner only. */
export const bkp005 = defineCheck({
  id: "BKP-005",
  severity: "error",
  title: { en: "Backups encrypted on the way and where they lie", zh: "备份传输与存储加密" },
  rationale: {
    en: "A backup is all the data at once, in a place that is guarded less.",
    zh: "备份是全部数据的集合，存放处的防护却往往更弱。",
  },
  mend: {
    en: "Use https for s3, and give each target an `encryption:` of its own, other than its `credentials:`.",
    zh: "s3 用 https；每个目标使用独立的 `encryption:`，不与 `credentials:` 相同。",
  },
  find: (site) =>
    jobsOf(site).flatMap(({ server, job }) =>
      job.targets.flatMap((target): Problem[] => {
        const plain = /^(?:s3:http:|rest:http:|http:|ftp:)/.test(target.repository);
        const same =
          target.credentials !== undefined &&
          formatSecretRef(target.credentials) === formatSecretRef(target.encryption);
        return [
          ...(plain
            ? [
                {
                  where: job.origin,
                  message: `${server.name}: ${job.name} goes to ${target.name} without encryption on the way`,
                  hint: "write url: https://…",
                },
              ]
            : []),
          ...(same
            ? [
                {
                  where: job.origin,
                  severity: "warning" as const,
                  message: `${target.name} is encrypted with the secret that it is logged into with`,
                  hint: "give encryption: a secret of its own, and keep a copy of it offline",
                },
              ]
            : []),
        ];
      }),
    ),
});
