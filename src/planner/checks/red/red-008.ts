import { defineCheck } from "../define.ts";
import { isRouting } from "../lib/connected.ts";
import { isCritical } from "../lib/criticality.ts";
import type { Problem } from "../types.ts";

/** A fuse does not take the site down; of a pair or stack each box has a supply of its own. */
export const red008 = defineCheck({
  id: "RED-008",
  severity: "warning",
  title: { en: "Two power supplies or a UPS at critical sites", zh: "关键站点双电源或 UPS" },
  rationale: {
    en: "Most outages of hardware are outages of its power.",
    zh: "多数硬件故障其实是供电故障。",
  },
  mend: {
    en: "Give it a second supply or a UPS; until the inventory has fields for them, record what you saw with a waiver for RED-008.",
    zh: "加装第二电源或 UPS；清单暂无相应字段，请以 RED-008 豁免登记现场情况。",
  },
  find: (site, context) => {
    if (!isCritical(site)) return [];
    return site.devices
      .filter((device) => isRouting(device) && device.members.length < 2)
      .flatMap((device): Problem[] => {
        const facts = context.facts.get(site.id)?.devices.get(device.name);
        if ((facts?.powerSupplies ?? 0) >= 2 || facts?.ups === true) return [];
        const known = facts?.powerSupplies !== undefined || facts?.ups !== undefined;
        return [
          {
            where: device.origin,
            message: known
              ? `${device.name} has one power supply and no UPS`
              : `nothing says that ${device.name} has two power supplies or a UPS`,
            hint: known
              ? "add a second power supply or a UPS, and record it"
              : "look, and write a waiver for RED-008 with what you found",
          },
        ];
      });
  },
});
