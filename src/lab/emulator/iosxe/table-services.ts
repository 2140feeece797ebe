import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Rule, RuleCall, ViewTable } from "../cli/view.ts";
import { toNumber } from "../ipv4.ts";
import { ACL6_TABLE } from "./acl6.ts";
import type { IosConfig } from "./config.ts";

type Call = RuleCall<IosConfig>;

function setRoute(call: Call): Outcome {
  const { network = "", mask = "", gateway = "", exit = "" } = call.values;
  if ((toNumber(network) & ~toNumber(mask)) >>> 0 !== 0) return refusal("%Inconsistent address and mask\n");
  keep({ ...call, key: routeKey(call) });
  return gateway === "" && exit === "" ? refusal("% Incomplete command.\n") : DONE;
}

function routeKey(call: Call): string {
  const { vrf = "", network = "", mask = "", exit = "", gateway = "" } = call.values;
  return [vrf, network, mask, exit, gateway].filter((part) => part !== "").join(" ");
}

/** Without a next hop, every route to the prefix goes. */
function dropRoute(call: Call): Outcome {
  const wanted = routeKey(call);
  const gone = call.section.all("ip route").filter(([key]) => key === wanted || key.startsWith(`${wanted} `));
  if (gone.length === 0) return refusal("%No matching route to delete\n");
  for (const [key] of gone) call.section.drop("ip route", key);
  return DONE;
}

const ROUTE = "ip route [vrf <vrf:word>] <network:ipv4> <mask:netmask>";

const routing: ViewTable<IosConfig> = [
  { p: "router ospf <process:1-65535>", keys: ["process"], enter: "ospf", mark: "!" },
  { p: "ip default-gateway <gateway:ipv4>" },
  { p: "ip forward-protocol nd", no: "ip forward-protocol nd" },
  { id: "http", p: "ip http server", on: true, absent: () => ["ip http server"] },
  { p: "ip http authentication {local|aaa|enable}" },
  { id: "https", p: "ip http secure-server", on: true, absent: () => ["ip http secure-server"] },
  { p: "ip http client source-interface <name:iface>" },
  { p: "ip ftp source-interface <name:iface>" },
  { p: "ip tftp source-interface <name:iface>" },
  { p: "ip tacacs source-interface <name:iface>" },
  { p: "ip radius source-interface <name:iface>" },
  {
    id: "ip route",
    p: `${ROUTE} {<exit:iface> [<gateway:ipv4>]|<gateway:ipv4>} [<distance:1-255>] [tag <tag:1-4294967295>] [name <name:word>] [permanent] [track <object:1-1000>]`,
    no: `${ROUTE} [{<exit:iface> [<gateway:ipv4>]|<gateway:ipv4>}] [<distance:1-255>] [<rest:line>]`,
    set: setRoute,
    unset: dropRoute,
  },
  { p: "ip ssh time-out <seconds:1-120>", standard: ["ip ssh time-out 120"] },
  { p: "ip ssh authentication-retries <count:0-5>", standard: ["ip ssh authentication-retries 3"] },
  { p: "ip ssh source-interface <name:iface>" },
  { p: "ip ssh logging events", no: "ip ssh logging events" },
  { id: "ssh version", p: "ip ssh version {1|2}", no: "ip ssh version" },
  { p: "ip ssh dh min size <bits:2048|4096>", no: "ip ssh dh min size" },
  {
    p: "ip ssh server algorithm <kind:encryption|mac|kex|hostkey|authentication> <rest:line>",
    keys: ["kind"],
  },
  { p: "ip scp server enable" },
  { id: "zeroize", p: "crypto key zeroize rsa", no: null, set: zeroize },
  {
    id: "keys",
    p: "crypto key generate rsa [general-keys] [modulus <bits:512-4096>]",
    no: null,
    set: generateKeys,
  },
  "!",
];

const severity =
  "<level:alerts|critical|debugging|emergencies|errors|informational|notifications|warnings|0|1|2|3|4|5|6|7>";
