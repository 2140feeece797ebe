import { defineCheck } from "../define.ts";
import { addDays } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const SOON_DAYS = 365;

/** Nothing in use is past the end of its life. */
export const sys003 = defineCheck({
  id: "SYS-003",
  severity: "error",
  title: { en: "No hardware past its end of life", zh: "无超过生命周期的硬件" },
  rationale: {
    en: "After that day the maker mends no hole any more, whatever is found.",
    zh: "到期后厂商不再修补任何漏洞。",
  },
  mend: {
    en: "Plan the replacement; write `endOfLife:` in the model's file.",
    zh: "安排更换；型号文件写 `endOfLife:`。",
  },
  find: (site, context) => {
    const facts = context.facts.get(site.id);
    if (facts === undefined)
      return { problems: [], missing: ["the resolved site does not hold its models' end of life"] };
    return site.devices.flatMap((device): Problem[] => {
      const day = facts.devices.get(device.name)?.endOfLife;
      if (day === undefined || day > addDays(context.today, SOON_DAYS)) return [];
      const over = day < context.today;
      return [
        {
          where: device.origin,
          ...(over ? {} : { severity: "warning" }),
          message: `${device.name} (${device.model}) ${over ? "reached" : "reaches"} the end of its life on ${day}`,
          hint: "plan its replacement",
        },
      ];
    });
  },
});
