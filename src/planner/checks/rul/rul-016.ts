import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** One thing, one name. Rules that are the same are found by the zone proofs, rule ids taken twice while resolving. */
export const rul016 = defineCheck({
  id: "RUL-016",
  severity: "warning",
  decidedBy: ["check", "proof", "resolve"],
  title: { en: "No duplicate rule or object", zh: "无重复的规则或对象" },
  rationale: {
    en: "Of two names for one thing only one is corrected later.",
    zh: "同一事物两个名字，日后只会改到其中一个。",
  },
  mend: { en: "Keep one of the two, and name it everywhere.", zh: "保留其一，并统一引用。" },
  find: (site) => {
    const first = new Map<string, (typeof site.policy.services)[number]>();
    return site.policy.services.flatMap((service): Problem[] => {
      if (service.matches.length === 0) return [];
      const key = service.matches
        .map(({ protocol, ports, icmpType }) => `${protocol} ${ports.join(" ")} ${icmpType ?? ""}`)
        .sort()
        .join("|");
      const twin = first.get(key);
      if (twin === undefined) {
        first.set(key, service);
        return [];
      }
      return [
        {
          where: service.origin,
          severity: "info",
          message: `the services ${twin.name} and ${service.name} mean the same`,
          hint: `keep ${twin.name}`,
          related: [twin.origin],
        },
      ];
    });
  },
});
