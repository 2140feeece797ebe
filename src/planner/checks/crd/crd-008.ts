import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** Administering takes more than knowing a word. */
export const crd008 = defineCheck({
  id: "CRD-008",
  severity: "warning",
  title: { en: "Two factors on the way to administration", zh: "管理路径使用双因素认证" },
  rationale: {
    en: "A password can be watched and guessed; a key, or an agent behind a token, has to be held.",
    zh: "口令可被偷看和猜中；密钥或令牌代理则必须实际持有。",
  },
  mend: {
    en: "Log in with `credentials: {key: …}` or `agent: true`, by a jump host (`via:`); a password alone is one factor.",
    zh: "使用 `credentials: {key: …}` 或 `agent: true`，并经跳板机（`via:`）；单独口令只是一个因素。",
  },
  find: (site) =>
    site.devices.flatMap((device): Problem[] => {
      const { key, agent, jump } = device.management;
      const holds = key !== undefined || agent || jump.some((host) => host.key !== undefined);
      if (holds) return [];
      return [
        {
          where: device.origin,
          message: `${device.name} is administered with a password alone`,
          hint: "write credentials: {key: …} or {agent: true}, or go by a jump host with a key",
        },
      ];
    }),
});
