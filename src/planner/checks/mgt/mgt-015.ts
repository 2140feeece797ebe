import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

/** The console asks who is there. */
export const mgt015 = defineCheck({
  id: "MGT-015",
  severity: "warning",
  needs: "rendered",
  title: { en: "Console and auxiliary lines protected", zh: "保护 console 与 aux 口" },
  rationale: {
    en: "Whoever stands before the rack should not be an administrator by that alone.",
    zh: "能走到机柜前，不应就自动成为管理员。",
  },
  mend: {
    en: "Push the rendered configuration, and set `idleTimeout:`.",
    zh: "下发生成的配置，并设置 `idleTimeout:`。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [
            { pattern: /^aaa new-model$/m, what: "the console asks for no login" },
            {
              pattern: /^line aux 0\n(?: .*\n)*? no exec$/m,
              what: "the auxiliary line takes logins",
              when: (device) => device.kind === "router",
            },
          ],
          // Absent means ten minutes, the platform's default.
          forbid: [
            {
              pattern: /^line con 0\n(?: .*\n)*? exec-timeout 0 0$/m,
              what: "the console's sessions never end",
            },
          ],
        },
        vrp: {
          require: [
            {
              pattern: /^user-interface con 0\n(?: .*\n)*? authentication-mode (?:aaa|password)$/m,
              what: "the console asks for no login",
            },
          ],
          forbid: [
            {
              pattern: /^user-interface con 0\n(?: .*\n)*? idle-timeout 0 0$/m,
              what: "the console's sessions never end",
            },
          ],
        },
        comware: {
          require: [
            {
              pattern:
                /^ ?(?:line (?:class )?(?:console|aux)[\s\S]*?authentication-mode (?:scheme|password))/m,
              what: "the console asks for no login",
            },
          ],
        },
        eos: {},
        junos: {},
        fortios: {},
        routeros: {},
        ...onLinux({ require: [{ pattern: /\bTMOUT=\d+/, what: "shells on the console never end" }] }),
      },
      () => "write idleTimeout: 10m and push the rendered configuration",
    ),
});
