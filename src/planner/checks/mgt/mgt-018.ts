import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";

/** The device itself is guarded, not only what lies behind it. */
export const mgt018 = defineCheck({
  id: "MGT-018",
  severity: "warning",
  needs: "rendered",
  title: { en: "Control plane guarded (policing, local-in rules)", zh: "控制平面保护（CoPP／本机入向策略）" },
  rationale: {
    en: "A flood aimed at the processor stops routing and management, however fast the ports forward.",
    zh: "针对 CPU 的洪泛会使路由与管理瘫痪，与转发性能无关。",
  },
  mend: {
    en: "Push the rendered configuration; switches of IOS-XE and VRP police by default, routers need a policy on the control plane.",
    zh: "下发生成的配置；IOS-XE 与 VRP 交换机默认限速，路由器需在 control-plane 上绑定策略。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      indexOf(site).networkDevices,
      {
        iosxe: {
          require: [
            {
              pattern: /^control-plane\n(?: .*\n)*? service-policy input /m,
              what: "nothing polices the control plane",
              when: (device) => device.kind !== "switch",
            },
          ],
          forbid: [
            {
              pattern: /^ no service-policy input system-cpp-policy$/m,
              what: "the control plane's policy is off",
            },
          ],
        },
        vrp: {
          forbid: [{ pattern: /^undo cpu-defend-policy.*$/m, what: "the control plane's policy is off" }],
        },
        comware: {},
        eos: {},
        junos: { require: [{ pattern: /lo0[\s\S]*?filter[\s\S]*?input/, what: "lo0 has no filter" }] },
        fortios: {
          require: [{ pattern: /^config firewall local-in-policy/m, what: "there are no local-in policies" }],
        },
        routeros: {
          require: [
            {
              pattern: /chain=input .*action=drop|action=drop .*chain=input/,
              what: "the input chain drops nothing",
            },
          ],
        },
        nftables: {
          require: [
            { pattern: /hook input [^\n]*policy drop;/, what: "the input chain does not drop by default" },
          ],
        },
        openvswitch: {},
      },
      () => "push the rendered configuration",
    ),
});
