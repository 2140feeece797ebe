import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, trunksOf } from "../lib/site-index.ts";

/** VLAN 1 is left alone. Resolving reports a network that uses it. */
export const l2002 = defineCheck({
  id: "L2-002",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: { en: "VLAN 1 carries nothing and is pruned from trunks", zh: "VLAN 1 不承载业务并从干道中剔除" },
  rationale: {
    en: "Every port that nobody configured is in VLAN 1, on every switch, and a loop there takes the whole site down.",
    zh: "所有未配置的端口都在 VLAN 1，且贯穿全网，一个环路即可拖垮整个站点。",
  },
  mend: {
    en: "Give the network another `vlan:`, and take VLAN 1 off trunks and ports.",
    zh: "为网络改用其他 `vlan:`，并从干道与端口去掉 VLAN 1。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => [
      ...perPlace(
        device,
        trunksOf(device).filter((port) => port.taggedVlans.includes(1)),
        "is a trunk that carries VLAN 1",
        "take the network with VLAN 1 off `tagged:`",
      ),
      ...perPlace(
        device,
        device.ports.filter(
          (port) =>
            port.mode === "access" &&
            port.enabled &&
            (port.accessVlan === undefined || port.accessVlan === 1),
        ),
        "is an open access port in VLAN 1",
        "write network: with a network of data",
      ),
    ]),
});
