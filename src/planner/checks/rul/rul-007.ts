import { defineCheck } from "../define.ts";

/** Each rule has somebody to ask. */
export const rul007 = defineCheck({
  id: "RUL-007",
  severity: "warning",
  title: { en: "Owner, ticket and reason at each rule", zh: "规则须有责任人、工单与理由" },
  rationale: {
    en: "In three years nobody dares to remove a rule of which nobody knows what it is for.",
    zh: "三年后没人敢删一条说不清用途的规则。",
  },
  mend: { en: "Write `owner:`, `ticket:` and `reason:`.", zh: "写 `owner:`、`ticket:`、`reason:`。" },
  find: (site) =>
    site.rules
      .filter((rule) => rule.source !== "implied")
      .map((rule) => ({
        rule,
        lacks: (["owner", "ticket", "reason"] as const).filter((key) => (rule[key] ?? "").trim() === ""),
      }))
      .filter(({ lacks }) => lacks.length > 0)
      .map(({ rule, lacks }) => ({
        where: rule.origin,
        message: `${rule.id} has no ${lacks.join(", no ")}`,
        hint: `write ${lacks.map((key) => `${key}: …`).join(", ")}`,
      })),
});
