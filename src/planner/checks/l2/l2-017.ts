import { defineCheck } from "../define.ts";

/** Decided while resolving. */
export const l2017 = defineCheck({
  id: "L2-017",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "No access port in the native or parking VLAN", zh: "接入口不得位于本征或停放 VLAN" },
  rationale: {
    en: "Who sits in the native VLAN can tag frames into others; who sits in the parking VLAN is no longer parked.",
    zh: "位于本征 VLAN 的主机可注入其他 VLAN；停放 VLAN 里有主机就失去停放意义。",
  },
  mend: {
    en: "Put the port into a network of data, or take it out of the file.",
    zh: "将端口放入业务网络，或从文件中删去。",
  },
});
