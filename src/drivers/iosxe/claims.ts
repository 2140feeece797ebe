import type { DeviceIntent } from "../../model/intent.ts";
import type { Scope } from "../../planner/config/types.ts";
import { interfaceName } from "./names.ts";

/** Sections that are ours on every device: identity, accounts, who may log in, VLANs, filters and where they hang. */
const ALWAYS: readonly (readonly string[])[] = [
  ["hostname **"],
  ["service timestamps **"],
  ["service password-encryption"],
  ["service tcp-keepalives-in"],
  ["service tcp-keepalives-out"],
  ["aaa new-model"],
  ["aaa authentication login default **"],
  ["aaa authorization exec default **"],
  ["aaa session-id **"],
  ["vtp mode **"],
  ["spanning-tree **"],
  ["archive"],
  ["vlan *"],
  ["interface Vlan*"],
  ["interface Port-channel*"],
  ["interface **", "ip access-group **"],
  ["interface **", "ipv6 traffic-filter **"],
  ["ip access-list **"],
  ["access-list **"],
  ["ipv6 access-list **"],
  ["ip http **"],
  ["no ip http **"],
  ["ip ssh **"],
  ["login **"],
  ["line **"],
  ["snmp-server community **"],
];

interface Section {
  readonly holds: (intent: DeviceIntent) => boolean;
  readonly paths: readonly (readonly string[])[];
}

/** Sections that are ours as soon as the inventory says anything about them. */
const WHERE_SAID: readonly Section[] = [
  { holds: (intent) => intent.system.users.length > 0, paths: [["username **"]] },
  { holds: (intent) => intent.management.enable !== undefined, paths: [["enable secret **"]] },
  { holds: (intent) => intent.system.domain !== undefined, paths: [["ip domain name **"]] },
  { holds: () => true, paths: [["ip name-server **"], ["ip domain lookup"], ["no ip domain lookup"]] },
  { holds: () => true, paths: [["clock timezone **"], ["clock summer-time **"]] },
  { holds: (intent) => intent.system.ntp.length > 0, paths: [["ntp **"]] },
  {
    holds: (intent) => intent.system.syslog.length > 0,
    paths: [
      ["logging host **"],
      ["logging source-interface **"],
      ["logging trap **"],
      ["logging buffered **"],
    ],
  },
  { holds: (intent) => intent.system.snmp !== undefined, paths: [["snmp-server **"]] },
  { holds: (intent) => intent.system.banner !== undefined, paths: [["banner login **"]] },
  { holds: () => true, paths: [["ip dhcp **"], ["no ip dhcp **"], ["ip arp inspection **"]] },
  {
    holds: (intent) => intent.routes.length > 0,
    paths: [["ip route **"], ["ipv6 route **"], ["ip default-gateway **"]],
  },
  { holds: () => true, paths: [["ip routing"], ["ipv6 unicast-routing"], ["fhrp version **"]] },
];

/** Names the sections of an IOS-XE configuration that the inventory owns; the rest is shown and left alone. */
export function iosxeClaims(intent: DeviceIntent): Scope {
  if (intent.ownership === "full") return { kind: "full" };
  const ports = [...intent.ports, ...intent.interfaces].map((port) => [
    `interface ${interfaceName(port.name)}`,
  ]);
  const said = WHERE_SAID.filter((section) => section.holds(intent)).flatMap((section) => section.paths);
  // Tables that others made, the management port's among them, stay theirs.
  const tables = intent.gateways.flatMap((gateway) =>
    gateway.vrf === undefined ? [] : [[`vrf definition ${gateway.vrf}`]],
  );
  return { kind: "claims", paths: [...ALWAYS, ...said, ...tables, ...ports] };
}