const LEVELS = [
  "emergencies",
  "alerts",
  "critical",
  "errors",
  "warnings",
  "notifications",
  "informational",
  "debugging",
];

const services: ViewTable<IosConfig> = [
  {
    p: "ipv6 route [vrf <vrf:word>] <prefix:prefix6> {<gateway:ipv6>|<exit:iface> [<gateway:ipv6>]} [<distance:1-254>] [tag <tag:1-4294967295>] [name <name:word>]",
    keys: ["vrf", "prefix", "exit", "gateway"],
    no: "ipv6 route [vrf <vrf:word>] <prefix:prefix6> {<gateway:ipv6>|<exit:iface> [<gateway:ipv6>]} [<rest:line>]",
  },
  { p: "ip sla enable reaction-alerts" },
  { id: "logging trap", p: `logging trap [${severity}]`, no: "logging trap", set: setTrap },
  { p: "logging facility <facility:word>", standard: ["logging facility local7"] },
  { p: "logging origin-id {hostname|ip|string <text:word>}", no: "logging origin-id" },
  {
    p: "logging source-interface <name:iface> [vrf <vrf:word>]",
    no: "logging source-interface [<name:iface>] [vrf <vrf:word>]",
  },
  {
    id: "logging host",
    p: "logging host <host:host> [vrf <vrf:word>] [transport {udp|tcp} port <port:1-65535>]",
    keys: ["host", "vrf"],
    no: "logging host <host:host> [vrf <vrf:word>] [<rest:line>]",
  },
  {
    id: "logging old",
    p: "logging <host:ipv4>",
    set: (call) =>
      void call.section.put("logging host", `logging host ${call.values.host}`, `${call.values.host} `),
    unset: (call) => void call.section.drop("logging host", `${call.values.host} `),
  },
  { p: "logging on", on: true },
  "!",
  {
    p: "snmp-server group <name:word> v3 <level:noauth|auth|priv> [read <read:word>] [write <write:word>] [notify <notify:word>] [access <acl:word>]",
    keys: ["name", "level"],
    no: "snmp-server group <name:word> v3 <level:noauth|auth|priv> [<rest:line>]",
  },
  { p: "snmp-server view <name:word> <tree:word> {included|excluded}", keys: ["name", "tree"] },
  {
    p: "snmp-server community <name:word> [view <view:word>] [<way:ro|rw>] [<acl:word>]",
    keys: ["name"],
    set: setCommunity,
  },
  { p: "snmp-server trap-source <name:iface>" },
  { p: "snmp-server location <text:line>", no: "snmp-server location [<text:line>]" },
  { p: "snmp-server contact <text:line>", no: "snmp-server contact [<text:line>]" },
  {
    id: "snmp user",
    p: "snmp-server user <name:word> <group:word> v3 <rest:line>",
    no: "snmp-server user <name:word> <group:word> v3 [<rest:line>]",
    action: true,
    set: () => DONE,
    unset: () => DONE,
  },
  {
    p: "snmp-server enable traps [<kinds:line>]",
    keys: ["kinds"],
    no: "snmp-server enable traps [<kinds:line>]",
  },
  {
    p: "snmp-server host <host:host> [vrf <vrf:word>] [{traps|informs}] version {1|2c|3 {noauth|auth|priv}} <name:word> [<kinds:line>]",
    keys: ["host"],
    no: "snmp-server host <host:host> [<rest:line>]",
  },
  { id: "acl6", p: "ipv6 access-list <name:host>", keys: ["name"], enter: "acl6" },
  { p: "tacacs server <name:word>", keys: ["name"], enter: "aaa-server", mark: "!" },
  { p: "radius server <name:word>", keys: ["name"], enter: "aaa-server", mark: "!" },
  "!",
];

function setTrap(call: Call): Outcome {
  const { level } = call.values;
  const name = LEVELS[Number(level ?? Number.NaN)] ?? level ?? "informational";
  if (name === "informational") call.section.drop("logging trap");
  else call.section.put("logging trap", `logging trap ${name}`);
  return DONE;
}

