import type { Equality, Rule, SequenceSyntax } from "../../planner/config/dialect.ts";

/** Lines of blocks other than interfaces. */
export const BLOCK_RULES: Readonly<Record<string, readonly Rule[]>> = {
  acl: [{ line: "step <int>", absent: ["step 5"] }, { line: "description <text>" }],
  vlan: [
    { line: "description <text>" },
    { line: "name <text>" },
    { line: "dhcp snooping enable", needs: ["feature=dhcpsnooping"] },
    { line: "dhcp snooping {...}", needs: ["feature=dhcpsnooping"] },
    { line: "arp anti-attack check user-bind enable" },
    { line: "ip source check user-bind enable" },
    { line: "traffic-policy <tpolicy> {inbound|outbound}", remove: "undo traffic-policy $2", overwrite: false },
    { line: "igmp-snooping {...}" },
    { line: "multicast-vlan {...}" },
    { line: "mac-address {...}" },
  ],
  "user-interface": [
    { line: "acl <acl> {inbound|outbound}", remove: "undo acl $2" },
    { line: "acl ipv6 <acl6> {inbound|outbound}", remove: "undo acl ipv6 $2" },
    { line: "authentication-mode <...>", remove: "undo authentication-mode" },
    { line: "protocol inbound <word>" },
    { line: "user privilege level <int>" },
    { line: "idle-timeout <int> <...>", remove: "undo idle-timeout", absent: ["idle-timeout 10 0", "idle-timeout 10"] },
    { line: "set authentication password <...>", remove: "undo set authentication password" },
    { line: "screen-length <int> <...>", remove: "undo screen-length" },
    { line: "history-command max-size <int>" },
    { line: "shell", absent: ["shell"] },
  ],
  aaa: [
    { line: "local-user {word} password <...>", defines: ["local:user=$1"], owns: "local-user $1 ", remove: "undo local-user $1", source: "a user goes with all its lines" },
    { line: "local-user {word} privilege level <int>", needs: ["local:user=$1"] },
    { line: "local-user {word} level <int>", needs: ["local:user=$1"] },
    { line: "local-user {word} service-type <...>", needs: ["local:user=$1"] },
    { line: "local-user {word} {idle-timeout|state|access-limit|ftp-directory|user-group|expire-date} <...>", needs: ["local:user=$1"], remove: "undo local-user $1 $2" },
    { line: "undo local-user policy {...}" },
    { line: "local-user policy {...}" },
    { line: "local-aaa-user password policy {...}", block: "policy" },
    { line: "authentication-scheme {authscheme}", block: "scheme", defines: ["authscheme"] },
    { line: "authorization-scheme {autzscheme}", block: "scheme", defines: ["autzscheme"] },
    { line: "accounting-scheme {acctscheme}", block: "scheme", defines: ["acctscheme"] },
    { line: "recording-scheme {word}", block: "scheme" },
    { line: "domain {word}", block: "domain" },
    { line: "aaa-author {...}" },
  ],
  scheme: [{ line: "{authentication-mode|authorization-mode|accounting-mode|recording-mode} <...>", remove: "undo $1" }],
  domain: [
    { line: "authentication-scheme <authscheme>" },
    { line: "authorization-scheme <autzscheme>" },
    { line: "accounting-scheme <acctscheme>" },
    { line: "radius-server <radius>" },
    { line: "hwtacacs-server <hwtacacs>" },
    { line: "service-scheme <word>" },
  ],
  "ip-pool": [
    { line: "network <ip> mask <mask>", remove: "undo network" },
    { line: "gateway-list {ip}" },
    { line: "dns-list {...}" },
    { line: "excluded-ip-address {ip} <...>", remove: "undo excluded-ip-address $1" },
    { line: "lease <...>", remove: "undo lease", absent: ["lease day 1 hour 0 minute 0"] },
    { line: "domain-name <word>" },
    { line: "static-bind ip-address {ip} <...>", remove: "undo static-bind ip-address $1" },
    { line: "option {int} <...>", remove: "undo option $1" },
    { line: "vpn-instance <vrf>" },
  ],
  bgp: [
    ...bgpPeers(),
    { line: "router-id <ip>" },
    { line: "network {ip} <...>", textUses: { "route-policy": "routepolicy" }, remove: "undo network $1 $2" },
    { line: "import-route {direct|static|ospf|isis|rip} <...>", textUses: { "route-policy": "routepolicy" }, remove: "undo import-route $1" },
    { line: "undo synchronization" },
    { line: "undo default ipv4-unicast" },
    { line: "timer {...}" },
    { line: "{ipv4-family|ipv6-family} {...}", block: "bgp" },
  ],
  ospf: [
    { line: "area {word}", block: "ospf-area" },
    { line: "router-id <ip>" },
    { line: "import-route {direct|static|bgp|isis|rip} <...>", textUses: { "route-policy": "routepolicy" }, remove: "undo import-route $1" },
    { line: "default-route-advertise <...>", remove: "undo default-route-advertise" },
    { line: "silent-interface {if}" },
    { line: "silent-interface all" },
    { line: "bandwidth-reference <int>" },
    { line: "{...}" },
  ],
  "ospf-area": [{ line: "network {ip} {ip} <...>", remove: "undo network $1 $2" }, { line: "{...}" }],
  "route-policy": [
    { line: "if-match acl <acl>" },
    { line: "if-match ip-prefix <ipprefix>" },
    { line: "if-match {...}" },
    { line: "apply {local-preference|cost|preferred-value|tag|origin|cost-type} <...>", remove: "undo apply $1" },
    { line: "apply {...}" },
    { line: "description <text>" },
  ],
  "traffic-classifier": [{ line: "if-match acl {acl}", remove: "undo if-match acl $1" }, { line: "if-match {...}" }],
  "traffic-behavior": [{ line: "{permit|deny}" }, { line: "{...}" }],
  "traffic-policy": [{ line: "classifier {classifier} behavior <behavior> <...>", remove: "undo classifier $1" }],
  zone: [{ line: "set priority <int>" }, { line: "add interface {if}", remove: "undo add interface $1", exclusive: "zone of $1" }],
  vrf: [{ line: "{ipv4-family|ipv6-family}", block: "vrf-family" }, { line: "description <text>" }],
  "vrf-family": [{ line: "route-distinguisher <word>" }, { line: "vpn-target {...}" }],
  "stp-region": [{ line: "{...}" }],
  "server-template": [{ line: "{...}" }],
};

