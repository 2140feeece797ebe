import { defineCheck } from "../define.ts";
import { isRouting } from "../lib/connected.ts";
import { isCritical } from "../lib/criticality.ts";
import type { Problem } from "../types.ts";

/** For what has no twin, another one lies on the shelf. */
export const red007 = defineCheck({
  id: "RED-007",
  severity: "warning",
  title: { en: "A spare for each single box that matters", zh: "关键单机有备件" },
  rationale: {
    en: "A new box takes weeks to come; a spare of the same model takes the time of a drive.",
    zh: "采购新机要数周，同型号备件只需一趟车程。",
  },
  mend: {
    en: "List a device of the same model with `state: spare`.",
    zh: "登记一台同型号、`state: spare` 的设备。",
  },
  find: (site, context) => {
    const single = site.devices.filter((device) => isRouting(device) && device.members.length < 2);
    if (!isCritical(site) || single.length === 0) return [];
    const facts = context.facts.get(site.id);
    const spares = facts?.spares ?? new Map<string, number>();
    if (facts === undefined)
      return { problems: [], missing: ["the resolved inventory does not hold spares"] };
    return single
      .filter((device) => (spares.get(device.model) ?? 0) === 0)
      .map(
        (device): Problem => ({
          where: device.origin,
          message: `there is no spare ${device.model} for ${device.name}, which has no twin`,
          hint: "buy one and list it with state: spare",
        }),
      );
  },
});
