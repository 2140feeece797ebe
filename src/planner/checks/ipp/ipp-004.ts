import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const ipp004 = defineCheck({
  id: "IPP-004",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "No fixed address inside a DHCP range", zh: "固定地址不落在 DHCP 动态范围内" },
  rationale: {
    en: "One day DHCP gives the printer's address to somebody, and nobody finds out why printing stops.",
    zh: "总有一天 DHCP 会把打印机的地址分给别人，而原因极难查明。",
  },
  mend: {
    en: "Move the range or the host; a host with a MAC may say `reserve: true`.",
    zh: "移动范围或主机；有 MAC 的主机可写 `reserve: true`。",
  },
});
