import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** Nothing is empty by mistake. */
export const rul013 = defineCheck({
  id: "RUL-013",
  severity: "error",
  title: { en: "No empty group", zh: "无空对象组" },
  rationale: {
    en: "What an empty group matches is nothing on one platform and everything on another.",
    zh: "空组在有的平台匹配不到任何流量，在有的平台匹配一切。",
  },
  mend: {
    en: "Fill it, or take it away with the rules that name it.",
    zh: "补充内容，或连同引用它的规则一并删除。",
  },
  find: (site) => {
    const services = site.policy.services
      .filter((service) => service.matches.length === 0)
      .map(
        (service): Problem => ({
          where: service.origin,
          message: `the service ${service.name} means nothing`,
          hint: "write tcp: […], udp: […] or group: […]",
        }),
      );
    const rules = site.rules
      .filter((rule) => rule.from.length === 0 || rule.to.length === 0 || rule.matches.length === 0)
      .map(
        (rule): Problem => ({
          where: rule.origin,
          message: `${rule.id} has no ${rule.from.length === 0 ? "source" : rule.to.length === 0 ? "destination" : "service"} left`,
          hint: "name what exists, or take the rule away",
        }),
      );
    return [...services, ...rules];
  },
});
