import type { Priority } from "../model/alert.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { DriftItem } from "./items.ts";

/** Priority of a drift and the sentence that explains it: urgency × impact, as service providers' handbooks grade
 *  incidents. Impact 1: firewall, router or core; 2: server or distribution; 3: an access switch; 4: one access port.
 *  Urgency A: exposure (filters, access, accounts); B: availability (VLANs, trunks, routes); C: the rest; D: text only. */
export function priorityOf(
  device: Pick<DeviceIntent, "kind" | "role">,
  item: Pick<DriftItem, "path" | "kind">,
): { readonly priority: Priority; readonly reason: string } {
  const urgency = urgencyOf(item);
  const impact = impactOf(device, item);
  return { priority: MATRIX[impact][urgency.grade], reason: `${urgency.reason}; ${IMPACT_TEXT[impact]}` };
}

type Impact = 1 | 2 | 3 | 4;
type Urgency = "A" | "B" | "C" | "D";

const MATRIX: Readonly<Record<Impact, Readonly<Record<Urgency, Priority>>>> = {
  1: { A: "P1", B: "P1", C: "P2", D: "P4" },
  2: { A: "P1", B: "P2", C: "P3", D: "P4" },
  3: { A: "P2", B: "P3", C: "P3", D: "P4" },
  4: { A: "P3", B: "P3", C: "P4", D: "P4" },
};

const IMPACT_TEXT: Readonly<Record<Impact, string>> = {
  1: "firewall, router or core device",
  2: "server or distribution device",
  3: "access switch",
  4: "a single access port",
};

/** Words at the start of a statement that tell what a change touches, over all platforms; first match wins. */
const URGENCY_TABLE: readonly (readonly [RegExp, Urgency, string])[] = [
  [
    /^(no |undo )?(description|name|alias|remark|banner|header|snmp-server (location|contact))\b/i,
    "D",
    "text only",
  ],
  [
    /^(no |undo )?(ip access-(list|group)|access-(list|class)|acl|rule|permit|deny|\d+ (permit|deny)|traffic-filter|table|chain|set|map|nat|element)\b/i,
    "A",
    "a packet filter changed",
  ],
  [
    /^(no |undo )?(line |user-interface|username|local-user|aaa|enable|ssh|ip ssh|stelnet|telnet|transport|sshd|account|snmp)/i,
    "A",
    "access to the device changed",
  ],
  [
    /(bpduguard|bpdu-protection|snooping|port-security|arp inspection|dot1x)/i,
    "A",
    "a port protection changed",
  ],
  [
    /^(no |undo )?(vlan|switchport|port |trunk|tag|interface|ip route|ip address|route|standby|vrrp|spanning-tree|stp|channel-group|eth-trunk|service|shutdown)/i,
    "B",
    "connectivity changed",
  ],
];

function urgencyOf(item: Pick<DriftItem, "path" | "kind">): {
  readonly grade: Urgency;
  readonly reason: string;
} {
  if (item.kind === "unsaved") return { grade: "B", reason: "a reboot would lose the running configuration" };
  // The innermost statement says what changed; only if it tells nothing does its block.
  for (const statement of [...item.path].reverse()) {
    const row = URGENCY_TABLE.find(([pattern]) => pattern.test(statement));
    if (row) return { grade: row[1], reason: row[2] };
  }
  return { grade: "C", reason: "no exposure known" };
}

function impactOf(device: Pick<DeviceIntent, "kind" | "role">, item: Pick<DriftItem, "path">): Impact {
  if (device.kind === "firewall" || device.kind === "router" || device.role === "core") return 1;
  if (device.kind === "server" || device.role === "distribution") return 2;
  const onePort = /^(interface \S*ethernet|port )/i.test(item.path[0] ?? "");
  return onePort ? 4 : 3;
}
