import type { Rule } from "../../planner/config/dialect.ts";

/** Lines of blocks other than interfaces and filters. */
export const BLOCK_RULES: Readonly<Record<string, readonly Rule[]>> = {
  vlan: [
    {
      line: "name <text>",
      remove: "no name",
      exclusive: "VLAN name $1",
      source: "IOS refuses two VLANs of one name",
    },
    { line: "state <word>", remove: "no state", absent: ["state active"] },
    { line: "shutdown", absent: ["no shutdown"] },
    { line: "remote-span" },
    { line: "private-vlan <...>", remove: "no private-vlan $1" },
  ],
  line: [
    { line: "access-class <acl> {in|out} <...>", remove: "no access-class $1 $2" },
    { line: "ipv6 access-class <acl6> {in|out} <...>", remove: "no ipv6 access-class $1 $2" },
    { line: "transport input <...>", remove: "no transport input" },
    { line: "transport output <...>", remove: "no transport output" },
    { line: "transport preferred <...>", remove: "no transport preferred" },
    { line: "exec-timeout <int> <int>", remove: "no exec-timeout", absent: ["exec-timeout 10 0"] },
    { line: "session-timeout <...>", remove: "no session-timeout" },
    { line: "absolute-timeout <int>", remove: "no absolute-timeout" },
    {
      line: "login authentication <aaalogin>",
      remove: "no login authentication",
      absent: ["login authentication default"],
    },
    { line: "login", exclusive: "login mode" },
    { line: "login <local|tacacs>", exclusive: "login mode" },
    { line: "{authorization|accounting} commands {int} <...>", remove: "no $1 commands $2" },
    { line: "authorization {exec|reverse-access} <...>", remove: "no authorization $1" },
    { line: "accounting {exec|connection} <...>", remove: "no accounting $1" },
    { line: "privilege level <int>", remove: "no privilege level", absent: ["privilege level 1"] },
    { line: "password <...>", remove: "no password" },
    { line: "logging synchronous <...>", remove: "no logging synchronous" },
    { line: "length <int>", remove: "no length", absent: ["length 24"] },
    { line: "width <int>", remove: "no width", absent: ["width 80"] },
    { line: "stopbits <int>", remove: "no stopbits" },
    { line: "exec", absent: ["exec"] },
    { line: "rotary <int>", remove: "no rotary" },
  ],
  "dhcp-pool": [
    { line: "network <ip> <mask>", remove: "no network $1 $2" },
    { line: "default-router <...>", remove: "no default-router" },
    { line: "dns-server <...>", remove: "no dns-server" },
    { line: "domain-name <word>", remove: "no domain-name" },
    { line: "lease <...>", remove: "no lease", absent: ["lease 1"] },
    { line: "option {int} <...>", remove: "no option $1" },
    { line: "host <ip> <mask>", remove: "no host" },
    { line: "hardware-address <...>", remove: "no hardware-address" },
    { line: "client-identifier <...>", remove: "no client-identifier" },
    { line: "vrf <vrf>", remove: "no vrf" },
    { line: "netbios-name-server <...>", remove: "no netbios-name-server" },
  ],
  "tacacs-group": serverGroup("tacacs"),
  "radius-group": serverGroup("radius"),
  "aaa-server": [
    { line: "address ipv4 <ip> <...>", remove: "no address ipv4 $1" },
    { line: "address ipv6 <word> <...>", remove: "no address ipv6 $1" },
    { line: "key <...>", remove: "no key" },
    { line: "timeout <int>", remove: "no timeout" },
    { line: "port <int>", remove: "no port", absent: ["port 49"] },
    { line: "single-connection" },
  ],
  ospf: [
    { line: "router-id <ip>", remove: "no router-id" },
    { line: "network {ip} {ip} area <word>", remove: "no network $1 $2 area $3" },
    {
      line: "passive-interface default",
      clears: ["passive-interface"],
      source: "with the default turned over, the exceptions start anew",
    },
    { line: "passive-interface {word}" },
    { line: "default-information originate <...>", remove: "no default-information originate" },
    ...redistribution(),
    { line: "auto-cost reference-bandwidth <int>", remove: "no auto-cost reference-bandwidth" },
    { line: "log-adjacency-changes <...>", remove: "no log-adjacency-changes" },
    { line: "distance <int>", remove: "no distance" },
    { line: "maximum-paths <int>", remove: "no maximum-paths" },
    { line: "area {word} {...}" },
    { line: "timers {...}" },
  ],
  bgp: [
    ...bgpNeighbors(),
    { line: "bgp router-id <ip>", remove: "no bgp router-id" },
    { line: "bgp {...}" },
    {
      line: "network {ip} mask {ip} <...>",
      textUses: { "route-map": "routemap" },
      remove: "no network $1 mask $2",
    },
    { line: "network {ip} <...>", remove: "no network $1" },
    ...redistribution(),
    { line: "address-family {ipv4|ipv6} vrf {vrf}", block: "bgp-family" },
    { line: "address-family {ipv4|ipv6} unicast vrf {vrf}", block: "bgp-family" },
    { line: "address-family {ipv4|ipv6|vpnv4|l2vpn} {...}", block: "bgp-family" },
    { line: "timers bgp <...>", remove: "no timers bgp" },
    { line: "maximum-paths <int>", remove: "no maximum-paths" },
    { line: "aggregate-address {ip} {ip} <...>", remove: "no aggregate-address $1 $2" },
    { line: "template {...}", block: "bgp" },
  ],
  "bgp-family": [
    ...bgpNeighbors(),
    {
      line: "network {ip} mask {ip} <...>",
      textUses: { "route-map": "routemap" },
      remove: "no network $1 mask $2",
    },
    { line: "network {word} <...>", remove: "no network $1" },
    ...redistribution(),
    { line: "maximum-paths <int>", remove: "no maximum-paths" },
    { line: "aggregate-address {ip} {ip} <...>", remove: "no aggregate-address $1 $2" },
  ],
  "route-map": [
    { line: "description <text>", remove: "no description" },
    {
      line: "match ip address prefix-list <prefixlist...>",
      overwrite: false,
      source: "match lines add up; another list goes in after the old one",
    },
    { line: "match ipv6 address prefix-list <prefixlist6...>", overwrite: false },
    { line: "match ip address <acl...>", overwrite: false },
    { line: "match {...}" },
    { line: "set {local-preference|metric|weight|tag|origin|metric-type} <...>", remove: "no set $1" },
    { line: "set {...}" },
    { line: "continue <...>", remove: "no continue" },
  ],
  "class-map": [
    { line: "description <text>", remove: "no description" },
    { line: "match access-group name {acl}" },
    { line: "match access-group {acl}" },
    { line: "match class-map {classmap}" },
    { line: "match {...}", many: true },
  ],
  "policy-map": [
    { line: "description <text>", remove: "no description" },
    { line: "class type inspect {classmap}", block: "policy-class" },
    { line: "class {classmap}", block: "policy-class" },
  ],
  "policy-class": [
    { line: "service-policy <policymap>", remove: "no service-policy $1" },
    ...policers(),
    { line: "set ip {dscp|precedence} <...>" },
    { line: "set {dscp|precedence|cos|qos-group|discard-class} <...>" },
    { line: "shape {average|peak} <...>" },
    {
      line: "{priority|bandwidth|queue-limit|fair-queue} <...>",
      source: "Cisco QoS: a class has one value of each",
    },
    { line: "{random-detect|set|drop|inspect|pass} {...}" },
  ],
  "zone-pair": [
    { line: "service-policy type inspect <policymap>", remove: "no service-policy type inspect $1" },
    { line: "description <text>" },
  ],
  "control-plane": [{ line: "service-policy {input|output} <policymap>", remove: "no service-policy $1 $2" }],
  vrf: [
    { line: "rd <word>", remove: "no rd" },
    { line: "description <text>", remove: "no description" },
    { line: "address-family {ipv4|ipv6} {...}", block: "vrf-family" },
    { line: "route-target {...}", many: true },
  ],
  archive: [
    { line: "path <...>", remove: "no path" },
    { line: "maximum <int>", remove: "no maximum" },
    { line: "write-memory" },
    { line: "time-period <int>", remove: "no time-period" },
    { line: "log config", block: "archive-log", life: "implicit" },
  ],
  "archive-log": [
    { line: "logging enable" },
    { line: "logging size <int>", remove: "no logging size" },
    { line: "notify syslog <...>", remove: "no notify syslog" },
    { line: "hidekeys" },
  ],
  "key-chain": [{ line: "key {int}", block: "key" }],
  key: [{ line: "key-string <...>", remove: "no key-string" }, { line: "cryptographic-algorithm <...>" }],
  "object-group": [
    { line: "group-object {objectgroup}" },
    { line: "description <text>", remove: "no description" },
    { line: "{...}", many: true },
  ],
  track: [
    { line: "delay <...>", remove: "no delay" },
    { line: "object {track} <...>", remove: "no object $1" },
    { line: "threshold {...}" },
  ],
  mst: [
    { line: "name <word>", remove: "no name" },
    { line: "revision <int>", remove: "no revision" },
    {
      line: "instance {int} vlan <...>",
      set: {
        of: "instance",
        style: "cisco",
        absent: "",
        plain: "add",
        add: "instance $1 vlan $set",
        remove: "no instance $1 vlan $set",
        apart: "instance",
        source: "Cisco IOS LAN Switching Command Reference, instance (VLAN): ranges are added and taken away",
      },
    },
  ],
  vrrp: [
    { line: "address <ip> primary", remove: "no address $1 primary" },
    { line: "priority <int>", remove: "no priority", absent: ["priority 100"] },
    { line: "preempt <...>" },
    { line: "{...}" },
  ],
  "ip-sla": [{ line: "{...}", block: "ip-sla", life: "optional" }],
  "isakmp-policy": [
    {
      line: "{encr|authentication|hash|group|lifetime} <...>",
      remove: "no $1",
      absent: ["hash sha", "authentication rsa-sig", "lifetime 86400"],
    },
  ],
  transform: [{ line: "mode <...>", absent: ["mode tunnel"], remove: "no mode" }],
  crypto: [
    { line: "match address <acl>", remove: "no match address" },
    { line: "set peer {...}", many: true, source: "a second peer stands behind the first" },
    { line: "set transform-set <transformset...>", remove: "no set transform-set" },
    { line: "set {pfs|isakmp-profile|ikev2-profile} <...>", remove: "no set $1" },
    { line: "set security-association lifetime {seconds|kilobytes} <int>" },
    { line: "{...}" },
  ],
};

