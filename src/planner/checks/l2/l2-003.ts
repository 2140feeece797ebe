import { defineCheck } from "../define.ts";

/** Decided while resolving: both ends of a link are compared there. */
export const l2003 = defineCheck({
  id: "L2-003",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "Trunks list what they carry, the same at both ends", zh: "干道显式放行所需 VLAN，两端一致" },
  rationale: {
    en: "A VLAN that only one end carries ends there without a word; one that nobody needs carries loops and strangers.",
    zh: "只有一端放行的 VLAN 会悄然中断；多余的 VLAN 则带来环路与越权。",
  },
  mend: {
    en: "Write `tagged: needed`, or the same list at both ends.",
    zh: "写 `tagged: needed`，或两端列出相同的 VLAN。",
  },
});
