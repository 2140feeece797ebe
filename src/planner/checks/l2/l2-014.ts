import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, userPorts } from "../lib/site-index.ts";

/** Who plugs in says who he is. */
export const l2014 = defineCheck({
  id: "L2-014",
  severity: "warning",
  title: { en: "802.1X or MAC authentication on user ports", zh: "用户口启用 802.1X 或 MAC 认证" },
  rationale: {
    en: "Without it the network socket is the access right.",
    zh: "没有接入认证，插上网线就等于获得授权。",
  },
  mend: {
    en: "Write `dot1x: true` in the profile; the driver must be able to express it.",
    zh: "在 profile 中写 `dot1x: true`；驱动须支持。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) =>
      perPlace(
        device,
        userPorts(site, device).filter((port) => !port.dot1x),
        "has no 802.1X",
        "write dot1x: true",
      ),
    ),
});
