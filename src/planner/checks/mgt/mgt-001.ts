import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

/** Management speaks SSH version 2 and nothing that shows its passwords. */
export const mgt001 = defineCheck({
  id: "MGT-001",
  severity: "error",
  needs: "rendered",
  title: { en: "SSHv2 only, no telnet and no plain HTTP", zh: "仅用 SSHv2，关闭 telnet 与明文 HTTP" },
  rationale: {
    en: "Telnet and HTTP show passwords to everyone on the path; whoever reads one owns the device.",
    zh: "telnet 与 HTTP 明文传送口令，链路上任何人都能截获并接管设备。",
  },
  mend: {
    en: "Render the device anew from the inventory; take telnet and HTTP out of its unmanaged lines or its packages.",
    zh: "按清单重新下发配置；在未托管的配置行或软件包中去掉 telnet 与 HTTP。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [
            { pattern: /^ip ssh version 2$/m, what: "SSH is not held to version 2" },
            { pattern: /^ transport input ssh$/m, what: "the VTY lines are not limited to SSH" },
          ],
          forbid: [
            { pattern: /^ transport input .*\b(?:telnet|all)\b.*$/m, what: "telnet is open" },
            { pattern: /^ip http server$/m, what: "plain HTTP is open" },
          ],
        },
        vrp: {
          require: [
            { pattern: /^stelnet server enable$/m, what: "the SSH server is not on" },
            { pattern: /^ protocol inbound ssh$/m, what: "the VTY lines are not limited to SSH" },
          ],
          forbid: [
            { pattern: /^telnet (?:ipv6 )?server enable$/m, what: "telnet is open" },
            { pattern: /^ protocol inbound (?:all|telnet)$/m, what: "the VTY lines take telnet" },
            { pattern: /^http server enable$/m, what: "plain HTTP is open" },
          ],
        },
        comware: {
          require: [{ pattern: /^ ?ssh server enable$/m, what: "the SSH server is not on" }],
          forbid: [
            { pattern: /^ ?telnet server enable$/m, what: "telnet is open" },
            { pattern: /^ ?ip http enable$/m, what: "plain HTTP is open" },
          ],
        },
        eos: {
          forbid: [
            { pattern: /^management telnet\n(?: {3}.*\n)*? {3}no shutdown$/m, what: "telnet is open" },
            { pattern: /^ {3}protocol http$/m, what: "plain HTTP is open" },
          ],
        },
        junos: {
          forbid: [
            { pattern: /^(?:set system services telnet|\s+telnet;)/m, what: "telnet is open" },
            { pattern: /^set system services web-management http(?:\s|$)/m, what: "plain HTTP is open" },
          ],
        },
        fortios: {
          forbid: [
            {
              pattern: /^\s*set allowaccess .*\b(?:telnet|http)\b.*$/m,
              what: "telnet or plain HTTP is open",
            },
          ],
        },
        routeros: {
          require: [
            { pattern: /^set telnet .*disabled=yes/m, what: "telnet is open (it is on by default)" },
            { pattern: /^set www .*disabled=yes/m, what: "plain HTTP is open (it is on by default)" },
          ],
        },
        ...onLinux({
          forbid: [
            {
              pattern: /^\s*package \S*(?:telnetd|rsh-server)\S*$/m,
              what: "a telnet or rsh server is installed",
            },
          ],
        }),
      },
      () => "manage it by SSH: take the line out, or the package, and plan again",
    ),
});
