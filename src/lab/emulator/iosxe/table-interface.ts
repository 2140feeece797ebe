import { keep, takeAway } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import { readCommaRanges, span } from "../cli/ranges.ts";
import type { Rule, RuleCall, ViewTable } from "../cli/view.ts";
import { type IosConfig, nameOf } from "./config.ts";
import { kindOf } from "./names.ts";
import { allowedVlans, isRouted, portMode, printAllowed, setAllowed } from "./switchport.ts";
import { addressRules, routedRules } from "./table-routed.ts";

type Call = RuleCall<IosConfig>;

const PORTFAST_WARNING = `%Warning: portfast should only be enabled on ports connected to a single
 host. Connecting hubs, concentrators, switches, bridges, etc... to this
 interface  when portfast is enabled, can cause temporary bridging loops.
 Use with CAUTION

`;

/** Does the same to the members of a port-channel, as the switch does for what members share. */
function shared(rule: Rule<IosConfig>): Rule<IosConfig> {
  const spread = (call: Call, carry: (call: Call) => Outcome | undefined): Outcome => {
    const outcome = carry(call) ?? DONE;
    const name = nameOf(call.section);
    if (outcome.refused === true || kindOf(name) !== "Port-channel") return outcome;
    for (const member of call.state.members(Number(name.slice("Port-channel".length)))) {
      const section = call.state.interface(member);
      if (section !== undefined) carry({ ...call, section });
    }
    return outcome;
  };
  const set = rule.set ?? ((call: Call) => void keep(call));
  const unset = rule.unset ?? ((call: Call) => takeAway(call, "no"));
  return {
    ...rule,
    set: (call) => spread(call, set),
    unset: (call) => spread(call, unset),
  };
}

function setAccessVlan(call: Call): Outcome {
  const vlan = Number(call.values.vlan);
  keep(call);
  if (call.state.hasVlan(vlan)) return DONE;
  call.state.openVlan(vlan);
  return { output: `% Access VLAN does not exist. Creating vlan ${vlan}\n` };
}

function setVoiceVlan(call: Call): Outcome {
  const vlan = Number(call.values.vlan);
  keep(call);
  if (call.state.hasVlan(vlan)) return DONE;
  call.state.openVlan(vlan);
  return { output: `% Voice VLAN does not exist. Creating vlan ${vlan}\n` };
}

function setTrunkAllowed(call: Call): Outcome {
  const { how = "", vlans = "" } = call.values;
  const given = readCommaRanges(vlans, 1, 4094) ?? [];
  const before = allowedVlans(call.section);
  const after: Readonly<Record<string, () => readonly number[]>> = {
    all: () => span(1, 4094),
    none: () => [],
    add: () => [...before, ...given],
    remove: () => before.filter((vlan) => !given.includes(vlan)),
    except: () => span(1, 4094).filter((vlan) => !given.includes(vlan)),
  };
  setAllowed(call.section, after[how]?.() ?? given);
  return DONE;
}

function setMode(call: Call): Outcome {
  keep(call);
  if (portMode(call.section).startsWith("dynamic")) {
    if (call.section.get("nonegotiate") === undefined) return DONE;
    call.section.drop("mode");
    return refusal(
      "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface.\n",
    );
  }
  return DONE;
}

function staticOnly(message: (name: string) => string) {
  return (call: Call): Outcome => {
    if (portMode(call.section).startsWith("dynamic")) return refusal(message(nameOf(call.section)));
    keep(call);
    return DONE;
  };
}

function joinChannel(call: Call): Outcome {
  if (kindOf(nameOf(call.section)) === "Port-channel") return { refused: true, caret: 0 };
  const channel = call.values.number ?? "";
  const name = `Port-channel${channel}`;
  const bundle = call.state.interface(name);
  const mine = call.section.get("channel-group")?.split(" ")[1];
  if (mine !== undefined && mine !== channel) {
    return refusal(`Command rejected: the interface is already part of the etherchannel group ${mine}\n`);
  }
  if (bundle !== undefined && isRouted(bundle) !== isRouted(call.section)) {
    const text = "Either port is L2 and port-channel is L3, or vice-versa";
    return refusal(`Command rejected (${name}, ${nameOf(call.section)}): ${text}\n`);
  }
  keep(call);
  if (bundle !== undefined) return DONE;
  const made = call.state.openInterface(name);
  for (const rule of SHARED_IDS) {
    const text = call.section.get(rule);
    if (text !== undefined) made.put(rule, text);
  }
  return { output: `Creating a port-channel interface Port-channel ${channel}\n\n` };
}