function setCommunity(call: Call): Outcome {
  const { name = "", view, way = "ro", acl } = call.values;
  const parts = [
    "snmp-server community",
    name,
    view === undefined ? "" : `view ${view}`,
    way.toUpperCase(),
    acl ?? "",
  ];
  call.section.put(call.rule.p, parts.filter((part) => part !== "").join(" "), name);
  return DONE;
}

const time: ViewTable<IosConfig> = [
  {
    p: "ntp authentication-key <number:1-4294967295> {md5|hmac-sha2-256|cmac-aes-128|hmac-sha1} <key:word> [<type:0|7>]",
    keys: ["number"],
    no: "ntp authentication-key <number:1-4294967295> [<rest:line>]",
  },
  { p: "ntp authenticate" },
  { p: "ntp trusted-key <number:1-4294967295>", keys: ["number"] },
  { p: "ntp source <name:iface>" },
  { p: "ntp access-group <kind:peer|serve|serve-only|query-only> <acl:word>", keys: ["kind"] },
  {
    p: "ntp server [vrf <vrf:word>] <host:host> [key <key:1-4294967295>] [source <from:iface>] [prefer] [version <version:1-4>]",
    keys: ["vrf", "host"],
    no: "ntp server [vrf <vrf:word>] <host:host> [<rest:line>]",
  },
];

/** Destroys the SSH host keys, after a question: nobody gets in any more. */
function zeroize(call: Call): Outcome {
  return {
    output: "",
    question: {
      text: "% All keys will be removed.\n% All router certs issued using these keys will also be removed.\nDo you really want to remove these keys? [yes/no]: ",
      yes: "yes",
      answered: (answer) => {
        if (/^y(es)?$/i.test(answer.trim())) call.state.hasKeys = false;
        return DONE;
      },
    },
  };
}

/** Makes SSH host keys; they need a domain name. */
function generateKeys(call: Call): Outcome {
  const domain = call.state.root.get("domain")?.split(" ").at(-1);
  if (domain === undefined) return refusal("% Please define a domain-name first.\n");
  call.state.hasKeys = true;
  const bits = call.values.bits ?? "1024";
  return {
    output: `The name for the keys will be: ${call.state.hostname()}.${domain}\n\n% The key modulus size is ${bits} bits\n% Generating ${bits} bit RSA keys, keys will be non-exportable...\n[OK] (elapsed time was 1 seconds)\n\n`,
  };
}

/** Rules that print after the interfaces, in their three places. */
export const LATE_RULES = { routing, services, time } as const satisfies Readonly<
  Record<string, readonly (Rule<IosConfig> | "!")[]>
>;