/** The servers of a group stand beside each other. */
function serverGroup(kind: "tacacs" | "radius"): Rule[] {
  return [
    { line: `server name {${kind}}`, remove: "no server name $1" },
    { line: "server {ip} <...>", remove: "no server $1" },
    { line: "server-private {ip} <...>", remove: "no server-private $1" },
    { line: "ip {tacacs|radius} source-interface <if>", remove: "no ip $1 source-interface" },
    { line: "ip vrf forwarding <vrf>", remove: "no ip vrf forwarding" },
  ];
}

/** What a protocol takes over from another, process by process. */
function redistribution(): Rule[] {
  const words = {
    overwrite: "more",
    textUses: { "route-map": "routemap" },
    source:
      "Cisco IOS IP Routing command references: words add up, and `no` with words takes those alone away",
  } as const;
  return [
    { line: "redistribute {ospf|eigrp|bgp|isis} {word} <...>", remove: "no redistribute $1 $2", ...words },
    { line: "redistribute {connected|static|rip|ospf} <...>", remove: "no redistribute $1", ...words },
  ];
}

/** A class has one policer. Without its actions behind it the line opens a mode for them; with them it is a line. */
function policers(): Rule[] {
  const rates = [
    "cir {int}",
    "cir {int} bc {int}",
    "cir {int} bc {int} be {int}",
    "cir {int} pir {int}",
    "cir {int} bc {int} pir {int} be {int}",
    "cir percent {int}",
    "rate {int} {pps|bps}",
    "{int}",
    "{int} {int}",
    "{int} {int} {int}",
  ];
  const source = "Cisco IOS Quality of Service Solutions Command Reference, police";
  return [
    ...rates.map((rate) => ({ line: `police ${rate}`, block: "police", exclusive: "local:police", source })),
    { line: "police {...}", block: "police", life: "optional", exclusive: "local:police", source },
  ];
}

