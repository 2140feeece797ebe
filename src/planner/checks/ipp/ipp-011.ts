import { parsePrefix } from "../../../model/address.ts";
import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf, networksOfVlan, userPorts } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** IPv6 is planned as its standards say. Resolving reports autoconfiguration that cannot work. */
export const ipp011 = defineCheck({
  id: "IPP-011",
  severity: "warning",
  needs: "rendered",
  decidedBy: ["check", "resolve"],
  title: {
    en: "IPv6: /64 on LANs, /127 between routers, RA guard",
    zh: "IPv6：局域网 /64、互联 /127、RA Guard",
  },
  rationale: {
    en: "Autoconfiguration needs 64 bits; and one machine that advertises itself as a router leads the others to it.",
    zh: "无状态自动配置要求 /64；而任意一台冒充路由器的主机都会引走流量。",
  },
  mend: {
    en: "Write `ipv6: 2001:…::/64` on LANs, /127 on transit networks (RFC 6164); turn RA guard on at user ports.",
    zh: "局域网写 /64，互联网段写 /127（RFC 6164）；用户口启用 RA Guard。",
  },
  find: (site, context) => {
    const routed = new Set(
      site.devices.flatMap((device) =>
        device.gateways
          .filter((gateway) => gateway.routerAdvertisement === "slaac")
          .map((gateway) => gateway.network),
      ),
    );
    const lengths = site.networks.flatMap((network): Problem[] => {
      const length = network.ipv6 === undefined ? undefined : parsePrefix(network.ipv6)?.prefix.length;
      if (length === undefined) return [];
      if (network.purpose === "transit")
        return length === 127 || length === 64
          ? []
          : [
              {
                where: network.origin,
                severity: "info",
                message: `${network.name} joins routers with ${network.ipv6}`,
                hint: "write a /127 (RFC 6164)",
              },
            ];
      // Autoconfiguration on another length is an error of its own, which resolving reports.
      if (length === 64 || routed.has(network.name)) return [];
      return [
        {
          where: network.origin,
          message: `${network.name} has ${network.ipv6}, no /64`,
          hint: "write a /64 (RFC 4291 §2.5.1)",
        },
      ];
    });
    const exposed = indexOf(site).switches.filter((device) =>
      userPorts(site, device).some((port) =>
        networksOfVlan(site, port.accessVlan).some((network) => network.ipv6 !== undefined),
      ),
    );
    const what = "any user port may advertise itself as an IPv6 router";
    const guards = judgeRendered(
      context,
      exposed,
      {
        iosxe: { require: [{ pattern: /^ ipv6 nd raguard/m, what }] },
        vrp: { require: [{ pattern: /^ nd raguard role host|^nd raguard/m, what }] },
        comware: { require: [{ pattern: /^ ?ipv6 nd raguard/m, what }] },
        eos: { require: [{ pattern: /^ {3}ipv6 nd raguard/m, what }] },
        junos: { require: [{ pattern: /router-advertisement-guard/, what }] },
        routeros: { require: [{ pattern: /icmp-options=134/, what }] },
        openvswitch: { require: [{ pattern: /icmp_type=134/, what }] },
      },
      () => "turn RA guard on for user ports, where the model has it",
    );
    return join(lengths, {
      ...guards,
      problems: guards.problems.map((problem) => ({ ...problem, severity: "info" as const })),
    });
  },
});
