import type { DeviceIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { judgeRendered, onLinux } from "../lib/judge-rendered.ts";

const hasSnmp = (device: DeviceIntent): boolean => device.system.snmp !== undefined;
const community = "a community lets SNMP v1 or v2c in";

/** SNMP only with authentication and privacy. */
export const mgt008 = defineCheck({
  id: "MGT-008",
  severity: "error",
  needs: "rendered",
  title: {
    en: "SNMPv3 with privacy only, limited to its managers",
    zh: "仅用 SNMPv3 authPriv，并限制管理站地址",
  },
  rationale: {
    en: "A community string travels in clear and is the same everywhere; whoever hears it reads, or writes, every device.",
    zh: "团体字明文传输且到处相同，被截获后可读取甚至改写所有设备。",
  },
  mend: {
    en: "Use `snmp:` of the inventory (version 3, privacy) with `hosts:`; take communities out of unmanaged lines.",
    zh: "使用清单中的 `snmp:`（v3 加密）并填写 `hosts:`；删除未托管配置中的 community。",
  },
  find: (site, context) =>
    judgeRendered(
      context,
      site.devices,
      {
        iosxe: {
          require: [
            {
              pattern: /^snmp-server group \S+ v3 priv\b/m,
              what: "SNMP has no group with privacy",
              when: hasSnmp,
            },
            {
              pattern: /^snmp-server group .*\baccess \S+/m,
              what: "SNMP has no access list",
              when: hasSnmp,
            },
          ],
          forbid: [
            { pattern: /^snmp-server community .*$/m, what: community },
            {
              pattern: /^snmp-server group \S+ (?:v1|v2c|v3 (?:noauth|auth))\b.*$/m,
              what: "a group without privacy",
            },
          ],
        },
        vrp: {
          require: [
            {
              pattern: /^snmp-agent group v3 \S+ privacy\b/m,
              what: "SNMP has no group with privacy",
              when: hasSnmp,
            },
          ],
          forbid: [
            { pattern: /^snmp-agent community .*$/m, what: community },
            {
              pattern: /^snmp-agent sys-info version .*\b(?:all|v1|v2c)\b.*$/m,
              what: "SNMP v1 or v2c is on",
            },
          ],
        },
        comware: {
          forbid: [
            { pattern: /^ ?snmp-agent community .*$/m, what: community },
            {
              pattern: /^ ?snmp-agent sys-info version .*\b(?:all|v1|v2c)\b.*$/m,
              what: "SNMP v1 or v2c is on",
            },
          ],
        },
        eos: { forbid: [{ pattern: /^snmp-server community .*$/m, what: community }] },
        junos: {
          forbid: [{ pattern: /^(?:set snmp community|\s+community \S+ \{).*$/m, what: community }],
        },
        fortios: { forbid: [{ pattern: /^config system snmp community\n\s+edit .*$/m, what: community }] },
        routeros: { forbid: [{ pattern: /^\/snmp community\n.*name=public.*$/m, what: community }] },
        ...onLinux({ forbid: [{ pattern: /^\s*(?:ro|rw)community6?\b.*$/m, what: community }] }),
      },
      () => "write snmp: {user, auth, privacy, hosts} and remove the line",
    ),
});
