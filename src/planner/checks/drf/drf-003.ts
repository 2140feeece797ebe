import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const drf003 = defineCheck({
  id: "DRF-003",
  severity: "info",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "No lines that nobody manages", zh: "无未托管的配置段" },
  rationale: {
    en: "What no inventory holds no review sees.",
    zh: "清单之外的配置没有人审查。",
  },
  mend: {
    en: "Take the lines into the inventory, or write `ownership: full`.",
    zh: "将其纳入清单，或写 `ownership: full`。",
  },
  reads: { en: "running lines outside the claims of each device", zh: "各设备托管范围之外的配置行" },
});
