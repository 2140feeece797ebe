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
  mend: { en: "Record the power supplies and the UPS of the device.", zh: "登记设备的电源数量与 UPS。" },
  find: (site, context) => {
    if (!isCritical(site)) return [];
    const problems: Problem[] = [];
    const missing: string[] = [];
    for (const device of site.devices.filter((each) => isRouting(each) && each.members.length < 2)) {
      const facts = context.facts.get(site.id)?.devices.get(device.name);
      if (facts?.powerSupplies === undefined && facts?.ups === undefined)
        missing.push(`the inventory does not say how ${device.id} is powered`);
      else if ((facts.powerSupplies ?? 1) < 2 && facts.ups !== true)
        problems.push({
          where: device.origin,
          message: `${device.name} has one power supply and no UPS`,
          hint: "add a second power supply or a UPS, and record it",
        });
    }
    return { problems, missing };
  },
});
