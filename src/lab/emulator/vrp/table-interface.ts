import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { Rule, RuleCall, ViewTable } from "../cli/view.ts";
import { overlaps } from "../ipv4.ts";
import { nameOf, type VrpConfig } from "./config.ts";
import { joinTrunk, PORT_VLAN_RULES } from "./port-vlan.ts";

type Call = RuleCall<VrpConfig>;

/** An address with its mask. */
export interface InterfaceAddress {
  readonly address: string;
  readonly mask: string;
}

/** The IPv4 addresses of an interface, the primary first. */
export function addressesOf(block: Section): readonly InterfaceAddress[] {
  const texts = [block.get("ip address"), ...block.all("ip address sub").map(([, text]) => text)];
  return texts.flatMap((text) => {
    const [, , address, mask] = text?.split(" ") ?? [];
    return address === undefined || mask === undefined ? [] : [{ address, mask }];
  });
}

function setAddress(call: Call): Outcome {
  const { address = "", mask = "" } = call.values;
  const vpn = call.section.get("vpn");
  for (const [name, block] of call.state.interfaces()) {
    if (block.get("vpn") !== vpn) continue;
    const clash = addressesOf(block).some(
      (other) =>
        (name !== nameOf(call.section) || other.address === address) &&
        overlaps(other.address, other.mask, address, mask),
    );
    if (clash && name !== nameOf(call.section)) {
      return refusal(`Error: The specified address conflicts with another address.\n`);
    }
  }
  if (!call.text.endsWith(" sub")) {
    call.section.put("ip address", call.text);
    return DONE;
  }
  if (call.section.get("ip address") === undefined)
    return refusal("Error: The primary address must be configured first.\n");
  call.section.put("ip address sub", call.text, address);
  return DONE;
}

function dropAddress(call: Call): Outcome {
  const { address } = call.values;
  if (address === undefined) {
    call.section.drop("ip address");
    call.section.dropAll("ip address sub");
    return DONE;
  }
  if (call.text.endsWith(" sub")) {
    return call.section.drop("ip address sub", address)
      ? DONE
      : refusal("Error: The address does not exist.\n");
  }
  if (call.section.get("ip address")?.split(" ")[2] !== address)
    return refusal("Error: The address does not exist.\n");
  if (call.section.all("ip address sub").length > 0) {
    return refusal("Error: Please delete the secondary address(es) first.\n");
  }
  call.section.drop("ip address");
  return DONE;
}

/** Refuses a line while a feature that it builds on is off. */
function needs(rule: string, message: string) {
  return (call: Call): Outcome => {
    if (call.state.root.get(rule) === undefined) return refusal(message);
    keep(call);
    return DONE;
  };
}

const DHCP_FIRST = "Error: Please enable DHCP in the system view first.\n";
const SNOOPING_FIRST = "Error: Please enable DHCP snooping in the system view first.\n";

function sayShutdown(call: Call): Outcome {
  keep(call);
  return DONE;
}

function undoShutdown(call: Call): Outcome {
  if (call.section.drop("shutdown")) return DONE;
  return { output: `Info: Interface ${nameOf(call.section)} is not shutdown.\n` };
}

const common: readonly Rule<VrpConfig>[] = [
  { id: "description", p: "description <text:line>", no: "description" },
  { id: "shutdown", p: "shutdown", set: sayShutdown, unset: undoShutdown },
  { p: "mtu <bytes:46-9600>", standard: ["mtu 1500"], no: "mtu" },
];

function listExists(call: Call): boolean {
  const { number = "", name = "" } = call.values;
  if (/ acl ipv6 /.test(call.text)) return call.state.root.block("acl6", number) !== undefined;
  return call.state.acl(number === "" ? name : number) !== undefined;
}

/** One filter for each direction and family. */
function filterKey(call: RuleCall<VrpConfig>): string {
  return `${call.values.way}${/ acl ipv6 /.test(call.text) ? " ipv6" : ""}`;
}

