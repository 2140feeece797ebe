import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** Nothing is pushed to a client without an approval of exactly that plan; the gate binds it to the digest. */
export const chg001 = defineCheck({
  id: "CHG-001",
  severity: "error",
  title: { en: "The gate stands: approval bound to the plan", zh: "变更须审批，且审批绑定计划摘要" },
  rationale: {
    en: "An approval of another plan is none; and a site without a gate is pushed to by a typing mistake.",
    zh: "批准的是另一份计划等于没批准；没有闸门的站点，敲错一个字就会被下发。",
  },
  mend: {
    en: "Write `gate: required`; `gate: none` is for labs (`binding: lab`).",
    zh: "写 `gate: required`；`gate: none` 仅用于实验室（`binding: lab`）。",
  },
  find: (site) => {
    if (site.binding === "lab") return [];
    const open: Problem[] = site.devices
      .filter((device) => device.gate === "none")
      .map((device) => ({
        where: device.origin,
        message: `${device.id} can be changed without an approval`,
        hint: "write gate: required",
      }));
    if (site.gate === "required") return open;
    return [
      {
        where: site.origin,
        message: `${site.id} can be changed without an approval`,
        hint: "write gate: required, or binding: lab for a lab",
      },
    ];
  },
});
