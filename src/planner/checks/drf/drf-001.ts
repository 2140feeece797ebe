import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const drf001 = defineCheck({
  id: "DRF-001",
  severity: "error",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Devices run what was last applied", zh: "运行配置与已下发配置一致" },
  rationale: {
    en: "A change behind our back is a mistake or an intruder.",
    zh: "背后的改动不是失误就是入侵。",
  },
  mend: {
    en: "`sitewright drift`, then adopt it into the YAML or revert it.",
    zh: "执行 `sitewright drift`，再收编或还原。",
  },
  reads: { en: "the running configuration and the receipt of each device", zh: "各设备运行配置与回执" },
});
