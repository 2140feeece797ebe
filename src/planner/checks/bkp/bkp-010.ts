import { defineCheck } from "../define.ts";

/** Waits for history. */
export const bkp010 = defineCheck({
  id: "BKP-010",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Each change is followed by an archived configuration", zh: "每次变更后归档配置并校验" },
  rationale: {
    en: "The configuration that is needed after a fire is the one of after the last change.",
    zh: "灾后需要的是最后一次变更之后的配置。",
  },
  mend: {
    en: "Push by Sitewright, which archives before and after; read the device once after a change by hand.",
    zh: "通过 Sitewright 下发（前后均归档）；手工变更后读取一次。",
  },
  reads: { en: "the archive and the receipts of each device", zh: "各设备的配置归档与下发回执" },
});
