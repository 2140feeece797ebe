import type { DeviceIntent } from "../../model/intent.ts";
import type { Scope } from "../../planner/config/types.ts";
import { interfaceName } from "./names.ts";

/** Sections that are ours on every device: identity, accounts, who may log in, VLANs, filters and where they hang.
 *  Lines that begin with `undo` are a vendor's defaults turned off and never claimed: taking one away would turn
 *  the service on. */
const ALWAYS: readonly (readonly string[])[] = [
  ["sysname **"],
  ["vlan batch **"],
  ["vlan *"],
  ["stp **"],
  ["interface Vlanif*"],
  ["interface Eth-Trunk*"],
  ["interface **", "traffic-filter **"],
  ["acl **"],
  ["aaa", "local-user **"],
  ["stelnet server enable"],
  ["ssh server-source **"],
  ["ssh user **"],
  ["telnet server enable"],
  ["http server enable"],
  ["ftp server enable"],
  ["user-interface **"],
  ["snmp-agent community **"],
  ["clock timezone **"],
  ["dhcp enable"],
  ["dhcp snooping enable"],
  ["ip pool *"],
];

interface Section {
  readonly holds: (intent: DeviceIntent) => boolean;
  readonly paths: readonly (readonly string[])[];
}

/** Sections that are ours as soon as the inventory says anything about them. */
const WHERE_SAID: readonly Section[] = [
  { holds: (intent) => intent.system.dns.length > 0, paths: [["dns resolve"], ["dns server **"]] },
  { holds: (intent) => intent.system.domain !== undefined, paths: [["dns domain **"]] },
  {
    holds: (intent) => intent.system.ntp.length > 0,
    paths: [["ntp-service unicast-server **"], ["ntp-service source-interface **"]],
  },
  { holds: (intent) => intent.system.syslog.length > 0, paths: [["info-center loghost **"]] },
  {
    holds: (intent) => intent.system.snmp !== undefined,
    paths: [
      ["snmp-agent"],
      ["snmp-agent sys-info **"],
      ["snmp-agent group **"],
      ["snmp-agent target-host **"],
      ["snmp-agent mib-view **"],
      ["snmp-agent usm-user **"],
      ["snmp-agent trap enable"],
    ],
  },
  { holds: (intent) => intent.system.banner !== undefined, paths: [["header login **"]] },
  { holds: (intent) => intent.routes.length > 0, paths: [["ip route-static **"], ["ipv6 route-static **"]] },
];

/** Names the sections of a VRP configuration that the inventory owns; the rest is shown and left alone. */
export function vrpClaims(intent: DeviceIntent): Scope {
  if (intent.ownership === "full") return { kind: "full" };
  const ports = [...intent.ports, ...intent.interfaces].map((port) => [
    `interface ${interfaceName(port.name)}`,
  ]);
  const said = WHERE_SAID.filter((section) => section.holds(intent)).flatMap((section) => section.paths);
  // Instances that others made stay theirs.
  const tables = intent.gateways.flatMap((gateway) =>
    gateway.vrf === undefined ? [] : [[`ip vpn-instance ${gateway.vrf}`]],
  );
  return { kind: "claims", paths: [...ALWAYS, ...said, ...tables, ...ports] };
}
