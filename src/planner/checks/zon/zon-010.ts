import { defineCheck } from "../define.ts";
import { judgeRendered } from "../lib/judge-rendered.ts";

const what = "packets with a forged source come in by its line";

/** Nobody outside passes for somebody inside. */
export const zon010 = defineCheck({
  id: "ZON-010",
  severity: "warning",
  needs: "rendered",
  title: { en: "Anti-spoofing at the boundary (uRPF, bogons)", zh: "边界防地址伪造（uRPF／bogon 过滤）" },
  rationale: {
    en: "A packet from the line with an inside source is answered inwards, and opens doors (RFC 2827).",
    zh: "从外线进来却带内网源地址的报文会骗过信任关系（RFC 2827）。",
  },
  mend: {
    en: "Push the rendered configuration; where a driver has no uRPF, deny private sources on the line.",
    zh: "下发生成的配置；驱动不支持 uRPF 时，在外线入向拒绝私有源地址。",
  },
  find: (site, context) => {
    const border = new Set(site.wan.map((link) => link.device));
    return judgeRendered(
      context,
      site.devices.filter((device) => border.has(device.name)),
      {
        nftables: { require: [{ pattern: /rp_filter [12]\b|fib saddr . iif oif/, what }] },
        openvswitch: { require: [{ pattern: /rp_filter [12]\b/, what }] },
        "linux-server": { require: [{ pattern: /rp_filter [12]\b|fib saddr . iif oif/, what }] },
        iosxe: {
          require: [
            {
              pattern:
                /^ ip verify unicast (?:source|reverse-path)|^ (?:\d+ )?deny {1,3}ip 10\.0\.0\.0 0\.255\.255\.255 any/m,
              what,
            },
          ],
        },
        vrp: { require: [{ pattern: /^ ?urpf (?:strict|loose)|^ ip urpf (?:strict|loose)/m, what }] },
        comware: { require: [{ pattern: /^ ?ip urpf (?:strict|loose)/m, what }] },
        eos: { require: [{ pattern: /^ {3}ip verify unicast source/m, what }] },
        junos: { require: [{ pattern: /rpf-check/, what }] },
        fortios: { forbid: [{ pattern: /^\s*set src-check disable$/m, what }] },
        routeros: { require: [{ pattern: /rp-filter=(?:strict|loose)/, what }] },
      },
      () => "push the rendered configuration, or deny private sources on the line",
    );
  },
});