function bgpNeighbors(): Rule[] {
  return [
    {
      line: "neighbor {bgpneighbor} remote-as <word>",
      defines: ["bgpneighbor"],
      remove: "no neighbor $1",
      owns: "neighbor $1 ",
      source: "IOS: removing remote-as removes the neighbour",
    },
    {
      line: "neighbor {bgpneighbor} peer-group",
      defines: ["bgpneighbor"],
      remove: "no neighbor $1 peer-group",
      owns: "neighbor $1 ",
    },
    {
      line: "neighbor {bgpneighbor} peer-group <bgpneighbor>",
      defines: ["bgpneighbor=$1"],
      remove: "no neighbor $1",
      owns: "neighbor $1 ",
      source: "IOS: a neighbour exists once it has an AS or a peer group",
    },
    {
      line: "neighbor {bgpneighbor} route-map <routemap> {in|out}",
      remove: "no neighbor $1 route-map $2 $3",
      guards: "neighbor $1",
    },
    {
      line: "neighbor {bgpneighbor} prefix-list <prefixlist> {in|out}",
      remove: "no neighbor $1 prefix-list $2 $3",
      guards: "neighbor $1",
    },
    {
      line: "neighbor {bgpneighbor} filter-list <aspath> {in|out}",
      remove: "no neighbor $1 filter-list $2 $3",
      guards: "neighbor $1",
    },
    { line: "neighbor {bgpneighbor} password <...>", remove: "no neighbor $1 password" },
    { line: "neighbor {bgpneighbor} description <text>", remove: "no neighbor $1 description" },
    { line: "neighbor {bgpneighbor} update-source <if>", remove: "no neighbor $1 update-source" },
    {
      line: "neighbor {bgpneighbor} activate",
      opens: "neighbor $1",
      source: "routes are exchanged from here on",
    },
    { line: "neighbor {bgpneighbor} distribute-list <acl> {in|out}" },
    { line: "neighbor {bgpneighbor} inherit {word} <...>", remove: "no neighbor $1 inherit $2" },
    { line: "neighbor {bgpneighbor} {word} <...>", remove: "no neighbor $1 $2" },
  ];
}
