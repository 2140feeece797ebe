import { compareText } from "../../../model/finding.ts";
import { cellFor } from "../../../model/policy.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { jobsOf } from "../lib/backup-jobs.ts";
import { indexOf } from "../lib/site-index.ts";
import type { CheckContext, Problem } from "../types.ts";

const PORTS = { sftp: 22, s3: 443 } as const;

/** The zone of a host that a target names, here or at another site of the client. */
function zoneOfHost(site: Site, ref: string, context: CheckContext): string | undefined {
  const slash = ref.indexOf("/");
  const home =
    slash < 0 ? site : context.sites.find((other) => other.id === `${site.client}/${ref.slice(0, slash)}`);
  const host = home && indexOf(home).hosts.get(ref.slice(slash + 1));
  return host?.zone ?? (home && indexOf(home).networks.get(host?.network ?? "")?.zone);
}

function reaches(site: Site, from: string, to: string, port: number): boolean {
  if (from === to) return true;
  const cell = cellFor(site.policy, from, to);
  if (cell.access === "allow-all") return true;
  if (cell.access === "block-all") return false;
  const named = cell.matches.some(
    (match) =>
      match.protocol === "any" ||
      (match.protocol === "tcp" &&
        (match.ports.length === 0 || match.ports.some(([low, high]) => low <= port && port <= high))),
  );
  return cell.access === "allow-only" ? named : !named;
}

/** Copies get through, and only copies get through. */
export const bkp009 = defineCheck({
  id: "BKP-009",
  severity: "error",
  title: {
    en: "The matrix lets backups through, and users not to them",
    zh: "矩阵放行备份流量，且办公区不可写备份区",
  },
  rationale: {
    en: "Ransomware starts on a desk; if the desk can write to the backups, they are gone first.",
    zh: "勒索软件从办公终端开始，若其可写备份，备份会先被毁掉。",
  },
  mend: {
    en: "Allow ssh or https in the cell from the server's zone to the target's, and block user zones there.",
    zh: "在服务器区到备份目标区的单元格放行 ssh/https，并禁止用户区访问。",
  },
  find: (site, context) => {
    const paths = jobsOf(site).flatMap(({ server, job }) =>
      job.targets.flatMap((target): Problem[] => {
        if (target.type === "local") return [];
        const from = indexOf(site).networks.get(server.management.network)?.zone;
        const entry = site.backup.targets.find((each) => each.name === target.name);
        const to = entry?.host === undefined ? "internet" : zoneOfHost(site, entry.host, context);
        if (from === undefined || to === undefined || reaches(site, from, to, PORTS[target.type])) return [];
        return [
          {
            where: job.origin,
            message: `${server.name}: ${job.name} cannot reach ${target.name}: ${from} to ${to} is blocked`,
            hint: `allow ${target.type === "sftp" ? "ssh" : "https"} in the cell ${from} → ${to}`,
            ...(entry ? { related: [entry.origin] } : {}),
          },
        ];
      }),
    );
    const { zones } = site.policy;
    const open = zones
      .filter((zone) => zone.kind === "user")
      .flatMap((user) =>
        zones
          .filter((zone) => zone.kind === "backup")
          .flatMap((backup): Problem[] => {
            const cell = cellFor(site.policy, user.name, backup.name);
            if (cell.access === "block-all") return [];
            return [
              {
                where: cell.origin ?? backup.origin,
                message: `users of ${user.name} may reach the backup zone ${backup.name}`,
                hint: `write access: block-all in the cell ${user.name} → ${backup.name}`,
              },
            ];
          }),
      );
    return [...paths, ...open].sort((a, b) => compareText(a.message, b.message));
  },
});
