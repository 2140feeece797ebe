import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const ipp003 = defineCheck({
  id: "IPP-003",
  severity: "error",
  decidedBy: ["resolve"],
  title: {
    en: "DHCP ranges lie in the network, without its gateway",
    zh: "DHCP 范围在网段内且不含网关与固定地址",
  },
  rationale: {
    en: "A laptop that is given the gateway's address takes the whole network with it.",
    zh: "笔记本若被分到网关地址，整个网段都会中断。",
  },
  mend: {
    en: "Write `ranges: [100-199]` with hosts that nobody has.",
    zh: "`ranges: [100-199]` 中只写无人占用的主机号。",
  },
});
