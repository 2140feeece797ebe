import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const drf002 = defineCheck({
  id: "DRF-002",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Running configurations are saved", zh: "运行配置已保存" },
  rationale: {
    en: "The next power cut brings the old configuration back.",
    zh: "下一次断电就会恢复旧配置。",
  },
  mend: { en: "Save it on the device, after a look at what differs.", zh: "查看差异后在设备上保存。" },
  reads: { en: "running and startup configuration of each device", zh: "各设备运行与启动配置" },
});
