import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { isManager } from "../lib/management.ts";
import { indexOf } from "../lib/site-index.ts";

/** Only managers reach the management plane. */
export const mgt002 = defineCheck({
  id: "MGT-002",
  severity: "warning",
  needs: "rendered",
  title: { en: "Management access limited to the management zone", zh: "管理访问仅限管理区" },
  rationale: {
    en: "A login prompt that users can reach is guessed at day and night, and one old flaw in it is enough.",
    zh: "普通用户可达的登录口会被不断猜测口令，一个旧漏洞就足以失守。",
  },
  mend: {
    en: "Put the managers into a network of a zone of kind management, or name a jump host in `credentials: {via: …}`.",
    zh: "将管理终端放入 kind: management 的区域，或在 `credentials: {via: …}` 中指定跳板机。",
  },
  find: (site, context) =>
    join(
      indexOf(site).networkDevices.flatMap((device) => {
        const { allowedFrom } = device.management;
        if (allowedFrom.length === 0)
          return [
            {
              where: device.origin,
              severity: "error" as const,
              message: `${device.name}: nobody is named who may manage it, so everybody may`,
              hint: "give the site a network of a management zone, or `credentials: {via: jump-1}`",
            },
          ];
        return allowedFrom
          .filter((source) => !isManager(site, device, source))
          .map((source) => ({
            where: device.origin,
            ...(source.endsWith("/0") ? { severity: "error" as const } : {}),
            message: `${device.name}: management is open from ${source}, which is no management network`,
            hint: "manage it from a network whose zone has kind: management, or from a jump host",
          }));
      }),
      judgeRendered(
        context,
        indexOf(site).networkDevices,
        {
          iosxe: {
            require: [{ pattern: /^ access-class \S+ in/m, what: "the VTY lines have no access list" }],
          },
          vrp: { require: [{ pattern: /^ acl \S+ inbound$/m, what: "the VTY lines have no access list" }] },
          comware: { require: [{ pattern: /^ ?ssh server acl \S+/m, what: "SSH has no access list" }] },
          eos: { require: [{ pattern: /^ {3}ip access-group \S+ in/m, what: "SSH has no access list" }] },
          junos: { require: [{ pattern: /lo0[\s\S]*?filter[\s\S]*?input/, what: "lo0 has no filter" }] },
          fortios: {
            require: [{ pattern: /^\s*set trusthost1 /m, what: "administrators have no trusted hosts" }],
          },
          routeros: { require: [{ pattern: /^set ssh .*address=/m, what: "SSH is open to every address" }] },
          nftables: {
            forbid: [
              { pattern: /^\t\ttcp dport (?:22|ssh) (?:counter )?accept/m, what: "SSH is open to everybody" },
            ],
          },
          openvswitch: {},
        },
        () => "let the driver bind its list of managers: push the rendered configuration",
      ),
    ),
});
