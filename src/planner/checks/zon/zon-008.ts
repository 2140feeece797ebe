import type { Zone } from "../../../model/policy.ts";
import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

const MAX_GUEST_TRUST = 20;
const WORDS = /guest|visitor|wi-?fi|wlan|wireless|byod|访客|无线/i;

/** Whether strangers or radio are in a zone: little trust, or a name that says so. */
function isOpen(zone: Zone | undefined, network: string): boolean {
  if (zone === undefined || zone.kind === "external" || zone.kind === "device") return false;
  if (zone.kind === "user" && zone.trust <= MAX_GUEST_TRUST) return true;
  return WORDS.test(zone.name) || WORDS.test(zone.description ?? "") || WORDS.test(network);
}

/** Guests and radio come in by a door with a guard. */
export const zon008 = defineCheck({
  id: "ZON-008",
  severity: "error",
  title: { en: "Guests and wireless enter by a firewall or filter", zh: "访客与无线须经受控边界接入" },
  rationale: {
    en: "Radio does not end at the wall: whoever sits in the street is in the network.",
    zh: "无线不止于墙内，街边的人也在网络里。",
  },
  mend: {
    en: "Put the gateway of the network on a firewall, or bind a filter to it.",
    zh: "将该网络的网关放到防火墙，或绑定过滤。",
  },
  find: (site) =>
    site.devices.flatMap((device) =>
      device.gateways
        .filter((gateway) => {
          const network = indexOf(site).networks.get(gateway.network);
          return isOpen(indexOf(site).zones.get(network?.zone ?? gateway.zone ?? ""), gateway.network);
        })
        .filter((gateway) => device.firewall === undefined && gateway.filterIn === undefined)
        .map((gateway) => ({
          where: gateway.origin,
          message: `${gateway.network} enters by ${device.name}, where no filter is bound to it`,
          hint: `write gateway: {on: a firewall} at the network ${gateway.network}`,
          related: [device.origin],
        })),
    ),
});
