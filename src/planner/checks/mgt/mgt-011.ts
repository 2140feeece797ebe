import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

/** Every command leaves a trace with a name. */
export const mgt011 = defineCheck({
  id: "MGT-011",
  severity: "warning",
  needs: "rendered",
  title: { en: "Commands and configuration changes are recorded", zh: "记录操作命令与配置变更" },
  rationale: {
    en: "A change without a name behind it cannot be asked about, and drift cannot be told from an attack.",
    zh: "没有操作者记录的变更无从追问，漂移与攻击也无法区分。",
  },
  mend: {
    en: "Push the rendered configuration, and give the device a log server: `syslog:`.",
    zh: "下发生成的配置，并为设备配置日志服务器 `syslog:`。",
  },
  find: (site, context) => {
    // On the log server itself the trace is where it belongs.
    const servers = new Set(site.devices.flatMap((device) => device.system.syslog));
    return judgeRendered(
      context,
      site.devices.filter((device) => !servers.has(device.management.address)),
      {
        iosxe: {
          require: [
            {
              pattern:
                /^aaa accounting commands |^archive\n(?: .*\n)*? log config\n(?: {2}.*\n)*? {2}logging enable$/m,
              what: "configuration commands are not recorded",
            },
          ],
        },
        vrp: {
          require: [
            { pattern: /^info-center loghost |^ ?recording-scheme /m, what: "commands are recorded nowhere" },
          ],
        },
        comware: {
          require: [
            {
              pattern: /^ ?(?:info-center loghost|command accounting)/m,
              what: "commands are recorded nowhere",
            },
          ],
        },
        eos: { require: [{ pattern: /^aaa accounting commands /m, what: "commands are not recorded" }] },
        junos: {
          require: [{ pattern: /interactive-commands|change-log/, what: "commands are not recorded" }],
        },
        fortios: {},
        routeros: {},
        ...onLinux({
          require: [
            {
              pattern: /omfwd|^\s*\*\.\*\s+@|auditd/m,
              what: "what sudo does is recorded on the machine only",
            },
          ],
        }),
      },
      () => "write syslog: […] and push the rendered configuration",
    );
  },
});
