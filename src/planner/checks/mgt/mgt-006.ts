import type { DeviceIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

/** A password can be guessed where SSH takes passwords and an account has one. */
function takesPasswords(device: DeviceIntent): boolean {
  if (device.server?.sshd.passwordAuthentication === false) return false;
  return device.system.users.some((user) => user.password !== undefined);
}

/** Guessing passwords is slowed down. */
export const mgt006 = defineCheck({
  id: "MGT-006",
  severity: "warning",
  needs: "rendered",
  title: { en: "Lockout after failed logins", zh: "登录失败次数限制与锁定" },
  rationale: {
    en: "Without a lockout a machine tries thousands of passwords a minute, and in the end one fits.",
    zh: "没有失败锁定，程序每分钟可尝试上千个口令，总会猜中。",
  },
  mend: {
    en: "Render the device anew; on Linux turn password logins off (`daemons: {sshd: {passwordAuthentication: false}}`) or install fail2ban.",
    zh: "按清单重新下发配置；Linux 上关闭口令登录（`daemons: {sshd: {passwordAuthentication: false}}`）或安装 fail2ban。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [
            {
              pattern: /^login block-for \d+ attempts \d+ within \d+/m,
              what: "failed logins are not blocked",
            },
          ],
        },
        vrp: {
          forbid: [
            {
              pattern: /^ ?undo local-aaa-user wrong-password/m,
              what: "the lockout of local accounts is off",
            },
          ],
        },
        comware: {},
        eos: {
          require: [
            { pattern: /^aaa authentication policy lockout /m, what: "failed logins are not blocked" },
          ],
        },
        junos: {
          require: [
            { pattern: /tries-before-disconnect|lockout-period/, what: "failed logins are not blocked" },
          ],
        },
        fortios: {},
        routeros: {
          require: [{ pattern: /ssh[_-](?:blacklist|stage|brute)/i, what: "failed logins are not blocked" }],
        },
        ...onLinux({
          require: [
            {
              pattern: /fail2ban|pam_faillock|^\s*PasswordAuthentication no/m,
              what: "passwords may be guessed without end",
              when: takesPasswords,
            },
          ],
        }),
      },
      () => "turn password logins off, or let the driver render its lockout",
    ),
});
