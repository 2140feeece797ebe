import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, userPorts } from "../lib/site-index.ts";

/** One desk, few machines. */
export const l2013 = defineCheck({
  id: "L2-013",
  severity: "warning",
  title: { en: "MAC limit on user ports", zh: "用户口限制 MAC 数量" },
  rationale: {
    en: "A flood of made-up addresses fills the switch's table, and then every frame goes to every port.",
    zh: "伪造 MAC 的洪泛会填满转发表，使所有帧发往所有端口。",
  },
  mend: {
    en: "Write `macLimit: 2` in the profile (3 with a phone).",
    zh: "在 profile 中写 `macLimit: 2`（带话机写 3）。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) =>
      perPlace(
        device,
        userPorts(site, device).filter((port) => port.macLimit === undefined && !port.dot1x),
        "has no limit of MAC addresses",
        "write macLimit: 2",
      ),
    ),
});