const filters: readonly Rule<VrpConfig>[] = [
  {
    id: "traffic-filter",
    p: "traffic-filter <way:inbound|outbound> acl {[ipv6] <number:2000-4999>|name <name:host>}",
    keys: ["way"],
    no: "traffic-filter <way:inbound|outbound> [acl {[ipv6] <number:2000-4999>|name <name:host>}]",
    set: (call) => {
      if (!listExists(call)) return refusal("Error: The ACL does not exist.\n");
      call.section.put("traffic-filter", call.text, filterKey(call));
      return DONE;
    },
    unset: (call) => {
      const applied = call.section.get("traffic-filter", filterKey(call));
      const meant = / acl /.test(call.text) ? call.text.replace(/^undo /, "") : applied;
      if (applied !== undefined && applied !== meant)
        return refusal("Error: The traffic filter is not applied.\n");
      const gone = call.section.drop("traffic-filter", filterKey(call));
      return gone ? DONE : refusal("Error: The traffic filter is not applied.\n");
    },
  },
  {
    p: "traffic-policy <name:host> <way:inbound|outbound>",
    keys: ["way"],
    no: "traffic-policy [<name:host>] <way:inbound|outbound>",
  },
];

const layerTwo: readonly Rule<VrpConfig>[] = [
  { p: "voice-vlan <vlan:1-4094> enable [include-untagged]", no: "voice-vlan [<vlan:1-4094>] enable" },
  { p: "stp root-protection" },
  { p: "stp loop-protection" },
  { p: "stp bpdu-filter enable", no: "stp bpdu-filter [enable]" },
  { p: "stp edged-port {enable|disable}", no: "stp edged-port [{enable|disable}]" },
  { id: "stp", p: "stp enable", on: true, no: "stp enable" },
  {
    id: "stp disable",
    p: "stp disable",
    set: (call) => void call.section.put("stp", "stp disable"),
    unset: (call) => void call.section.drop("stp"),
  },
  { p: "stp cost <cost:1-200000000>", no: "stp cost" },
  {
    p: "stp instance <instance:0-4094> cost <cost:1-200000000>",
    keys: ["instance"],
    no: "stp instance <instance:0-4094> cost",
  },
  {
    p: "stp point-to-point {auto|force-true|force-false}",
    standard: ["stp point-to-point auto"],
    no: "stp point-to-point",
  },
  { p: "loopback-detect enable" },
  { p: "lldp enable", on: true },
  { p: "port-security enable" },
  {
    p: "port-security max-mac-num <count:1-4096>",
    standard: ["port-security max-mac-num 1"],
    no: "port-security max-mac-num",
    set: needsPortSecurity,
  },
  {
    p: "port-security protect-action {protect|restrict|shutdown|error-down}",
    standard: ["port-security protect-action restrict"],
    no: "port-security protect-action",
    set: needsPortSecurity,
  },
  { p: "port-security mac-address sticky", no: "port-security mac-address sticky", set: needsPortSecurity },
  { p: "port-security aging-time <minutes:1-1440>", no: "port-security aging-time", set: needsPortSecurity },
  { p: "arp anti-attack check user-bind enable" },
  { p: "ip source check user-bind enable" },
  {
    p: "dhcp snooping enable",
    no: "dhcp snooping enable",
    set: needs("dhcp snooping enable", SNOOPING_FIRST),
  },
  {
    p: "dhcp snooping trusted",
    no: "dhcp snooping trusted",
    set: needs("dhcp snooping enable", SNOOPING_FIRST),
  },
  { p: "dhcp snooping check dhcp-rate enable", no: "dhcp snooping check dhcp-rate enable" },
  { p: "dhcp snooping max-user-number <count:1-1024>", no: "dhcp snooping max-user-number" },
  { p: "authentication-profile <name:host>", no: "authentication-profile" },
  { p: "authentication dot1x", no: "authentication dot1x" },
  { p: "jumboframe enable [<bytes:1536-12288>]", no: "jumboframe enable" },
  { p: "poe enable", on: true },
  { p: "speed {10|100|1000|2500|5000|10000}", no: "speed" },
  { p: "duplex {full|half}", no: "duplex" },
  { p: "negotiation auto", on: true },
  { p: "port-isolate enable group <group:1-64>", keys: ["group"] },
  ...filters,
  {
    p: "storm-control <kind:broadcast|multicast|unicast> min-rate [{percent|cir}] <low:1-10000000> max-rate [{percent|cir}] <high:1-10000000>",
    keys: ["kind"],
    no: "storm-control <kind:broadcast|multicast|unicast>",
  },
  {
    p: "storm-control interval <seconds:1-180>",
    standard: ["storm-control interval 5"],
    no: "storm-control interval",
  },
  { p: "storm-control action {block|shutdown|error-down}", no: "storm-control action" },
  {
    p: "storm-control enable <what:trap|log>",
    keys: ["what"],
    sort: (a, b) => (a === b ? 0 : a === "trap" ? -1 : 1),
  },
];

