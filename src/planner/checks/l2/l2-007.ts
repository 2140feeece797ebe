import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { perVlan } from "../lib/group-vlans.ts";
import { hostPorts, indexOf, isUserVlan, leadsToServer } from "../lib/site-index.ts";

/** Only our servers hand out addresses. */
export const l2007 = defineCheck({
  id: "L2-007",
  severity: "warning",
  title: {
    en: "DHCP snooping on user VLANs, trust on uplinks only",
    zh: "用户 VLAN 启用 DHCP Snooping，仅上联与服务器口可信",
  },
  rationale: {
    en: "A router from home answers DHCP faster than the server, and the floor is on its network.",
    zh: "私接路由器会抢先应答 DHCP，使整层用户脱网或被劫持。",
  },
  mend: {
    en: "Let the network have `dhcp:` (snooping follows) or write `dhcpSnooping: true`; take `dhcpTrust` off host ports.",
    zh: "网络写 `dhcp:`（自动启用）或 `dhcpSnooping: true`；终端口去掉 `dhcpTrust`。",
  },
  find: (site) => {
    const open = perVlan(
      site,
      (device, vlan) =>
        isUserVlan(site, vlan.id) && !vlan.dhcpSnooping && !device.layer2.dhcpSnooping.includes(vlan.id),
      "anybody may answer DHCP in",
    );
    const trusted = indexOf(site).switches.flatMap((device) =>
      perPlace(
        device,
        hostPorts(site, device).filter((port) => port.dhcpTrust && !leadsToServer(site, port)),
        "is a host port whose DHCP answers are believed",
        "take dhcpTrust away",
        { severity: "error" },
      ),
    );
    return [...open, ...trusted];
  },
});
