import type { UserIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

const SHARED =
  /^(?:all|common|helpdesk|it|netadmin|noc|office|ops|shared|staff|sysadmin|team|tech|yunwei)\d*$/i;

/** An account is a person. */
export const crd005 = defineCheck({
  id: "CRD-005",
  severity: "warning",
  title: { en: "No shared and no dead accounts", zh: "无共享账号与僵尸账号" },
  rationale: {
    en: "A log that says `ops` did it says nothing; an account without a person is nobody's to lock.",
    zh: "日志写着 ops 等于没写；无主账号无人负责停用。",
  },
  mend: {
    en: "One account a person, with keys of his own; take accounts that cannot log in away.",
    zh: "一人一账号、各用各的密钥；删除无法登录的账号。",
  },
  find: (site) => {
    const users = new Map<string, UserIntent>();
    for (const user of site.devices.flatMap((device) => device.system.users))
      users.set(`${user.name} ${user.origin.file}:${user.origin.line}:${user.origin.column}`, user);
    const owners = new Map<string, UserIntent>();
    return [...users.values()].flatMap((user): Problem[] => {
      const problems: Problem[] = [];
      if (SHARED.test(user.name))
        problems.push({
          where: user.origin,
          severity: "info",
          message: `"${user.name}" is the name of no person`,
          hint: "make an account for each person; machines may keep one of their own",
        });
      if (user.keys.length === 0 && user.password === undefined)
        problems.push({
          where: user.origin,
          message: `nobody can log in as "${user.name}": it has neither key nor password`,
          hint: "give it keys:, or take it away",
        });
      for (const key of user.keys) {
        const material = key.trim().split(/\s+/)[1] ?? key;
        const owner = owners.get(material);
        if (owner === undefined) owners.set(material, user);
        else if (owner.name !== user.name)
          problems.push({
            where: user.origin,
            message: `"${user.name}" and "${owner.name}" have the same key`,
            hint: "give each account a key of its own",
            related: [owner.origin],
          });
      }
      return problems;
    });
  },
});