function needsPortSecurity(call: Call): Outcome {
  if (call.section.get("port-security enable") === undefined) {
    return refusal("Error: Please enable port security first.\n");
  }
  keep(call);
  return DONE;
}

/** Lines of a physical port. */
export const PORT_TABLE: ViewTable<VrpConfig> = [
  ...common.slice(0, 2),
  {
    id: "eth-trunk",
    p: "eth-trunk <number:0-127>",
    no: "eth-trunk [<number:0-127>]",
    set: joinTrunk,
  },
  ...PORT_VLAN_RULES,
  ...layerTwo,
];

function setMode(call: Call): Outcome {
  const trunk = nameOf(call.section).slice("Eth-Trunk".length);
  const now = call.section.get("mode") ?? "mode manual load-balance";
  const wanted = call.text === "mode lacp-static" ? "mode lacp" : call.text;
  if (now === wanted) return DONE;
  if (call.state.members(trunk).length > 0)
    return refusal("Error: The Eth-Trunk has member interfaces; its mode cannot be changed.\n");
  if (wanted === "mode manual load-balance") call.section.drop("mode");
  else call.section.put("mode", wanted);
  return DONE;
}

function addMembers(call: Call): Outcome {
  const block = call.state.interface(call.values.name ?? "");
  if (block === undefined || block.view !== "port")
    return refusal("Error: Wrong parameter found at '^' position.\n");
  const text = `eth-trunk ${nameOf(call.section).slice("Eth-Trunk".length)}`;
  return joinTrunk({ ...call, section: block, text, values: { number: text.slice("eth-trunk ".length) } });
}

/** Lines of an Eth-Trunk. */
export const TRUNK_TABLE: ViewTable<VrpConfig> = [
  ...common.slice(0, 2),
  ...PORT_VLAN_RULES,
  ...layerTwo.filter((rule) => !/^(speed|duplex|negotiation|poe)/.test(rule.p)),
  {
    id: "mode",
    p: "mode {lacp|lacp-static|manual load-balance}",
    no: "mode",
    set: setMode,
    unset: (call) => setMode({ ...call, text: "mode manual load-balance" }),
  },
  {
    id: "members",
    p: "trunkport <name:iface>",
    no: "trunkport <name:iface>",
    set: addMembers,
    unset: (call) => void call.state.interface(call.values.name ?? "")?.drop("eth-trunk"),
  },
  {
    p: "load-balance {src-dst-ip|src-dst-mac|src-ip|dst-ip|src-mac|dst-mac|enhanced profile <profile:host>}",
    no: "load-balance",
  },
  { p: "least active-linknumber <count:1-8>", no: "least active-linknumber" },
  { p: "max active-linknumber <count:1-8>", no: "max active-linknumber" },
  { p: "lacp timeout {fast|slow}", standard: ["lacp timeout slow"], no: "lacp timeout" },
];

const addresses: readonly Rule<VrpConfig>[] = [
  {
    id: "vpn",
    p: "ip binding vpn-instance <vpn:host>",
    no: "ip binding vpn-instance [<vpn:host>]",
    set: bindVpn,
  },
  {
    id: "ip address",
    p: "ip address <address:ipv4> <mask:mask>",
    no: "ip address [<address:ipv4> <mask:mask> [sub]]",
    set: setAddress,
    unset: dropAddress,
  },
  { id: "ip address sub", p: "ip address <address:ipv4> <mask:mask> sub", no: null, set: setAddress },
];

