import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const ipp006 = defineCheck({
  id: "IPP-006",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "No reserved, network or broadcast address", zh: "不使用保留地址、网络地址与广播地址" },
  rationale: {
    en: "Addresses kept for another use are dropped by some machines and answered by all of them on others.",
    zh: "保留地址会被部分设备丢弃，或被所有主机应答。",
  },
  mend: {
    en: "Take a host of the network: a number from 1 up to the last but one.",
    zh: "取网段内的主机号，从 1 到倒数第二个。",
  },
});
