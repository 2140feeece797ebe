import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** For whatever is pushed there is a way back: every plan holds one, for devices that can be rendered. */
export const chg004 = defineCheck({
  id: "CHG-004",
  severity: "warning",
  needs: "rendered",
  title: { en: "A rollback for every device", zh: "每台设备都有回退方案" },
  rationale: {
    en: "A device that cannot be planned is changed by hand, and the way back is in somebody's head.",
    zh: "无法纳入计划的设备只能手工改，回退方法只在个人脑中。",
  },
  mend: {
    en: "Give the device a platform with a full driver; until then archive it before a change by hand.",
    zh: "使用有完整驱动的平台；此前手工变更前先归档。",
  },
  find: (site, context) => {
    if (site.devices.length > 0 && site.devices.every((device) => !context.rendered.has(device.id)))
      return { problems: [], missing: ["no configuration of the site was rendered"] };
    return site.devices
      .filter((device) => !context.rendered.has(device.id))
      .map(
        (device): Problem => ({
          where: device.origin,
          message: `${device.name} (${device.platform}) cannot be rendered: no plan holds a way back for it`,
          hint: "use a platform with a full driver, or archive it before each change",
        }),
      );
  },
});
