import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf, userPorts } from "../lib/site-index.ts";

const what = "frames to unknown addresses go to every user port";

/** Frames to nobody are not shown to everybody. */
export const l2021 = defineCheck({
  id: "L2-021",
  severity: "info",
  needs: "rendered",
  title: { en: "Unknown unicast not flooded to user ports", zh: "用户口阻断未知单播泛洪" },
  rationale: {
    en: "A frame whose receiver the switch forgot goes to every port, and everybody can read it.",
    zh: "目的 MAC 未知的帧会泛洪到所有端口，人人可见。",
  },
  mend: {
    en: "Turn it on in the switch (`switchport block unicast`, `unicast-suppression`); the inventory cannot yet.",
    zh: "在交换机上启用（`switchport block unicast`／`unicast-suppression`）；清单暂不支持。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      indexOf(site).switches.filter((device) => userPorts(site, device).length > 0),
      {
        iosxe: { require: [{ pattern: /^ switchport block unicast$/m, what }] },
        vrp: { require: [{ pattern: /^ unicast-suppression /m, what }] },
        comware: { require: [{ pattern: /^ ?unicast-suppression /m, what }] },
        eos: { require: [{ pattern: /^ {3}storm-control unknown-unicast /m, what }] },
        junos: { require: [{ pattern: /unknown-unicast/, what }] },
        routeros: { require: [{ pattern: /unknown-unicast-flood=no/, what }] },
        openvswitch: { require: [{ pattern: /no-flood/, what }] },
      },
      () => "block or limit unknown unicast on user ports, where the model has it",
    ),
});
