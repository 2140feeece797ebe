import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { Rule, RuleCall } from "../cli/view.ts";
import { overlaps } from "../ipv4.ts";
import { type IosConfig, nameOf } from "./config.ts";
import { isRouted } from "./switchport.ts";

type Call = RuleCall<IosConfig>;

/** An address with its mask. */
export interface InterfaceAddress {
  readonly address: string;
  readonly mask: string;
}

/** The IPv4 addresses of an interface, the primary first. */
export function addressesOf(block: Section): readonly InterfaceAddress[] {
  const texts = [block.get("ip address"), ...block.all("secondary").map(([, text]) => text)];
  return texts.flatMap((text) => {
    const [, , address, mask] = text?.split(" ") ?? [];
    return address === undefined || mask === undefined ? [] : [{ address, mask }];
  });
}

function setAddress(call: Call): Outcome {
  const { address = "", mask = "" } = call.values;
  if (call.section.view === "if-port" && !isRouted(call.section)) {
    return refusal("\n% IP addresses may not be configured on L2 links.\n");
  }
  const vrf = call.section.get("vrf forwarding");
  for (const [name, block] of call.state.interfaces()) {
    if (name === nameOf(call.section) || block.get("vrf forwarding") !== vrf) continue;
    const clash = addressesOf(block).find((other) => overlaps(other.address, other.mask, address, mask));
    if (clash !== undefined) return refusal(`% ${clash.address} overlaps with ${name}\n`);
  }
  if (call.text.endsWith(" secondary")) {
    if (call.section.get("ip address")?.split(" ")[2] === address) {
      return refusal("% Secondary can't be same as primary\n");
    }
    call.section.put("secondary", call.text, address);
  } else {
    call.section.drop("secondary", address);
    call.section.put("ip address", call.text);
  }
  return DONE;
}

function dropAddress(call: Call): Outcome {
  const { address } = call.values;
  if (address === undefined) {
    call.section.drop("ip address");
    call.section.dropAll("secondary");
    return DONE;
  }
  if (call.text.endsWith(" secondary")) {
    call.section.drop("secondary", address);
    return DONE;
  }
  if (call.section.get("ip address")?.split(" ")[2] !== address) {
    return refusal("% Invalid address\n");
  }
  if (call.section.all("secondary").length > 0) {
    return refusal("% Must delete secondary before deleting primary\n");
  }
  call.section.drop("ip address");
  return DONE;
}

function setVrf(call: Call): Outcome {
  const had = addressesOf(call.section).length > 0;
  call.section.drop("ip address");
  call.section.dropAll("secondary");
  keep(call);
  if (!had) return DONE;
  const name = nameOf(call.section);
  return {
    output: `% Interface ${name} IPv4 disabled and address(es) removed due to enabling VRF ${call.values.vrf}\n`,
  };
}

/** Addresses and the filters on them; also for ports that route. */
export const addressRules: readonly Rule<IosConfig>[] = [
  { id: "vrf forwarding", p: "vrf forwarding <vrf:word>", set: setVrf },
  {
    id: "secondary",
    p: "ip address <address:ipv4> <mask:netmask> secondary",
    keys: ["address"],
    action: true,
    no: null,
    set: setAddress,
  },
  {
    id: "ip address",
    p: "ip address {<address:ipv4> <mask:netmask>|dhcp}",
    no: "ip address [{dhcp|<address:ipv4> [<mask:netmask> [secondary]]}]",
    absent: (block) =>
      (block.view === "if-port" && !isRouted(block)) || block.all("secondary").length > 0
        ? []
        : ["no ip address"],
    set: (call) => (call.values.address === undefined ? void keep(call) : setAddress(call)),
    unset: dropAddress,
  },
  {
    id: "access-group",
    p: "ip access-group <acl:word> <way:in|out>",
    keys: ["way"],
    no: "ip access-group [<acl:word>] <way:in|out>",
  },
];

function standby(rest: string, keys: readonly string[]): Rule<IosConfig> {
  return { p: `standby <group:0-255> ${rest}`, keys: ["group", ...keys] };
}

function vrrp(rest: string, keys: readonly string[]): Rule<IosConfig> {
  return { p: `vrrp <group:1-255> ${rest}`, keys: ["group", ...keys] };
}

/** VRRP version 3 is configured in a view of its own, once the switch is told to speak it. */
function openVrrp(call: Call): Outcome {
  if (call.state.root.get("fhrp version vrrp v3") === undefined) {
    return { refused: true, caret: `vrrp ${call.values.group} `.length };
  }
  return { opened: [call.section.open(call.rule.p, call.key, "if-vrrp", call.text)] };
}

/** What routed interfaces know besides addresses. */
export const routedRules: readonly Rule<IosConfig>[] = [
  { id: "helper", p: "ip helper-address [{global|vrf <vrf:word>}] <server:ipv4>", keys: ["server"] },
  { p: "ip redirects", on: true },
  { p: "ip unreachables", on: true },
  { p: "ip proxy-arp", on: true },
  { p: "ip mtu <bytes:68-9216>" },
  { p: "ip tcp adjust-mss <bytes:500-1460>" },
  { p: "ip verify unicast source reachable-via {rx|any}" },
  { p: "ip ospf <process:1-65535> area <area:word>", keys: ["process"] },
  { p: "ip ospf cost <cost:1-65535>" },
  { p: "ip ospf network {point-to-point|broadcast}" },
  { p: "standby version {1|2}", standard: ["standby version 1"] },
  standby("ip <address:ipv4>", []),
  standby("ip <address:ipv4> secondary", ["address"]),
  standby("timers {<hello:1-254> <hold:1-255>|msec <fast:15-999> <hold:1-255>}", []),
  standby("priority <priority:0-255>", []),
  standby("preempt [delay minimum <seconds:0-3600>]", []),
  standby("authentication {md5 key-string <key:word>|text <word:word>|<plain:word>}", []),
  standby("name <name:word>", []),
  standby("track <object:1-1000> [decrement <value:1-255>]", ["object"]),
  {
    p: "vrrp <group:1-255> address-family <family:ipv4|ipv6>",
    keys: ["group", "family"],
    enter: "if-vrrp",
    set: openVrrp,
    arrange: (blocks) => blocks.map((block) => ({ ...block, lines: [...block.lines, " exit-vrrp"] })),
  },
  vrrp("ip <address:ipv4>", []),
  vrrp("description <text:line>", []),
  vrrp("timers advertise [msec] <interval:1-255>", []),
  vrrp("priority <priority:1-254>", []),
  vrrp("preempt [delay minimum <seconds:0-3600>]", []),
  vrrp("authentication <rest:line>", []),
  { p: "arp timeout <seconds:0-2147483>" },
  {
    p: "ipv6 address {<prefix:prefix6> [{eui-64|anycast}]|<local:ipv6> link-local|autoconfig|dhcp}",
    keys: ["prefix", "local"],
    no: "ipv6 address [{<prefix:prefix6> [{eui-64|anycast}]|<local:ipv6> link-local|autoconfig|dhcp}]",
  },
  { p: "ipv6 enable" },
  { p: "ipv6 traffic-filter <acl:word> <way:in|out>", keys: ["way"] },
  { p: "ipv6 nd <rest:line>", keys: ["rest"] },
  { p: "ipv6 dhcp relay destination <rest:line>", keys: ["rest"] },
  { p: "zone-member security <zone:word>" },
];
