import type { DeviceIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const hasPasswords = (device: DeviceIntent): boolean =>
  device.system.users.some((user) => user.password !== undefined);
const what = "short passwords are taken";

/** A password set by hand must be long enough. */
export const crd007 = defineCheck({
  id: "CRD-007",
  severity: "info",
  needs: "rendered",
  title: { en: "Password length and complexity asked for by the device", zh: "设备强制口令长度与复杂度" },
  rationale: {
    en: "Whoever changes a password at night takes a short one, unless the device refuses it.",
    zh: "夜间临时改口令往往取短的，除非设备拒绝。",
  },
  mend: {
    en: "Use keys in place of passwords; else turn the device's own rule on (the inventory cannot yet).",
    zh: "以密钥代替口令；否则在设备上启用口令策略（清单暂不支持）。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [
            {
              pattern: /^security passwords min-length (?:[89]|\d{2})|^aaa common-criteria policy /m,
              what,
              when: hasPasswords,
            },
          ],
        },
        // Since V200R010 VRP asks irreversible passwords for eight characters of two kinds by itself.
        vrp: {
          forbid: [
            {
              pattern:
                /^ ?undo local-aaa-user password policy administrator$|^ ?user-password complexity-check disable$/m,
              what,
            },
          ],
        },
        comware: {
          require: [{ pattern: /^ ?password-control (?:enable|length)/m, what, when: hasPasswords }],
        },
        eos: {
          require: [
            {
              pattern: /^management security\n(?: {3}.*\n)*? {3}password (?:minimum length|policy)/m,
              what,
              when: hasPasswords,
            },
          ],
        },
        junos: { require: [{ pattern: /minimum-length/, what, when: hasPasswords }] },
        fortios: {
          require: [
            { pattern: /^config system password-policy\n\s+set status enable/m, what, when: hasPasswords },
          ],
        },
        routeros: { require: [{ pattern: /minimum-password-length=/, what, when: hasPasswords }] },
        ...onLinux({
          require: [{ pattern: /pam_pwquality|libpam-pwquality|pwquality\.conf/, what, when: hasPasswords }],
        }),
      },
      () => "give the accounts keys in place of passwords",
    ),
});