/** Layer 2 or 3 is settled before ports are bundled. */
function isBundled(call: Call): boolean {
  const name = nameOf(call.section);
  if (call.section.get("channel-group") !== undefined) return true;
  return (
    kindOf(name) === "Port-channel" &&
    call.state.members(Number(name.slice("Port-channel".length))).length > 0
  );
}

const BUNDLED = "Command rejected: the interface is bundled; take it out of its port-channel first.\n";

function routePort(call: Call): Outcome {
  if (call.section.get("switchport") !== undefined) return DONE;
  if (isBundled(call)) return refusal(BUNDLED);
  for (const rule of SHARED_IDS) if (rule !== "shutdown") call.section.drop(rule);
  call.section.put("switchport", "no switchport");
  return DONE;
}

function switchPort(call: Call): Outcome {
  if (call.section.get("switchport") === undefined) return DONE;
  if (isBundled(call)) return refusal(BUNDLED);
  call.section.drop("switchport");
  for (const rule of ["ip address", "secondary", "helper"]) call.section.dropAll(rule);
  return DONE;
}

function setPortfast(call: Call): Outcome {
  keep(call, call.text === "spanning-tree portfast edge" ? "spanning-tree portfast" : call.text);
  if (call.text.endsWith("disable")) return DONE;
  const name = nameOf(call.section);
  const effect = `%Portfast has been configured on ${name} but will only\n have effect when the interface is in a non-trunking mode.\n`;
  return { output: PORTFAST_WARNING + (call.text.endsWith("trunk") ? "" : effect) };
}

/** What a port-channel and its members share. */
const SHARED_IDS = [
  "access vlan",
  "trunk native",
  "trunk allowed",
  "mode",
  "nonegotiate",
  "voice vlan",
  "switchport",
  "shutdown",
];

const layerTwo: readonly Rule<IosConfig>[] = [
  { id: "switchport", p: "switchport", set: switchPort, unset: routePort },
  shared({
    id: "access vlan",
    p: "switchport access vlan <vlan:1-4094>",
    standard: ["switchport access vlan 1"],
    set: setAccessVlan,
  }),
  shared({
    id: "trunk native",
    p: "switchport trunk native vlan <vlan:1-4094>",
    standard: ["switchport trunk native vlan 1"],
  }),
  shared({
    id: "trunk allowed",
    p: "switchport trunk allowed vlan {<how:all|none>|<how:add|remove|except> <vlans:vlans>|<vlans:vlans>}",
    no: "switchport trunk allowed vlan",
    set: setTrunkAllowed,
    print: printAllowed,
  }),
  shared({
    id: "mode",
    p: "switchport mode {access|trunk|dynamic {auto|desirable}}",
    no: "switchport mode [{access|trunk|dynamic [{auto|desirable}]}]",
    standard: ["switchport mode dynamic auto"],
    set: setMode,
  }),
  shared({
    id: "nonegotiate",
    p: "switchport nonegotiate",
    set: staticOnly(
      () => "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface.\n",
    ),
  }),
  shared({ id: "voice vlan", p: "switchport voice vlan <vlan:1-4094>", set: setVoiceVlan }),
  { p: "switchport port-security maximum <count:1-4097>", standard: ["switchport port-security maximum 1"] },
  {
    p: "switchport port-security violation {protect|restrict|shutdown}",
    standard: ["switchport port-security violation shutdown"],
  },
  { p: "switchport port-security aging time <minutes:1-1440>" },
  {
    p: "switchport port-security aging type {absolute|inactivity}",
    standard: ["switchport port-security aging type absolute"],
  },
  { p: "switchport port-security mac-address sticky" },
  { p: "switchport port-security mac-address <mac:word>", keys: ["mac"] },
  {
    p: "switchport port-security",
    set: staticOnly((name) => `Command rejected: ${name} is a dynamic port.\n`),
  },
  { p: "switchport protected" },
  { p: "switchport block {unicast|multicast}", keys: [] },
];

