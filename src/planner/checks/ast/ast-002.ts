import { defineCheck } from "../define.ts";

/** Decided while resolving, over all sites of a client. */
export const ast002 = defineCheck({
  id: "AST-002",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "Asset ids and serials are unique", zh: "资产编号与序列号唯一" },
  rationale: {
    en: "The asset id is what a device's history and state hang on; two boxes with one share them.",
    zh: "设备历史与状态都挂在资产编号上，重号会互相混淆。",
  },
  mend: {
    en: "Give one of the two another `asset:`, or read its serial again.",
    zh: "为其中一台改 `asset:`，或重新核对序列号。",
  },
});
