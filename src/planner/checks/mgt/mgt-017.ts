import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { hostPorts, indexOf } from "../lib/site-index.ts";

/** Strangers are not told model and firmware. */
export const mgt017 = defineCheck({
  id: "MGT-017",
  severity: "info",
  needs: "rendered",
  title: { en: "Discovery protocols off where strangers plug in", zh: "不可信端口关闭邻居发现协议" },
  rationale: {
    en: "CDP and LLDP tell whoever plugs in the model, firmware and management address of the switch.",
    zh: "CDP/LLDP 会向接入者透露设备型号、版本与管理地址。",
  },
  mend: {
    en: "Turn CDP off on the switch (`no cdp run`) or on its host ports; phones that need LLDP may keep it.",
    zh: "在交换机上关闭 CDP（`no cdp run`）或在用户口逐个关闭；话机口可保留 LLDP。",
  },
  find: (site, context) => {
    const devices = indexOf(site).switches.filter((device) => hostPorts(site, device).length > 0);
    return join(
      judgeRendered(
        context,
        devices,
        {
          iosxe: {
            require: [{ pattern: /^no cdp run$|^ no cdp enable$/m, what: "CDP speaks on its host ports" }],
          },
          vrp: { forbid: [{ pattern: /^lldp enable$/m, what: "LLDP speaks on every port" }] },
          comware: { forbid: [{ pattern: /^ ?lldp global enable$/m, what: "LLDP speaks on every port" }] },
          eos: {
            require: [
              { pattern: /^no lldp run$|^ {3}no lldp transmit$/m, what: "LLDP speaks on its host ports" },
            ],
          },
          junos: {
            forbid: [
              {
                pattern: /protocols lldp interface all|lldp \{\s+interface all;/,
                what: "LLDP speaks on every port",
              },
            ],
          },
          routeros: {
            require: [{ pattern: /discover-interface-list=(?!all)/, what: "discovery speaks on every port" }],
          },
          openvswitch: {
            forbid: [{ pattern: /lldp:enable=true|package lldpd/, what: "LLDP speaks on its ports" }],
          },
        },
        () => "turn it off on ports where strangers plug in",
      ),
    );
  },
});
