import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg005 = defineCheck({
  id: "CHG-005",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "A backup before each change", zh: "变更前已备份" },
  rationale: {
    en: "The way back is the configuration of before the change.",
    zh: "回退的依据是变更前的配置。",
  },
  mend: {
    en: "Push by Sitewright, which archives first; back the server up before a large change.",
    zh: "通过 Sitewright 下发（先归档）；重大变更前先备份服务器。",
  },
  reads: { en: "the archive, and the time of each push", zh: "配置归档与各次下发时间" },
});
