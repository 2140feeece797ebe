import { defineCheck } from "../define.ts";
import { permitsOf } from "../lib/rule-cells.ts";

/** Nobody opens everything. */
export const rul004 = defineCheck({
  id: "RUL-004",
  severity: "error",
  title: { en: "No permit from any to any", zh: "无 any 到 any 的放行" },
  rationale: {
    en: "One such rule and every other is decoration.",
    zh: "有一条全通规则，其余规则都成了摆设。",
  },
  mend: { en: "Name networks or hosts in `from:` and `to:`.", zh: "在 `from:` 与 `to:` 写明网络或主机。" },
  find: (site) =>
    permitsOf(site)
      .filter(
        (rule) => rule.from.some((end) => end.kind === "any") && rule.to.some((end) => end.kind === "any"),
      )
      .map((rule) => ({
        where: rule.origin,
        message: `${rule.id} permits from any to any (${rule.services.join(", ") || "any service"})`,
        hint: "name who needs what: from: office, to: srv-erp",
      })),
});
