import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** Accounts that devices come with, or that are tried first. */
const DEFAULTS = new Set([
  "admin",
  "administrator",
  "cisco",
  "default",
  "guest",
  "huawei",
  "h3c",
  "juniper",
  "manager",
  "monitor",
  "operator",
  "root",
  "support",
  "test",
  "ubnt",
  "user",
  "vyos",
]);

/** Nobody logs in with what the maker printed on the box. */
export const crd001 = defineCheck({
  id: "CRD-001",
  severity: "warning",
  title: { en: "No default accounts", zh: "不使用默认账号" },
  rationale: {
    en: "Programs try the makers' accounts on every address they find; half of the login is known already.",
    zh: "扫描程序会用厂商默认账号逐个尝试，用户名已知等于破解一半。",
  },
  mend: {
    en: 'Use personal names under `users:` and `credentials:`; keep `permitRootLogin: "no"`.',
    zh: '在 `users:` 与 `credentials:` 用个人账号；保持 `permitRootLogin: "no"`。',
  },
  find: (site) => {
    const seen = new Set<string>();
    return site.devices.flatMap((device): Problem[] => {
      const users = device.system.users.filter((user) => DEFAULTS.has(user.name.toLowerCase()));
      const accounts = users.flatMap((user): Problem[] => {
        const key = `${user.name} ${user.origin.file}:${user.origin.line}:${user.origin.column}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return [
          {
            where: user.origin,
            message: `"${user.name}" is an account that everybody tries first`,
            hint: "name the account after its person",
          },
        ];
      });
      const login = DEFAULTS.has(device.management.user.toLowerCase()) && users.length === 0;
      const root = device.server !== undefined && device.server.sshd.permitRootLogin !== "no";
      return [
        ...accounts,
        ...(login
          ? [
              {
                where: device.origin,
                message: `${device.name} is managed with the default account "${device.management.user}"`,
                hint: "make an account of another name, and write credentials: {user: …}",
              },
            ]
          : []),
        ...(root
          ? [
              {
                where: device.origin,
                message: `${device.name} lets root log in`,
                hint: 'write daemons: {sshd: {permitRootLogin: "no"}}',
              },
            ]
          : []),
      ];
    });
  },
});