const portFeatures: readonly Rule<IosConfig>[] = [
  { p: "ip arp inspection trust" },
  { p: "ip arp inspection limit rate <rate:0-2048>" },
  { p: "load-interval <seconds:30-600>" },
  { p: "speed {10|100|1000|2500|5000|10000|auto}", standard: ["speed auto"] },
  { p: "duplex {auto|full|half}", standard: ["duplex auto"] },
  { p: "mtu <bytes:68-9216>", standard: ["mtu 1500"] },
  { p: "power inline {auto|never|static|consumption <watts:4000-60000>}", standard: ["power inline auto"] },
  { p: "udld port [aggressive]" },
  { p: "authentication port-control {auto|force-authorized|force-unauthorized}" },
  { p: "access-session port-control {auto|force-authorized|force-unauthorized}" },
  { p: "authentication <rest:line>", keys: ["rest"] },
  { p: "mab" },
  { p: "snmp trap link-status", on: true },
  { p: "dot1x pae {authenticator|supplicant|both}" },
  { p: "dot1x timeout tx-period <seconds:1-65535>" },
  {
    p: "storm-control <kind:broadcast|multicast|unicast> level {<high:percent> [<low:percent>]|{bps|pps} <limit:word> [<floor:word>]}",
    keys: ["kind"],
  },
  { p: "storm-control action <action:shutdown|trap>", keys: ["action"] },
  { p: "cdp enable", on: true },
  { p: "lldp transmit", on: true },
  { p: "lldp receive", on: true },
  {
    id: "channel-group",
    p: "channel-group <number:1-128> mode {active|passive|on|auto|desirable}",
    no: "channel-group [<number:1-128> [mode {active|passive|on|auto|desirable}]]",
    set: joinChannel,
  },
  { p: "channel-protocol {lacp|pagp}" },
  { p: "lacp rate {fast|normal}", standard: ["lacp rate normal"] },
  { p: "lacp port-priority <priority:0-65535>", standard: ["lacp port-priority 32768"] },
  {
    id: "portfast",
    p: "spanning-tree portfast [{disable|trunk|edge [trunk]}]",
    no: "spanning-tree portfast [{disable|trunk|edge [trunk]}]",
    set: setPortfast,
  },
  { p: "spanning-tree bpdufilter {enable|disable}" },
  { p: "spanning-tree bpduguard {enable|disable}" },
  { p: "spanning-tree guard {root|loop|none}" },
  { p: "spanning-tree link-type {point-to-point|shared}" },
  { p: "spanning-tree cost <cost:1-200000000>" },
  { p: "spanning-tree port-priority <priority:0-240>", standard: ["spanning-tree port-priority 128"] },
  { p: "spanning-tree vlan <vlans:vlans> cost <cost:1-200000000>", keys: ["vlans"] },
  { p: "service-policy <way:input|output> <name:word>", keys: ["way"] },
  { p: "auto qos <rest:line>", keys: ["rest"] },
  { p: "ip verify source [mac-check]", no: "ip verify source [mac-check]" },
  { p: "ip dhcp snooping limit rate <rate:1-2048>" },
  { p: "ip dhcp snooping trust" },
];

const shutdown: Rule<IosConfig> = shared({ id: "shutdown", p: "shutdown" });
const description: Rule<IosConfig> = { id: "description", p: "description <text:line>" };

/** Lines of a physical port or port-channel. */
export const PORT_TABLE: ViewTable<IosConfig> = [
  description,
  ...layerTwo,
  ...addressRules,
  ...portFeatures.slice(0, 3),
  shutdown,
  ...portFeatures.slice(3),
];

/** Lines of a switched virtual interface. */
export const VLAN_IF_TABLE: ViewTable<IosConfig> = [
  description,
  ...addressRules,
  ...routedRules,
  { p: "load-interval <seconds:30-600>" },
  { p: "autostate", on: true },
  { ...shutdown, id: "shutdown" },
];

/** Lines of a loopback, a tunnel or the management port. */
export const ROUTED_IF_TABLE: ViewTable<IosConfig> = [
  description,
  ...addressRules,
  ...routedRules,
  { ...shutdown, id: "shutdown" },
  { p: "negotiation auto", on: false },
  { p: "speed {10|100|1000|auto}", standard: ["speed auto"] },
];
