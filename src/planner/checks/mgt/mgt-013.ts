import { defineCheck } from "../define.ts";
import { join, judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const WEAK =
  "(?:3des|des-|arcfour|rc4|cbc|hmac-md5|sha1-96|md5|diffie-hellman-group1-|dh[_-]group1[_-]|group-exchange-sha1)";

/** SSH uses algorithms that hold. */
export const mgt013 = defineCheck({
  id: "MGT-013",
  severity: "warning",
  needs: "rendered",
  title: { en: "Strong SSH algorithms and keys", zh: "使用强度足够的 SSH 算法与密钥" },
  rationale: {
    en: "Old ciphers and key exchanges can be broken by whoever records the session today and computes tomorrow.",
    zh: "老旧的加密与密钥交换算法可被先录制、后破解。",
  },
  mend: {
    en: "Take `legacyAlgorithms: true` away (after an upgrade of the device), and weak algorithms out of its unmanaged lines.",
    zh: "设备升级后去掉 `legacyAlgorithms: true`，并删除未托管配置中的弱算法。",
  },
  find: (site, context) =>
    join(
      site.devices
        .filter((device) => device.management.legacyAlgorithms)
        .map((device) => ({
          where: device.origin,
          message: `${device.name} is managed with old SSH algorithms`,
          hint: "upgrade it and take `legacyAlgorithms: true` away",
        })),
      judgeRendered(
        context,
        site.devices,
        {
          iosxe: {
            forbid: [
              {
                pattern: new RegExp(`^ip ssh (?:server|client) algorithm .*${WEAK}.*$`, "m"),
                what: "SSH offers a weak algorithm",
              },
            ],
          },
          vrp: {
            forbid: [
              {
                pattern: new RegExp(`^ssh (?:server|client) (?:cipher|hmac|key-exchange) .*${WEAK}.*$`, "m"),
                what: "SSH offers a weak algorithm",
              },
            ],
          },
          comware: {
            forbid: [
              {
                pattern: new RegExp(`^ ?ssh2 algorithm .*${WEAK}.*$`, "m"),
                what: "SSH offers a weak algorithm",
              },
            ],
          },
          eos: {
            forbid: [
              {
                pattern: new RegExp(`^ {3}(?:cipher|mac|key-exchange) .*${WEAK}.*$`, "m"),
                what: "SSH offers a weak algorithm",
              },
            ],
          },
          junos: {
            forbid: [
              {
                pattern: new RegExp(`ssh (?:ciphers|macs|key-exchange) .*${WEAK}.*$`, "m"),
                what: "SSH offers a weak algorithm",
              },
            ],
          },
          fortios: {
            require: [{ pattern: /^\s*set strong-crypto enable/m, what: "strong-crypto is not enabled" }],
          },
          routeros: { require: [{ pattern: /strong-crypto=yes/, what: "strong-crypto is not set" }] },
          ...onLinux({
            forbid: [
              {
                pattern: new RegExp(`^\\s*(?:Ciphers|MACs|KexAlgorithms) .*${WEAK}.*$`, "m"),
                what: "sshd offers a weak algorithm",
              },
            ],
          }),
        },
        () => "take the weak algorithm out of the line",
      ),
    ),
});
