import { defineCheck } from "../define.ts";

/** Waits for history. */
export const chg008 = defineCheck({
  id: "CHG-008",
  severity: "warning",
  needs: "history",
  decidedBy: ["data"],
  title: { en: "Emergencies reviewed within two working days", zh: "紧急变更两个工作日内复核" },
  rationale: {
    en: "What was opened in a hurry stays open, unless somebody looks again.",
    zh: "匆忙放开的口子若无人复核就会一直开着。",
  },
  mend: { en: "Review the change, and record it at its approval.", zh: "复核该变更并登记在审批记录中。" },
  reads: { en: "emergency approvals and their reviews", zh: "紧急审批及其复核记录" },
});
