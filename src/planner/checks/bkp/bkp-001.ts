import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

/** Every server is backed up; configurations of network devices are archived by each push and each reading. */
export const bkp001 = defineCheck({
  id: "BKP-001",
  severity: "warning",
  title: { en: "Every server has a backup job", zh: "每台服务器都有备份任务" },
  rationale: {
    en: "The server without a job is the one whose disk fails.",
    zh: "没有备份的那台服务器，往往就是坏盘的那台。",
  },
  mend: {
    en: 'Write `backup: {NAME: {path: …, policy: gold, at: "01:30"}}` in the server\'s file.',
    zh: '在服务器文件中写 `backup: {名称: {path: …, policy: gold, at: "01:30"}}`。',
  },
  find: (site) =>
    indexOf(site)
      .servers.filter((server) => (server.server?.backups.length ?? 0) === 0)
      .map((server) => ({
        where: server.origin,
        message: `${server.name} has no backup job`,
        hint: 'write backup: {NAME: {path: /srv, policy: …, at: "01:30"}}',
      })),
});
