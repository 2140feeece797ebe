import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const ipp007 = defineCheck({
  id: "IPP-007",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "Each address is given once", zh: "IP 地址不重复" },
  rationale: {
    en: "Two machines with one address answer in turn, and both look broken.",
    zh: "两台主机共用一个地址会轮流应答，两边都像故障。",
  },
  mend: { en: "Give one of the two another `address:`.", zh: "为其中一台改 `address:`。" },
});
