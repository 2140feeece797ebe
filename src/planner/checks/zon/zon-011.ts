import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const zon011 = defineCheck({
  id: "ZON-011",
  severity: "error",
  decidedBy: ["proof"],
  title: { en: "No switch routes around the firewall", zh: "三层交换机不得绕过防火墙互通" },
  rationale: {
    en: "Two gateways on one switch are one network, whatever the firewall says.",
    zh: "同一交换机上的两个网关天然互通，防火墙形同虚设。",
  },
  mend: {
    en: "Move one gateway to the firewall, or bind filters on the switch.",
    zh: "将其中一个网关迁到防火墙，或在交换机绑定过滤。",
  },
});
