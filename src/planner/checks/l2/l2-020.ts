import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const l2020 = defineCheck({
  id: "L2-020",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Neighbours seen are those of the inventory", zh: "LLDP 邻居与清单链路一致" },
  rationale: {
    en: "A cable in another socket than the plan says makes every later change go wrong there.",
    zh: "线缆实际插接与清单不符，之后的每次变更都会出错。",
  },
  mend: { en: "Move the cable, or correct `to:` of the port.", zh: "改插线缆，或更正端口的 `to:`。" },
  reads: {
    en: "the LLDP (and CDP) neighbours of every switch and router",
    zh: "各交换机与路由器的 LLDP（及 CDP）邻居表",
  },
});
