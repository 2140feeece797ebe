import { compareText } from "../../../model/finding.ts";
import type { ChangeWindow } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { jobsOf } from "../lib/backup-jobs.ts";

/** Whether a time of day, on whatever day, can lie in a window. */
function isIn(window: ChangeWindow, at: string): boolean {
  const late = compareText(window.from, window.to) < 0;
  if (late) return compareText(window.from, at) <= 0 && compareText(at, window.to) < 0;
  return compareText(window.from, at) <= 0 || compareText(at, window.to) < 0;
}

/** Backups and changes keep out of each other's way. */
export const bkp011 = defineCheck({
  id: "BKP-011",
  severity: "info",
  title: { en: "Backups start outside the change windows", zh: "备份时间避开变更窗口" },
  rationale: {
    en: "A backup that is cut off by a reboot is no backup, and a link full of copies hides whether a change worked.",
    zh: "被重启打断的备份无效；占满链路的备份会掩盖变更是否成功。",
  },
  mend: {
    en: "Move `at:` of the job before the window opens, or after it closes.",
    zh: "将任务的 `at:` 移到窗口之前或之后。",
  },
  find: (site) =>
    jobsOf(site).flatMap(({ server, job }) =>
      site.changeWindows
        .filter((window) => isIn(window, job.at))
        .slice(0, 1)
        .map((window) => ({
          where: job.origin,
          message: `${server.name}: ${job.name} starts at ${job.at}, in the change window ${window.name} (${window.from}-${window.to})`,
          hint: `write at: with a time outside ${window.from}-${window.to}`,
          related: [window.origin],
        })),
    ),
});
