import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { hostPorts, indexOf } from "../lib/site-index.ts";

/** A switch under a desk takes no part. */
export const l2005 = defineCheck({
  id: "L2-005",
  severity: "warning",
  title: { en: "Edge and BPDU guard on host ports", zh: "终端口启用边缘端口与 BPDU 保护" },
  rationale: {
    en: "A switch brought from home can become the root of the tree, or close a loop, within seconds.",
    zh: "私接的交换机几秒内即可成为根桥或形成环路。",
  },
  mend: {
    en: "Write `edge: true` and `bpduGuard: true` in the port's profile.",
    zh: "在端口 profile 中写 `edge: true` 与 `bpduGuard: true`。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => {
      const ports = hostPorts(site, device);
      return [
        ...perPlace(
          device,
          ports.filter((port) => !port.bpduGuard),
          "has no BPDU guard",
          "write bpduGuard: true",
        ),
        ...perPlace(
          device,
          ports.filter((port) => !port.edge),
          "is no edge port",
          "write edge: true",
          {
            severity: "info",
          },
        ),
      ];
    }),
});
