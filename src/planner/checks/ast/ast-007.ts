import { defineCheck } from "../define.ts";

/** What matters is marked as such. */
export const ast007 = defineCheck({
  id: "AST-007",
  severity: "info",
  title: { en: "Importance of each device on record", zh: "资产分级标识（重要程度）" },
  rationale: {
    en: "Who answers the phone at night decides by this label what comes first.",
    zh: "夜间值班人员据此判断先处理谁。",
  },
  mend: {
    en: "Write `criticality: low | medium | high | critical` at the role or the device.",
    zh: "在角色或设备写 `criticality: low | medium | high | critical`。",
  },
  find: (site) =>
    site.devices
      .filter((device) => device.assetFields.criticality === undefined)
      .map((device) => ({
        where: device.origin,
        message: `nothing says how important ${device.name} is`,
        hint: "write criticality: at its role or in its file",
      })),
});
