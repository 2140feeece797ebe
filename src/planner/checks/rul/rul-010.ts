import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** What no rule names is dropped, and seen. */
export const rul010 = defineCheck({
  id: "RUL-010",
  severity: "warning",
  title: { en: "A last rule that denies and logs", zh: "末尾显式拒绝并记录" },
  rationale: {
    en: "The packets that are dropped tell of the scan before the attack.",
    zh: "被丢弃的报文能揭示攻击前的扫描。",
  },
  mend: {
    en: "Write `matrix: {default: {access: block-all, log: true}}`; filters end with deny.",
    zh: "写 `matrix: {default: {access: block-all, log: true}}`；过滤以拒绝结尾。",
  },
  find: (site) =>
    site.devices.flatMap((device): Problem[] => [
      ...(device.firewall !== undefined && !device.firewall.logDropped
        ? [
            {
              where: site.policy.matrix.default.origin ?? device.origin,
              message: `${device.name} drops without a log`,
              hint: "write matrix: {default: {access: block-all, log: true}}",
              related: [device.origin],
            },
          ]
        : []),
      ...device.filters
        .filter(
          (filter) => filter.default === "permit" && !filter.entries.some((entry) => entry.action === "deny"),
        )
        .map((filter) => ({
          where: device.origin,
          message: `the filter ${filter.name} of ${device.name} ends with permit and denies nothing`,
          hint: "write deny rules for the zone, or let its cells block",
        })),
    ]),
});
