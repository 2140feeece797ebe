import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** Both boxes of a pair are alike, and watch each other twice. */
export const red005 = defineCheck({
  id: "RED-005",
  severity: "warning",
  title: { en: "Pairs: same firmware, two heartbeat links", zh: "双机：版本一致，心跳链路不少于两条" },
  rationale: {
    en: "A pair that loses its only heartbeat becomes two masters with one address.",
    zh: "唯一心跳中断会出现双主，地址冲突。",
  },
  mend: {
    en: "Write `ha: {heartbeat: [eth6, eth7]}`, and upgrade both boxes together.",
    zh: "写 `ha: {heartbeat: [eth6, eth7]}`，两台同步升级。",
  },
  find: (site, context) => {
    const problems: Problem[] = [];
    const missing: string[] = [];
    for (const device of indexOf(site).firewalls.filter((each) => each.members.length > 1)) {
      const facts = context.facts.get(site.id)?.devices.get(device.name);
      if (facts === undefined) missing.push(`nothing says how the boxes of ${device.id} watch each other`);
      else if (facts.heartbeat === undefined)
        problems.push({
          where: device.origin,
          message: `nothing says how the boxes of ${device.name} watch each other`,
          hint: "write ha: {heartbeat: [two ports]}",
        });
      else if (facts.heartbeat.length < 2)
        problems.push({
          where: device.origin,
          message: `the boxes of ${device.name} watch each other over ${facts.heartbeat.length} link`,
          hint: "write ha: {heartbeat: [two ports]}",
        });
      const versions = [...new Set(Object.values(facts?.memberFirmware ?? {}))].sort();
      if (versions.length > 1)
        problems.push({
          where: device.origin,
          severity: "error",
          message: `the boxes of ${device.name} run ${versions.join(" and ")}`,
          hint: "upgrade both to the same version",
        });
    }
    return { problems, missing };
  },
});
