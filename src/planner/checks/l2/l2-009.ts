import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf, userPorts } from "../lib/site-index.ts";

const what = "user ports take any source address";

/** Users send with their own address only. */
export const l2009 = defineCheck({
  id: "L2-009",
  severity: "info",
  needs: "rendered",
  title: { en: "IP source guard on user ports", zh: "用户口启用 IP 源防护" },
  rationale: {
    en: "Who may use any source address can pass for the printer that a rule lets through.",
    zh: "可任意使用源地址的主机能冒充规则放行的设备。",
  },
  mend: {
    en: "Turn it on in the switch (`ip verify source`, `ip source check user-bind enable`); the inventory cannot yet.",
    zh: "在交换机上启用（`ip verify source`／`ip source check user-bind enable`）；清单暂不支持。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      indexOf(site).switches.filter((device) => userPorts(site, device).length > 0),
      {
        iosxe: { require: [{ pattern: /^ ip verify source/m, what }] },
        vrp: { require: [{ pattern: /^ ip(?:v4)? source check user-bind enable/m, what }] },
        comware: { require: [{ pattern: /^ ?ip verify source/m, what }] },
        eos: { require: [{ pattern: /^ {3}ip verify source/m, what }] },
        junos: { require: [{ pattern: /ip-source-guard/, what }] },
        routeros: { require: [{ pattern: /src-address=/, what }] },
        openvswitch: { require: [{ pattern: /\bnw_src=|\bip_src=/, what }] },
      },
      () => "turn IP source guard on for user ports, where the model has it",
    ),
});