function bgpPeers(): Rule[] {
  return [
    { line: "peer {bgppeer} as-number <word>", defines: ["bgppeer"], owns: "peer $1 ", remove: "undo peer $1", source: "undo peer takes all lines of the peer" },
    { line: "peer {bgppeer} route-policy <routepolicy> {import|export}", remove: "undo peer $1 route-policy $2 $3" },
    { line: "peer {bgppeer} ip-prefix <ipprefix> {import|export}", remove: "undo peer $1 ip-prefix $2 $3" },
    { line: "peer {bgppeer} description <text>" },
    { line: "peer {bgppeer} connect-interface <if> <...>", remove: "undo peer $1 connect-interface" },
    { line: "peer {bgppeer} password <...>", remove: "undo peer $1 password" },
    { line: "peer {bgppeer} {word} <...>", remove: "undo peer $1 $2" },
  ];
}

const PORTS: Readonly<Record<string, string>> = {
  bgp: "179", CHARgen: "19", chargen: "19", cmd: "514", daytime: "13", discard: "9", domain: "53", dns: "53", echo: "7",
  exec: "512", finger: "79", ftp: "21", "ftp-data": "20", gopher: "70", hostname: "101", irc: "194", klogin: "543",
  kshell: "544", login: "513", lpd: "515", nntp: "119", pop2: "109", pop3: "110", smtp: "25", sunrpc: "111",
  tacacs: "49", talk: "517", telnet: "23", time: "37", uucp: "540", whois: "43", www: "80", biff: "512",
  bootpc: "68", bootps: "67", dnsix: "90", "mobilip-ag": "434", "mobilip-mn": "435", nameserver: "42",
  "netbios-dgm": "138", "netbios-ns": "137", "netbios-ssn": "139", ntp: "123", rip: "520", snmp: "161",
  snmptrap: "162", syslog: "514", "tacacs-ds": "65", tftp: "69", who: "513", xdmcp: "177",
};

const RULE = "Huawei S-series command reference, rule (advanced ACL view)";

/** Spellings that mean the same. */
export const VRP_EQUALITIES: readonly Equality[] = [
  { kind: "words", contexts: ["acl"], after: ["eq", "neq", "gt", "lt", "range"], map: PORTS, source: RULE },
  { kind: "words", contexts: ["acl"], after: ["permit", "deny"], map: { "1": "icmp", "2": "igmp", "4": "ipinip", "6": "tcp", "17": "udp", "47": "gre", "89": "ospf" }, source: RULE },
  { kind: "sequence", contexts: ["acl"], from: ["<ip>", "0"], to: ["$1", "0.0.0.0"], source: "a wildcard of 0 is 0.0.0.0" },
  { kind: "sequence", contexts: ["acl"], from: ["source", "any"], to: [], source: "any source is the default" },
  { kind: "sequence", contexts: ["acl"], from: ["destination", "any"], to: [], source: "any destination is the default" },
  { kind: "sequence", contexts: ["acl"], from: ["source", "0.0.0.0", "255.255.255.255"], to: [], source: "any source is the default" },
  { kind: "sequence", contexts: ["acl"], from: ["destination", "0.0.0.0", "255.255.255.255"], to: [], source: "any destination is the default" },
  { kind: "hook", contexts: ["acl"], hook: "wildcard-base", source: RULE },
  { kind: "sequence", contexts: ["root"], from: ["acl", "number"], to: ["acl"], source: "the word number is optional" },
  { kind: "sequence", contexts: ["root"], from: ["acl", "ipv6", "number"], to: ["acl", "ipv6"], source: "the word number is optional" },
  { kind: "hook", contexts: ["root", "interface", "ip-pool"], hook: "mask-length", source: "VRP takes a mask or its length and prints the mask" },
  { kind: "sequence", contexts: ["root"], from: ["user-interface", "console"], to: ["user-interface", "con"], source: "con is short for console" },
];

/** Lists with numbered entries. */
export const VRP_SEQUENCES: Readonly<Record<string, SequenceSyntax>> = {
  acl: {
    word: "rule",
    entries: ["permit", "deny"],
    step: 5,
    add: "rule $seq $entry",
    remove: "undo rule $seq",
    resequence: ["step $step"],
    resequenceIn: "block",
    settle: ["undo step"],
    stepSlot: "step",
    note: "description",
    removeNote: "undo rule $seq description",
    emptyMeans: "permit",
    source: "Huawei S-series command reference, rule and step: a new step renumbers the rules",
  },
};
