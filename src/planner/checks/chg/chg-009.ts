import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg009 = defineCheck({
  id: "CHG-009",
  severity: "error",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "The audit log is unbroken", zh: "审计日志哈希链完整" },
  rationale: {
    en: "A log that can be edited proves nothing.",
    zh: "可被改动的日志不能作为证据。",
  },
  mend: {
    en: "Find the edited entry; restore the log from its copy.",
    zh: "找出被改动的条目，从副本恢复日志。",
  },
  reads: { en: "the journal and its chain of hashes", zh: "审计日志及其哈希链" },
});
