import { defineCheck } from "../define.ts";

/** Whoever logs in is told whose machine it is. */
export const mgt007 = defineCheck({
  id: "MGT-007",
  severity: "info",
  title: { en: "A login banner", zh: "登录提示信息（banner）" },
  rationale: {
    en: "A warning before the login is what later lets an intruder be called one.",
    zh: "登录前的警示语是日后追究非法访问的依据。",
  },
  mend: {
    en: "Write `banner:` at the provider, the client or the site.",
    zh: "在服务商、客户或站点层写 `banner:`。",
  },
  find: (site) =>
    site.devices
      .filter((device) => (device.system.banner ?? "").trim() === "")
      .map((device) => ({
        where: device.origin,
        message: `${device.name} has no login banner`,
        hint: "write banner: Authorised use only. Sessions are recorded.",
      })),
});
