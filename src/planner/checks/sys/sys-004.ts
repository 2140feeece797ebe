import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const sys004 = defineCheck({
  id: "SYS-004",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Processor, memory and bandwidth at most 70 % at peak", zh: "CPU、内存、带宽峰值不超过 70%" },
  rationale: {
    en: "A device at its limit drops routing first, and then everything.",
    zh: "设备到达极限时先丢路由协议，随后全面瘫痪。",
  },
  mend: { en: "Find what fills it, or take a larger model.", zh: "查明占用来源，或更换更大型号。" },
  reads: { en: "peaks of processor, memory and interfaces over 30 days", zh: "30 天内 CPU、内存、接口峰值" },
});
