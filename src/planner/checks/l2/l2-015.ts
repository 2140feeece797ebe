import { defineCheck } from "../define.ts";

/** Decided while resolving, which follows each VLAN over the links. */
export const l2015 = defineCheck({
  id: "L2-015",
  severity: "warning",
  decidedBy: ["resolve"],
  title: { en: "Each VLAN reaches every place that needs it", zh: "VLAN 在沿途每一跳都存在" },
  rationale: {
    en: "A VLAN that is missing on one switch between is dead behind it, and only for some.",
    zh: "中间某台交换机缺少该 VLAN，其后的终端就会断网，且难以排查。",
  },
  mend: {
    en: "Write `tagged: needed` on the trunks between, or link the devices.",
    zh: "在沿途干道写 `tagged: needed`，或补上链路。",
  },
});
