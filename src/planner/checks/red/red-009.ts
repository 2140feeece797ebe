import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const red009 = defineCheck({
  id: "RED-009",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Peak load at most 70 % after one link is lost", zh: "断一条链路后峰值利用率不超过 70%" },
  rationale: {
    en: "Two links that are both more than half full are one link with two points of failure.",
    zh: "两条链路各超过一半负载，等于一条链路加两个故障点。",
  },
  mend: { en: "Add members to the aggregation, or faster optics.", zh: "增加聚合成员或更换更快的模块。" },
  reads: {
    en: "the peak rate of each uplink and line over 30 days, from interface counters",
    zh: "各上联与出口线路 30 天峰值速率（接口计数器）",
  },
});
