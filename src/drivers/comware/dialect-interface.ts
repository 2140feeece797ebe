import type { Rule } from "../../planner/config/dialect.ts";

const H3C = "H3C S5130 command reference, VLAN and Ethernet link aggregation commands";
const RESETS =
  "H3C: a change of the link type puts the VLAN settings of the port back to default, and leads over access";

const ONE_FILTER = "H3C: one IPv4 list in one direction of an interface";

const CLEARED_BY_LINK_MODE = [
  "port link-type",
  "port access vlan",
  "port trunk pvid vlan",
  "port trunk permit vlan",
  "port hybrid",
  "port link-aggregation group",
  "port-security",
  "port-isolate",
  "stp",
  "dhcp",
  "arp",
  "ip",
  "ipv6",
  "ospf",
  "packet-filter",
  "qos",
  "storm-constrain",
  "voice-vlan",
  "loopback-detection",
  "lldp",
  "poe",
];

/** Lines below `interface …`. */
export const INTERFACE_RULES: readonly Rule[] = [
  { line: "description <text>" },
  { line: "shutdown", absent: ["undo shutdown"] },
  {
    line: "port link-mode <bridge|route>",
    absent: ["port link-mode bridge"],
    defines: ["local:layer=$1"],
    clears: CLEARED_BY_LINK_MODE,
    source:
      "H3C: a change of the link mode puts all but description, duplex, speed and shutdown back to default",
  },
  {
    line: "port link-type <word>",
    absent: ["port link-type access"],
    defines: ["local:link=$1"],
    clears: ["port access vlan", "port trunk pvid vlan", "port trunk permit vlan", "port hybrid"],
    overwrite: false,
    source: RESETS,
  },
  { line: "port access vlan <vlan>", absent: ["port access vlan 1"] },
  { line: "port trunk pvid vlan <vlan>", absent: ["port trunk pvid vlan 1"], needs: ["local:link=trunk"] },
  {
    line: "port trunk permit vlan <...>",
    needs: ["local:link=trunk"],
    set: vlanList("port trunk permit vlan", "1"),
  },
  { line: "port hybrid pvid vlan <vlan>", absent: ["port hybrid pvid vlan 1"], needs: ["local:link=hybrid"] },
  {
    line: "port hybrid tagged vlan <...>",
    needs: ["local:link=hybrid"],
    set: hybridList("tagged", ""),
  },
  {
    line: "port hybrid untagged vlan <...>",
    needs: ["local:link=hybrid"],
    set: hybridList("untagged", "1"),
  },
  {
    line: "port link-aggregation group <int> <...>",
    remove: "undo port link-aggregation group",
    needs: ["if=Bridge-Aggregation$1"],
    overwrite: false,
    source: H3C,
  },
  { line: "link-aggregation mode dynamic" },
  { line: "link-aggregation {...}" },
  { line: "lacp {...}" },
  {
    line: "ip address <ip> <mask>",
    remove: "undo ip address $1 $2",
    exclusive: "$net",
    defines: ["local:address=primary"],
  },
  {
    line: "ip address {ip} <mask> sub",
    remove: "undo ip address $1 $2 sub",
    exclusive: "$net",
    needs: ["local:address=primary"],
  },
  { line: "ip address dhcp-alloc" },
  {
    line: "ip binding vpn-instance <vrf>",
    remove: "undo ip binding vpn-instance",
    clears: ["ip address", "ipv6 address"],
    source: "H3C: the command removes the interface's addresses",
  },
  { line: "ipv6 address {...}", many: true },
  {
    line: "packet-filter <acl> {inbound|outbound}",
    remove: "undo packet-filter $1 $2",
    overwrite: false,
    exclusive: "local:filter $2",
    source: ONE_FILTER,
  },
  {
    line: "packet-filter name <acl> {inbound|outbound}",
    remove: "undo packet-filter name $1 $2",
    overwrite: false,
    exclusive: "local:filter $2",
    source: ONE_FILTER,
  },
  { line: "packet-filter ipv6 {acl6} {inbound|outbound}", remove: "undo packet-filter ipv6 $1 $2" },
  {
    line: "qos apply policy <qospolicy> {inbound|outbound}",
    remove: "undo qos apply policy $2",
    overwrite: false,
  },
  {
    line: "vrrp vrid {int} virtual-ip {ip}",
    defines: ["local:vrid=$1"],
    remove: "undo vrrp vrid $1 virtual-ip $2",
  },
  { line: "vrrp vrid {int} priority <int>", absent: ["vrrp vrid $1 priority 100"], needs: ["local:vrid=$1"] },
  {
    line: "vrrp vrid {int} preempt-mode",
    absent: ["vrrp vrid $1 preempt-mode"],
    needs: ["local:vrid=$1"],
    source: "H3C: a router preempts unless undo preempt-mode stands",
  },
  {
    line: "vrrp vrid {int} preempt-mode delay <int>",
    remove: "undo vrrp vrid $1 preempt-mode delay",
    needs: ["local:vrid=$1"],
  },
  {
    line: "vrrp vrid {int} preempt-mode timer delay <int>",
    remove: "undo vrrp vrid $1 preempt-mode timer delay",
    needs: ["local:vrid=$1"],
    source: "Comware 5 spelling",
  },
  {
    line: "vrrp vrid {int} timer advertise <int>",
    remove: "undo vrrp vrid $1 timer advertise",
    needs: ["local:vrid=$1"],
  },
  {
    line: "vrrp vrid {int} authentication-mode <...>",
    remove: "undo vrrp vrid $1 authentication-mode",
    needs: ["local:vrid=$1"],
  },
  { line: "vrrp vrid {int} track {...}", needs: ["local:vrid=$1"] },
  { line: "dhcp select relay" },
  { line: "dhcp relay server-address {ip}" },
  { line: "dhcp snooping trust", defines: ["feature=snooping-trust"] },
  { line: "dhcp snooping {...}" },
  { line: "arp detection trust", defines: ["feature=detection-trust"] },
  { line: "ip source binding {...}" },
  { line: "ip verify source <...>", remove: "undo ip verify source" },
  { line: "stp edged-port" },
  { line: "stp root-protection" },
  { line: "stp loop-protection" },
  { line: "stp cost <int>", remove: "undo stp cost" },
  { line: "stp {...}" },
  { line: "port-security max-mac-count <int>", remove: "undo port-security max-mac-count" },
  { line: "port-security port-mode <word>", remove: "undo port-security port-mode" },
  { line: "port-security intrusion-mode <word>", remove: "undo port-security intrusion-mode" },
  { line: "port-security {...}" },
  { line: "storm-constrain {broadcast|multicast|unicast} <...>", remove: "undo storm-constrain $1" },
  { line: "storm-constrain control <word>", remove: "undo storm-constrain control" },
  { line: "{broadcast-suppression|multicast-suppression|unicast-suppression} <...>", remove: "undo $1" },
  { line: "speed <...>", remove: "undo speed", absent: ["speed auto"] },
  { line: "duplex <word>", remove: "undo duplex", absent: ["duplex auto"] },
  { line: "mtu <int>", absent: ["mtu 1500"] },
  { line: "jumboframe enable <...>", remove: "undo jumboframe enable" },
  { line: "poe enable" },
  { line: "undo jumboframe enable" },
  { line: "port-isolate enable <...>", remove: "undo port-isolate enable" },
  { line: "voice-vlan {...}" },
  { line: "lldp {...}" },
  { line: "loopback-detection {...}" },
  { line: "ospf {int} area <word>", remove: "undo ospf $1 area" },
  { line: "ospf timer {word} <...>", remove: "undo ospf timer $1" },
  { line: "ospf {cost|network-type|dr-priority} <...>", remove: "undo ospf $1" },
  { line: "dot1x {...}" },
  { line: "nat {...}" },
];

function hybridList(tag: "tagged" | "untagged", absent: string) {
  return {
    of: "vlan",
    style: "huawei",
    absent,
    plain: "add",
    add: `port hybrid vlan $set ${tag}`,
    remove: "undo port hybrid vlan $set",
    maxItems: 10,
    apart: "hybrid",
    source: `${H3C}: the undo form names no tag; a VLAN is in one of the two lists`,
  } as const;
}

function vlanList(command: string, absent: string) {
  return {
    of: "vlan",
    style: "huawei",
    absent,
    plain: "add",
    add: `${command} $set`,
    remove: `undo ${command} $set`,
    maxItems: 10,
    source: `${H3C}: up to ten ranges a line, added to what stands`,
  } as const;
}
