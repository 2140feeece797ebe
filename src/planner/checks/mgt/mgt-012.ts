import { defineCheck } from "../define.ts";
import { join, judgeRendered, onLinux } from "../lib/judge-rendered.ts";

/** Log lines carry a time that means something. */
export const mgt012 = defineCheck({
  id: "MGT-012",
  severity: "warning",
  needs: "rendered",
  title: { en: "Time stamps with time zone", zh: "日志带时间戳与时区" },
  rationale: {
    en: "Without zone and date nobody can lay the logs of two devices beside each other.",
    zh: "缺少日期或时区，多台设备的日志无法对齐。",
  },
  mend: {
    en: "Write `timezone: Asia/Shanghai` (IANA name) at the site.",
    zh: "在站点写 `timezone: Asia/Shanghai`（IANA 名称）。",
  },
  find: (site, context) =>
    join(
      site.devices
        .filter((device) => device.system.timezone !== site.timezone)
        .map((device) => ({
          where: device.origin,
          message: `${device.name} keeps the time of ${device.system.timezone}, its site that of ${site.timezone}`,
          hint: `write timezone: ${site.timezone}`,
          related: [site.origin],
        })),
      judgeRendered(
        context,
        site.devices,
        {
          iosxe: {
            require: [
              {
                pattern: /^service timestamps log datetime\b.*\bshow-timezone\b/m,
                what: "log lines have no date and zone",
              },
            ],
          },
          vrp: {
            forbid: [
              { pattern: /^info-center timestamp log (?:none|boot).*$/m, what: "log lines have no date" },
            ],
          },
          comware: {
            forbid: [
              {
                pattern: /^ ?info-center timestamp (?:loghost )?(?:none|boot|no-year).*$/m,
                what: "log lines have no date",
              },
            ],
          },
          eos: {},
          junos: {},
          fortios: {},
          routeros: {},
          ...onLinux({ require: [{ pattern: /^timezone \S+/m, what: "the time zone is not set" }] }),
        },
        () => "push the rendered configuration",
      ),
    ),
});
