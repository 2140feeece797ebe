import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";

const CENTRAL =
  /^\s*(?:aaa group server|package (?:sssd|libpam-radius-auth|libpam-tacplus)|tacacs[ -]server|radius[ -]server|hwtacacs|radius scheme|set system (?:tacplus|radius)-server)/m;

/** Logins are named accounts, with a way in when the central server is away. */
export const mgt004 = defineCheck({
  id: "MGT-004",
  severity: "warning",
  needs: "rendered",
  title: { en: "AAA with a local fallback", zh: "启用 AAA 认证并保留本地后备账号" },
  rationale: {
    en: "Without named accounts nobody knows who did what; without a local one a failed server locks everybody out.",
    zh: "没有具名账号就无法追溯操作；没有本地账号，认证服务器故障时将无人能登录。",
  },
  mend: {
    en: "List at least one account with `role: admin` under `users:`; render the device anew for the AAA lines.",
    zh: "在 `users:` 下至少列一个 role: admin 的账号，并按清单重新下发 AAA 配置。",
  },
  find: (site, context) => {
    const devices = indexOf(site).networkDevices;
    const local = devices.filter((device) => {
      const config = context.rendered.get(device.id)?.config;
      return config !== undefined && !CENTRAL.test(config);
    });
    return join(
      devices
        .filter((device) => !device.system.users.some((user) => user.role === "admin"))
        .map((device) => ({
          where: device.origin,
          message: `${device.name} has no local account that may administer it`,
          hint: "write users: {NAME: {role: admin, keys: […]}} at the device, the site or the client",
        })),
      local.length === 0
        ? []
        : [
            {
              where: site.origin,
              severity: "info" as const,
              message: `${local.length} devices decide logins by local accounts only`,
              hint: "the inventory has no central AAA yet: keep the accounts personal",
            },
          ],
      judgeRendered(
        context,
        devices,
        {
          iosxe: {
            require: [
              { pattern: /^aaa new-model$/m, what: "AAA is off" },
              { pattern: /^aaa authentication login default /m, what: "logins have no AAA method" },
            ],
          },
          vrp: { require: [{ pattern: /^ authentication-mode aaa$/m, what: "the lines do not ask AAA" }] },
          comware: {
            require: [{ pattern: /^ ?authentication-mode scheme$/m, what: "the lines do not ask AAA" }],
          },
          eos: {},
          junos: {},
          fortios: {},
          routeros: {},
          nftables: {},
          openvswitch: {},
        },
        () => "push the rendered configuration, which turns AAA on",
      ),
    );
  },
});