function bindVpn(call: Call): Outcome {
  call.section.drop("ip address");
  call.section.dropAll("ip address sub");
  keep(call);
  return { output: "Info: All IPv4 and IPv6 related configurations on this interface are removed.\n" };
}

const vrrp = (rest: string, keys: readonly string[], no?: string): Rule<VrpConfig> => ({
  p: `vrrp vrid <group:1-255> ${rest}`,
  keys: ["group", ...keys],
  ...(no === undefined ? {} : { no: `vrrp vrid <group:1-255> ${no}` }),
  ...(rest.startsWith("virtual-ip") ? {} : { set: needsGroup }),
});

function needsGroup(call: Call): Outcome {
  const group = `${call.values.group} `;
  const exists = call.section.all(VIRTUAL_IP).some(([key]) => key.startsWith(group));
  if (!exists) return refusal("Error: The virtual router does not exist.\n");
  if (/ priority 100$/.test(call.text)) call.section.drop(call.rule.p, call.key);
  else keep(call);
  return DONE;
}

const VIRTUAL_IP = "vrrp vrid <group:1-255> virtual-ip <address:ipv4>";

/** Lines of a routed VLAN interface. */
export const VLANIF_TABLE: ViewTable<VrpConfig> = [
  ...common,
  ...addresses,
  vrrp("virtual-ip <address:ipv4>", ["address"]),
  vrrp("priority <priority:1-254>", [], "priority"),
  vrrp("preempt-mode timer delay <seconds:0-3600>", [], "preempt-mode timer delay"),
  vrrp("preempt-mode disable", [], "preempt-mode disable"),
  vrrp("timer advertise <seconds:1-255>", [], "timer advertise"),
  vrrp("authentication-mode {simple [{plain|cipher}] <key:word>|md5 <key:word>}", [], "authentication-mode"),
  vrrp("track interface <name:iface> [reduced <value:1-255>]", ["name"]),
  { p: "arp-proxy enable" },
  { p: "arp-proxy inner-sub-vlan-proxy enable" },
  { p: "icmp redirect send", on: true },
  { p: "urpf {strict|loose}", no: "urpf" },
  ...filters,
  {
    p: "dhcp select {relay|interface|global}",
    no: "dhcp select [{relay|interface|global}]",
    set: needs("dhcp enable", DHCP_FIRST),
  },
  { p: "dhcp relay server-ip <server:ipv4>", keys: ["server"] },
  { p: "dhcp relay server-select <group:host>", no: "dhcp relay server-select" },
  { p: "dhcp server excluded-ip-address <low:ipv4> [<high:ipv4>]", keys: ["low", "high"] },
  {
    p: "dhcp server static-bind ip-address <address:ipv4> mac-address <mac:word>",
    keys: ["address"],
    no: "dhcp server static-bind ip-address <address:ipv4> [mac-address <mac:word>]",
  },
  {
    p: "dhcp server lease {unlimited|day <days:0-999> [hour <hours:0-23> [minute <minutes:0-59>]]}",
    no: "dhcp server lease",
    standard: ["dhcp server lease day 1", "dhcp server lease day 1 hour 0 minute 0"],
  },
  { p: "dhcp server dns-list <servers:line>", no: "dhcp server dns-list [<servers:line>]" },
  { p: "dhcp server domain-name <name:host>", no: "dhcp server domain-name" },
  { p: "dhcp server ip-range <low:ipv4> <high:ipv4>", no: "dhcp server ip-range" },
  { p: "dhcp server mask <mask:mask>", no: "dhcp server mask" },
  { p: "ospf cost <cost:1-65535>", no: "ospf cost" },
  { p: "ipv6 enable" },
  {
    p: "ipv6 address {<prefix:prefix6>|<address:ipv6> <length:0-128>} [eui-64]",
    keys: ["prefix", "address"],
    no: "ipv6 address [{<prefix:prefix6>|<address:ipv6> <length:0-128>} [eui-64]]",
  },
  { p: "ipv6 nd ra halt", on: true },
  { p: "ipv6 nd autoconfig managed-address-flag" },
  { p: "ipv6 nd autoconfig other-flag" },
];

/** Lines of a loopback or the management port. */
export const ROUTED_TABLE: ViewTable<VrpConfig> = [...common, ...addresses];
