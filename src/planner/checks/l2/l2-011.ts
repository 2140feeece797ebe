import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { hostPorts, indexOf } from "../lib/site-index.ts";

/** A broken card does not drown the floor. */
export const l2011 = defineCheck({
  id: "L2-011",
  severity: "warning",
  title: { en: "Storm control on host ports", zh: "终端口启用风暴抑制" },
  rationale: {
    en: "One broken network card, or a loop behind a phone, floods every machine of its VLAN.",
    zh: "一块故障网卡或话机后的环路即可淹没整个 VLAN。",
  },
  mend: {
    en: "Write `stormControl: 1%` in the port's profile.",
    zh: "在端口 profile 中写 `stormControl: 1%`。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) =>
      perPlace(
        device,
        hostPorts(site, device).filter((port) => port.stormControlPercent === undefined),
        "has no storm control",
        "write stormControl: 1%",
      ),
    ),
});
