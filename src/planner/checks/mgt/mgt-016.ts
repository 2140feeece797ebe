import type { DeviceIntent, ServerIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";

const MIN_DAYS = 180;
const PERIOD_DAYS = { daily: 1, weekly: 7, monthly: 30, yearly: 365 } as const;

/** The days that a server's own logrotate files keep logs, the shortest; undefined where none says it. */
function keptDays(server: ServerIntent): number | undefined {
  const days = server.files
    .filter((file) => file.path.startsWith("/etc/logrotate.d/"))
    .flatMap((file) => {
      const period = /^\s*(daily|weekly|monthly|yearly)\s*$/m.exec(file.content)?.[1] as
        | keyof typeof PERIOD_DAYS
        | undefined;
      const count = /^\s*rotate\s+(\d+)\s*$/m.exec(file.content)?.[1];
      return period === undefined || count === undefined ? [] : [Number(count) * PERIOD_DAYS[period]];
    });
  return days.length === 0 ? undefined : Math.min(...days);
}

const books = new WeakMap<readonly Site[], Map<string, DeviceIntent[]>>();

/** Our servers by client and address, made once for a run. */
function serversOf(sites: readonly Site[]): Map<string, DeviceIntent[]> {
  const before = books.get(sites);
  if (before) return before;
  const book = new Map<string, DeviceIntent[]>();
  for (const device of sites.flatMap((site) => site.devices)) {
    if (device.server === undefined) continue;
    const key = `${device.client} ${device.management.address}`;
    book.set(key, [...(book.get(key) ?? []), device]);
  }
  books.set(sites, book);
  return book;
}

/** Logs are kept as long as the law asks. */
export const mgt016 = defineCheck({
  id: "MGT-016",
  severity: "warning",
  title: { en: "Logs kept for 180 days or longer", zh: "日志留存不少于 180 天（六个月）" },
  rationale: {
    en: "China's Cybersecurity Law asks for six months of network logs, and intrusions are often found that late.",
    zh: "《网络安全法》要求网络日志留存不少于六个月，入侵也常在数月后才被发现。",
  },
  mend: {
    en: "On the log server list a file `/etc/logrotate.d/…` that keeps 180 days, `daily` with `rotate 180`.",
    zh: "在日志服务器的 `files:` 中写 `/etc/logrotate.d/…`，例如 daily 加 rotate 180。",
  },
  find: (site, context) => {
    const targets = new Set(site.devices.flatMap((device) => device.system.syslog));
    if (targets.size === 0) return [];
    const facts = context.facts.get(site.id)?.logRetentionDays;
    if (facts !== undefined && facts >= MIN_DAYS) return [];
    const servers = [...targets].flatMap(
      (address) => serversOf(context.sites).get(`${site.client} ${address}`) ?? [],
    );
    const kept = servers.map((device) => (device.server ? keptDays(device.server) : undefined));
    const [shortest] = [facts, ...kept].filter((days) => days !== undefined).sort((a, b) => a - b);
    if (shortest !== undefined && shortest >= MIN_DAYS && !kept.includes(undefined)) return [];
    return [
      {
        where: servers[0]?.origin ?? site.origin,
        message:
          shortest === undefined
            ? `nothing says how long ${[...targets].sort().join(", ")} keeps the logs`
            : `the log server keeps logs for ${shortest} days, ${MIN_DAYS} are asked for`,
        hint: "list files: {/etc/logrotate.d/remote: {content: …rotate 180…}} on the log server",
      },
    ];
  },
});
