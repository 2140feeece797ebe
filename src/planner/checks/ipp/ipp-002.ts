import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const ipp002 = defineCheck({
  id: "IPP-002",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "The gateway lies in its network and somebody has it", zh: "网关在网段内且确有设备承担" },
  rationale: {
    en: "Hosts whose router is elsewhere, or nowhere, reach their neighbours and nothing else.",
    zh: "网关不在本网段或无人承担时，主机只能访问邻居。",
  },
  mend: { en: "Write `gateway: {address: 1, on: DEVICE}`.", zh: "写 `gateway: {address: 1, on: 设备}`。" },
});
