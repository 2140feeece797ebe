import { defineCheck } from "../define.ts";

const MAX_MINUTES = 10;

/** Sessions that nobody uses end. */
export const mgt005 = defineCheck({
  id: "MGT-005",
  severity: "warning",
  title: { en: "Idle sessions end within 10 minutes", zh: "空闲会话 10 分钟内自动退出" },
  rationale: {
    en: "A terminal left open is an administrator's login for whoever sits down next.",
    zh: "无人看管的终端等于把管理员权限交给下一个坐下的人。",
  },
  mend: {
    en: "Write `idleTimeout: 10m` or less; 0 means never and is refused.",
    zh: "写 `idleTimeout: 10m` 或更短；0 表示永不退出，不允许。",
  },
  find: (site) =>
    site.devices
      .filter(({ system }) => system.idleTimeoutMinutes <= 0 || system.idleTimeoutMinutes > MAX_MINUTES)
      .map((device) => ({
        where: device.origin,
        message:
          device.system.idleTimeoutMinutes <= 0
            ? `${device.name}: idle sessions never end`
            : `${device.name}: idle sessions end after ${device.system.idleTimeoutMinutes} minutes`,
        hint: `write idleTimeout: ${MAX_MINUTES}m`,
      })),
});
