import type { DeviceIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { join, judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const hasSyslog = (device: DeviceIntent): boolean => device.system.syslog.length > 0;

/** What happens on a device is written down elsewhere. */
export const mgt010 = defineCheck({
  id: "MGT-010",
  severity: "warning",
  needs: "rendered",
  title: {
    en: "Logs go to a log server, level informational or finer",
    zh: "日志外发至日志服务器，级别不低于 informational",
  },
  rationale: {
    en: "Whoever breaks into a device deletes its logs first; a copy elsewhere stays.",
    zh: "攻破设备者首先删除本机日志，外发的副本才能留存。",
  },
  mend: { en: "Write `syslog: [syslog-1]`, better two.", zh: "写 `syslog: [syslog-1]`，最好两个。" },
  find: (site, context) => {
    // The log server itself has its logs where they belong.
    const servers = new Set(site.devices.flatMap((device) => device.system.syslog));
    return join(
      site.devices
        .filter((device) => !hasSyslog(device) && !servers.has(device.management.address))
        .map((device) => ({
          where: device.origin,
          message: `${device.name} sends its logs nowhere`,
          hint: "write syslog: [a host] at the provider, the client or the site",
        })),
      judgeRendered(
        context,
        site.devices,
        {
          iosxe: {
            require: [
              { pattern: /^logging host \S+/m, what: "no log server is configured", when: hasSyslog },
            ],
            forbid: [
              {
                pattern:
                  /^logging trap (?:[0-5]|emergencies|alerts|critical|errors|warnings|notifications)$/m,
                what: "only coarse messages reach the log server",
              },
            ],
          },
          vrp: {
            require: [
              {
                pattern: /^info-center loghost [\d:a-f.]+/m,
                what: "no log server is configured",
                when: hasSyslog,
              },
            ],
          },
          comware: {
            require: [
              {
                pattern: /^ ?info-center loghost \S+/m,
                what: "no log server is configured",
                when: hasSyslog,
              },
            ],
          },
          eos: {
            require: [
              {
                pattern: /^logging (?:vrf \S+ )?host \S+/m,
                what: "no log server is configured",
                when: hasSyslog,
              },
            ],
          },
          junos: {
            require: [
              { pattern: /syslog[\s\S]{0,40}host /, what: "no log server is configured", when: hasSyslog },
            ],
          },
          fortios: {
            require: [
              {
                pattern: /^config log syslogd\d? setting/m,
                what: "no log server is configured",
                when: hasSyslog,
              },
            ],
          },
          routeros: {
            require: [{ pattern: /remote=\S+/, what: "no log server is configured", when: hasSyslog }],
          },
          ...onLinux({
            require: [
              { pattern: /omfwd|^\s*\*\.\*\s+@/m, what: "no log server is configured", when: hasSyslog },
            ],
          }),
        },
        () => "push the rendered configuration",
      ),
    );
  },
});
