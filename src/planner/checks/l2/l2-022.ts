import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";

const what = "multicast goes to every port";

/** Multicast goes where it was asked for. */
export const l2022 = defineCheck({
  id: "L2-022",
  severity: "info",
  needs: "rendered",
  title: { en: "IGMP snooping", zh: "启用 IGMP Snooping" },
  rationale: {
    en: "Without it a camera's stream fills the uplink of every floor.",
    zh: "未启用时，一路摄像机组播会占满每层上联。",
  },
  mend: {
    en: "Keep it on where it is the default (IOS-XE, EOS); turn it on elsewhere.",
    zh: "默认启用的平台（IOS-XE、EOS）保持启用；其他平台手动启用。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      indexOf(site).switches,
      {
        iosxe: { forbid: [{ pattern: /^no ip igmp snooping$/m, what }] },
        eos: { forbid: [{ pattern: /^no ip igmp snooping$/m, what }] },
        vrp: { require: [{ pattern: /^igmp-snooping enable$/m, what }] },
        comware: { require: [{ pattern: /^ ?igmp-snooping$/m, what }] },
        junos: { require: [{ pattern: /igmp-snooping/, what }] },
        routeros: { require: [{ pattern: /igmp-snooping=yes/, what }] },
        openvswitch: { require: [{ pattern: /mcast.snooping.enable=true/, what }] },
      },
      () => "turn IGMP snooping on, where the model has it",
    ),
});
