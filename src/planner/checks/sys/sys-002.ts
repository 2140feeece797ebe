import { defineCheck } from "../define.ts";
import { compareVersions } from "../lib/version.ts";
import type { Problem } from "../types.ts";

/** Firmware is new enough. */
export const sys002 = defineCheck({
  id: "SYS-002",
  severity: "warning",
  title: { en: "Firmware at or above the minimum, and approved", zh: "固件不低于基线且经过验证" },
  rationale: {
    en: "Known holes in network devices are used within days, by programs.",
    zh: "网络设备的公开漏洞几天内就会被程序批量利用。",
  },
  mend: {
    en: "Upgrade, then write the new `firmware:`; set `firmware: {minimum, approved}` in the model's file.",
    zh: "升级后更新 `firmware:`；型号文件写 `firmware: {minimum, approved}`。",
  },
  find: (site, context) => {
    const problems: Problem[] = [];
    const missing: string[] = [];
    const known = context.facts.get(site.id);
    const unnamed = new Set<string>();
    for (const device of site.devices) {
      const facts = known?.devices.get(device.name);
      const { firmware } = device.assetFields;
      const { minimumFirmware, approvedFirmware } = facts ?? {};
      if (minimumFirmware === undefined && approvedFirmware === undefined) {
        if (device.kind === "server" || unnamed.has(device.model)) continue;
        unnamed.add(device.model);
        if (known === undefined) missing.push(`no firmware baseline for ${device.model} (${device.id})`);
        else
          problems.push({
            where: device.origin,
            severity: "info",
            message: `the model ${device.model} names no firmware: nobody has said which is new enough`,
            hint: `write firmware: {minimum: …} in inventory/models/${device.model}.yaml`,
          });
        continue;
      }
      if (firmware === undefined)
        problems.push({
          where: device.origin,
          message: `nothing says which firmware ${device.name} runs`,
          hint: `write firmware: ${minimumFirmware ?? approvedFirmware?.[0]}`,
        });
      else if (minimumFirmware !== undefined && compareVersions(firmware, minimumFirmware) < 0)
        problems.push({
          where: device.origin,
          message: `${device.name} runs ${firmware}, at least ${minimumFirmware} is asked for`,
          hint: `upgrade it, then write firmware: ${minimumFirmware}`,
        });
      else if (approvedFirmware !== undefined && !approvedFirmware.includes(firmware))
        problems.push({
          where: device.origin,
          severity: "info",
          message: `${device.name} runs ${firmware}, which nobody tried (${approvedFirmware.join(", ")})`,
          hint: "try it, and list it as approved in the model's file",
        });
    }
    return { problems, missing };
  },
});
