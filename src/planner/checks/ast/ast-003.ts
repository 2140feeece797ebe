import { defineCheck } from "../define.ts";

/** Waits for live data. */
export const ast003 = defineCheck({
  id: "AST-003",
  severity: "warning",
  needs: "live",
  decidedBy: ["data"],
  title: { en: "No device on the network that no register knows", zh: "网络中无未登记设备" },
  rationale: {
    en: "What nobody registered nobody patches, and nobody asked for.",
    zh: "未登记的设备无人打补丁，也未经批准。",
  },
  mend: { en: "Register it as host or device, or unplug it.", zh: "登记为主机或设备，或拔除。" },
  reads: { en: "MAC, ARP and LLDP tables of switches and routers", zh: "交换机与路由器的 MAC、ARP、LLDP 表" },
});
