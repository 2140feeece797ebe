import { defineCheck } from "../define.ts";

const AUTHENTICATED =
  /^\s*(?:ntp authenticate|ntp-service authentication enable|server \S+ .*\b(?:key|nts)\b)/m;

/** Clocks agree, from more than one source. */
export const mgt009 = defineCheck({
  id: "MGT-009",
  severity: "warning",
  needs: "rendered",
  title: { en: "Two or more time servers, authenticated", zh: "至少两个 NTP 源，并启用认证" },
  rationale: {
    en: "Logs of devices whose clocks differ prove nothing, and a single source can be wrong or away.",
    zh: "时钟不一致的日志无法作为证据；单一时间源可能出错或中断。",
  },
  mend: {
    en: "Write `ntp: [time-1, time-2]` at the client or the site.",
    zh: "在客户或站点层写 `ntp: [time-1, time-2]`。",
  },
  find: (site, context) => {
    const plain = site.devices.filter((device) => {
      const config = context.rendered.get(device.id)?.config;
      return config !== undefined && device.system.ntp.length > 0 && !AUTHENTICATED.test(config);
    });
    const few = site.devices
      .filter((device) => device.system.ntp.length < 2)
      .map((device) => ({
        where: device.origin,
        message: `${device.name} has ${device.system.ntp.length === 0 ? "no time server" : `one time server, ${device.system.ntp[0]}`}`,
        hint: "write ntp: [two or more servers]",
      }));
    if (plain.length === 0) return few;
    return [
      ...few,
      {
        where: site.origin,
        severity: "info" as const,
        message: `${plain.length} devices take the time without authentication`,
        hint: "the inventory has no NTP keys yet: take the time from servers of your own network",
      },
    ];
  },
});
