import { defineCheck } from "../define.ts";

/** The inventory changes with the device. */
export const chg007 = defineCheck({
  id: "CHG-007",
  severity: "info",
  title: { en: "Changes come through the inventory", zh: "变更同步更新清单（CMDB）" },
  rationale: {
    en: "Where the inventory owns only parts of a device, the other parts change without it.",
    zh: "清单只托管部分配置时，其余部分的变更不会反映到清单。",
  },
  mend: {
    en: "Write `ownership: full` once the unmanaged lines were taken in or removed.",
    zh: "收编或清除未托管配置后写 `ownership: full`。",
  },
  find: (site) => {
    const parts = site.devices.filter((device) => device.ownership === "claims");
    const [first] = parts;
    if (first === undefined || site.binding === "lab") return [];
    return [
      {
        where: site.origin,
        message: `${parts.length} of ${site.devices.length} devices are owned in part: other lines change without the inventory`,
        hint: "write ownership: full where nothing unmanaged is left",
        related: [first.origin],
      },
    ];
  },
});
