import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const ast004 = defineCheck({
  id: "AST-004",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "Every registered device is there", zh: "登记的设备均在网" },
  rationale: {
    en: "A register that lists what is long gone is believed by nobody.",
    zh: "登记册里全是早已不在的设备，就没人相信它。",
  },
  mend: { en: "Find it, or set `state: retired`.", zh: "找到设备，或写 `state: retired`。" },
  reads: {
    en: "whether each device answered its last readings, with serial",
    zh: "各设备最近读取是否应答及其序列号",
  },
});
