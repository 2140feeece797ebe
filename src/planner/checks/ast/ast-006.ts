import { defineCheck } from "../define.ts";
import { addDays } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const SOON_DAYS = 90;

/** Support does not run out unnoticed. */
export const ast006 = defineCheck({
  id: "AST-006",
  severity: "warning",
  title: { en: "Warranty not run out, nor about to", zh: "保修未过期且非临近到期" },
  rationale: {
    en: "After the last day a broken box is bought anew, and its firmware is no longer mended.",
    zh: "过保后坏机需重新采购，固件也不再修复。",
  },
  mend: {
    en: "Renew the contract and correct `warranty:`, or plan the replacement.",
    zh: "续保并更新 `warranty:`，或安排更换。",
  },
  find: (site, context) =>
    site.devices.flatMap((device): Problem[] => {
      const { warranty } = device.assetFields;
      if (warranty === undefined || warranty > addDays(context.today, SOON_DAYS)) return [];
      const over = warranty < context.today;
      return [
        {
          where: device.origin,
          ...(over ? {} : { severity: "info" }),
          message: `the warranty of ${device.name} ${over ? "ended" : "ends"} on ${warranty}`,
          hint: "renew it and write the new day, or replace the device",
        },
      ];
    }),
});
