import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const what = "a service runs that nothing needs";

/** What is not needed is off. */
export const mgt014 = defineCheck({
  id: "MGT-014",
  severity: "warning",
  needs: "rendered",
  title: { en: "Services that nothing needs are off", zh: "关闭不需要的服务" },
  rationale: {
    en: "Each open service is one more program that a stranger may talk to.",
    zh: "每开放一个服务，就多一个可被外人攻击的程序。",
  },
  mend: {
    en: "Take the service out of `services:`, `packages:` or the unmanaged lines.",
    zh: "从 `services:`、`packages:` 或未托管配置中去掉该服务。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [{ pattern: /^no ip http server$/m, what: "the HTTP server is not turned off" }],
          forbid: [
            {
              pattern:
                /^(?:ip http server|ip finger|service (?:tcp-small-servers|udp-small-servers|pad|config|finger)|ip bootp server|vstack|boot network .*)$/m,
              what,
            },
          ],
        },
        vrp: {
          forbid: [
            {
              pattern:
                /^(?:ftp|tftp|http|telnet)(?: ipv6)? server enable$|^undo (?:ftp|http) server disable$/m,
              what,
            },
          ],
        },
        comware: {
          forbid: [
            {
              pattern: /^ ?(?:ftp server enable|tftp server enable|telnet server enable|ip http enable)$/m,
              what,
            },
          ],
        },
        eos: {},
        junos: {
          forbid: [
            { pattern: /^(?:set system services (?:ftp|finger|telnet)|\s+(?:ftp|finger|telnet);).*$/m, what },
          ],
        },
        fortios: { forbid: [{ pattern: /^\s*set allowaccess .*\b(?:telnet|http)\b.*$/m, what }] },
        routeros: {
          require: [{ pattern: /^set ftp .*disabled=yes/m, what: "FTP is on (it is on by default)" }],
        },
        ...onLinux({
          forbid: [
            {
              pattern:
                /^\s*package (?:xinetd|inetutils-\S*d|telnetd\S*|rsh-server|vsftpd|tftpd\S*|finger\S*|nis|avahi-daemon|cups)$/m,
              what,
            },
          ],
        }),
      },
      () => "take it out; what the inventory does not list stays off",
    ),
});
