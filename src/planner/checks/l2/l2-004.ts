import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** Interfaces of an IOS-XE configuration that switch and still negotiate. */
function negotiating(config: string): string[] {
  return config
    .split(/^(?=interface )/m)
    .filter((block) => /^interface /.test(block))
    .map((block) => block.split(/^!/m)[0] ?? "")
    .filter((block) => /^ switchport mode (?:access|trunk)$/m.test(block))
    .filter((block) => !/^ switchport nonegotiate$/m.test(block))
    .map((block) => (block.split("\n")[0] ?? "").slice("interface ".length));
}

/** No port becomes a trunk because somebody asks. */
export const l2004 = defineCheck({
  id: "L2-004",
  severity: "warning",
  needs: "rendered",
  title: { en: "Trunk negotiation off (DTP, LNP)", zh: "关闭干道自动协商（DTP／LNP）" },
  rationale: {
    en: "A port that negotiates becomes a trunk for whoever speaks DTP, and with it every VLAN is open.",
    zh: "允许协商的端口会对攻击者变成干道，从而暴露所有 VLAN。",
  },
  mend: {
    en: "Push the rendered configuration: each port has a fixed mode there.",
    zh: "下发生成的配置：其中每个端口模式固定。",
  },
  find: (site, context) => {
    const { switches } = indexOf(site);
    const found = switches.flatMap((device): Problem[] => {
      const config = device.platform === "iosxe" ? context.rendered.get(device.id)?.config : undefined;
      const ports = config === undefined ? [] : negotiating(config);
      if (ports.length === 0) return [];
      const names = ports.length === 1 ? ports[0] : `${ports[0]} and ${ports.length - 1} more`;
      return [
        {
          where: device.origin,
          message: `${device.name}: ${names} would negotiate a trunk`,
          hint: "switchport nonegotiate on each port: push the rendered configuration",
        },
      ];
    });
    return join(
      found,
      judgeRendered(
        context,
        switches,
        {
          iosxe: {
            forbid: [{ pattern: /^ switchport mode dynamic .*$/m, what: "a port negotiates its mode" }],
          },
          vrp: {
            forbid: [
              {
                pattern: /^ port link-type negotiation-(?:auto|desirable).*$/m,
                what: "a port negotiates its mode",
              },
            ],
          },
          comware: {},
          eos: {},
          junos: {},
          routeros: {},
          openvswitch: {},
        },
        () => "give the port a fixed mode",
      ),
    );
  },
});
