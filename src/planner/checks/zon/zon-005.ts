import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const zon005 = defineCheck({
  id: "ZON-005",
  severity: "error",
  decidedBy: ["proof"],
  title: {
    en: "Devices permit nothing that the matrix forbids",
    zh: "设备放行不超出矩阵（证明并给出见证报文）",
  },
  rationale: {
    en: "The matrix is what was agreed; what a device lets through beyond it is a hole, with a packet to show it.",
    zh: "矩阵是双方约定，设备多放行的就是漏洞，并有具体报文为证。",
  },
  mend: {
    en: "Narrow the rule, allow it in the cell, or ask for an exception with an end.",
    zh: "收窄规则、在单元格中放行，或申请有期限的例外。",
  },
});