/** Views of smaller blocks: DHCP pool, VLAN, archive, VRF, AAA servers, VRRP. */
export const SMALL_VIEWS: Readonly<Record<string, ViewTable<IosConfig>>> = {
  vlan: [
    { id: "name", p: "name <name:word>", set: setVlanName },
    { p: "shutdown" },
    { p: "state {active|suspend}", standard: ["state active"] },
    { p: "remote-span" },
  ],
  "dhcp-pool": [
    { p: "vrf <vrf:word>" },
    { p: "network <network:ipv4> [{<mask:netmask>|<length:word>}]", no: "network [<rest:line>]" },
    { p: "host <host:ipv4> <mask:netmask>" },
    { p: "client-identifier <id:word>" },
    { p: "hardware-address <mac:word>" },
    { p: "domain-name <name:word>" },
    { p: "default-router <routers:line>", no: "default-router [<rest:line>]" },
    { p: "dns-server <servers:line>", no: "dns-server [<rest:line>]" },
    { p: "netbios-name-server <servers:line>", no: "netbios-name-server [<rest:line>]" },
    { p: "option <number:0-254> {ip|ascii|hex} <rest:line>", keys: ["number"] },
    {
      p: "lease {infinite|<days:0-365> [<hours:0-23> [<minutes:0-59>]]}",
      no: "lease [<rest:line>]",
      standard: ["lease 1"],
    },
  ],
  archive: [
    { id: "log config", p: "log config", enter: "archive-log" },
    { id: "path", p: "path <path:word>" },
    { id: "maximum", p: "maximum <count:1-14>", standard: ["maximum 10"] },
    { p: "write-memory" },
    { p: "time-period <minutes:1-525600>" },
  ],
  "archive-log": [
    { p: "logging enable" },
    { p: "logging size <count:1-1000>", standard: ["logging size 100"] },
    { p: "logging persistent [auto]", no: "logging persistent" },
    {
      p: "notify syslog [contenttype {plaintext|xml}]",
      no: "notify syslog",
      set: (call) =>
        void call.section.put(
          call.rule.p,
          call.text.includes("xml") ? "notify syslog contenttype xml" : "notify syslog contenttype plaintext",
        ),
    },
    { p: "hidekeys" },
  ],
  vrf: [
    { p: "rd <rd:word>" },
    {
      p: "address-family <family:ipv4|ipv6>",
      keys: ["family"],
      enter: "vrf-family",
      mark: "exit-address-family",
    },
    { p: "exit-address-family", no: null, action: true, set: () => DONE },
  ],
  "vrf-family": [{ p: "exit-address-family", no: null, action: true, set: () => ({ leave: true }) }],
  coa: [
    {
      p: "client <host:host> [server-key [<type:0|6|7>] <key:word>]",
      keys: ["host"],
      no: "client <host:host> [<rest:line>]",
    },
  ],
  transceiver: [{ p: "monitoring", no: "monitoring" }],
  acl6: ACL6_TABLE,
  "aaa-group": [
    { p: "server name <name:word>", keys: ["name"] },
    { p: "ip vrf forwarding <vrf:word>" },
    { p: "ip tacacs source-interface <name:iface>" },
    { p: "ip radius source-interface <name:iface>" },
  ],
  "aaa-server": [
    {
      p: "address ipv4 <address:host> [auth-port <auth:0-65535> acct-port <acct:0-65535>]",
      no: "address ipv4 [<rest:line>]",
    },
    { p: "key [<type:0|6|7>] <key:word>", no: "key [<rest:line>]" },
    { p: "timeout <seconds:1-1000>" },
  ],
  "if-vrrp": [
    { p: "description <text:line>" },
    { p: "timers advertise <milliseconds:100-40950>" },
    { p: "priority <priority:1-254>", standard: ["priority 100"] },
    {
      id: "preempt",
      p: "preempt [delay minimum <seconds:0-3600>]",
      no: "preempt",
      on: true,
      set: setPreempt,
      unset: (call) => void call.section.put("preempt", "no preempt"),
    },
    { p: "address <address:ipv4> {primary|secondary}", keys: ["address"] },
    { p: "exit-vrrp", no: null, action: true, set: () => ({ leave: true }) },
  ],
  ospf: [
    { p: "router-id <id:ipv4>" },
    { p: "passive-interface {default|<name:iface>}", keys: ["name"] },
    { p: "network <network:ipv4> <wildcard:ipv4> area <area:word>", keys: ["network", "wildcard", "area"] },
    { p: "default-information originate [always]", no: "default-information originate" },
  ],
};

function setPreempt(call: Call): Outcome {
  if (call.values.seconds === undefined) call.section.drop("preempt");
  else call.section.put("preempt", call.text);
  return DONE;
}

function setVlanName(call: Call): Outcome {
  const name = call.values.name ?? "";
  const id = Number(call.section.header.slice("vlan ".length));
  if (name.length > 32) return refusal("% VLAN name is too long: at most 32 characters\n");
  if (id === 1) return refusal("%Default VLAN 1 may not have its name changed.\n");
  if (name === `VLAN${String(id).padStart(4, "0")}`) {
    call.section.drop("name");
    return DONE;
  }
  const taken = call.state.vlans().find((other) => other !== id && call.state.vlanName(other) === name);
  if (taken !== undefined) {
    return refusal(
      `%Failed to create VLANs ${id}\n%VLAN #${id} and #${taken} have an identical name: ${name}\n`,
    );
  }
  keep(call);
  return DONE;
}
