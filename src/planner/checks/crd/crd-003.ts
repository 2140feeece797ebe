import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const what = "a password that can be read back";

/** Passwords on devices cannot be read back. */
export const crd003 = defineCheck({
  id: "CRD-003",
  severity: "error",
  needs: "rendered",
  title: { en: "Passwords as one-way hashes (scrypt, SHA-512, irreversible)", zh: "口令以不可逆散列保存" },
  rationale: {
    en: "Type 7 and simple passwords are read back by a web page; a configuration in a mail is then a login.",
    zh: "7 类与 simple 口令在线即可还原，配置文件外泄等于账号外泄。",
  },
  mend: {
    en: "Let the driver spell accounts from `users:`; take other password lines away.",
    zh: "账号由驱动按 `users:` 生成；删除其他口令行。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          forbid: [
            { pattern: /^(?:enable password|username \S+ (?:privilege \d+ )?password| password) .*$/m, what },
            { pattern: /^(?:enable|username \S+(?: privilege \d+)?) secret (?:0|4|5|7) .*$/m, what },
          ],
        },
        vrp: {
          forbid: [
            {
              pattern:
                /^ local-user \S+ password (?:simple|cipher) .*$|^ set authentication password simple .*$/m,
              what,
            },
          ],
        },
        comware: { forbid: [{ pattern: /^ ?password simple .*$/m, what }] },
        eos: { forbid: [{ pattern: /^username \S+ .*secret (?:0|5) .*$/m, what }] },
        junos: { forbid: [{ pattern: /plain-text-password-value|encrypted-password "?\$1\$/, what }] },
        fortios: { forbid: [{ pattern: /^\s*set password (?!ENC)\S+.*$/m, what }] },
        routeros: { forbid: [{ pattern: /^add .*name=\S+ .*password=(?!\$\{secret:)\S+.*$/m, what }] },
        ...onLinux({
          forbid: [{ pattern: /^\s*password (?!locked$|\$\{secret:|\$(?:6|y|7)\$)\S+.*$/m, what }],
        }),
      },
      () => "write the account under users:, and take the line away",
    ),
});
