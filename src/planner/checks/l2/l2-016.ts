import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";

/** VLAN tables are ours, not another switch's. */
export const l2016 = defineCheck({
  id: "L2-016",
  severity: "error",
  needs: "rendered",
  title: { en: "VTP off or transparent", zh: "VTP 关闭或透明模式" },
  rationale: {
    en: "A switch with a higher revision number, plugged in once, erases every VLAN of the site.",
    zh: "一台修订号更高的交换机接入一次，就会清空全站 VLAN。",
  },
  mend: {
    en: "Push the rendered configuration (`vtp mode transparent`).",
    zh: "下发生成的配置（`vtp mode transparent`）。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      indexOf(site).switches,
      {
        iosxe: {
          require: [{ pattern: /^vtp mode (?:transparent|off)$/m, what: "VTP may overwrite its VLANs" }],
        },
        vrp: {
          forbid: [{ pattern: /^vcmp role (?:client|server)$/m, what: "VCMP may overwrite its VLANs" }],
        },
        comware: {},
        eos: {},
        junos: {},
        routeros: {},
        openvswitch: {},
      },
      () => "push the rendered configuration",
    ),
});
