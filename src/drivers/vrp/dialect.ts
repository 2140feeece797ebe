import type { Dialect } from "../../planner/config/dialect.ts";
import { BLOCK_RULES, VRP_EQUALITIES, VRP_SEQUENCES } from "./dialect-blocks.ts";
import { INTERFACE_RULES } from "./dialect-interface.ts";
import { PREFIX_LISTS } from "./dialect-prefix.ts";
import { ROOT_RULES } from "./dialect-root.ts";

const VRP_REFERENCE = "Huawei S-series command references (V200R and V600)";

/** Huawei VRP5 and VRP8, as data. */
export const VRP_DIALECT: Dialect = {
  platform: "vrp",
  title: "Huawei VRP",
  layout: "indent",
  comments: ["#", "!"],
  noise: [
    {
      pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d)?(?: DST)?$/,
      source: "the time stands above the reply",
    },
    {
      pattern: /^!(?:Software Version|Last configuration was (?:updated|saved) at) .*$/,
      source: "version and time stamps",
    },
    {
      pattern: /^snmp-agent local-engineid \S+$/,
      source: "made up from the MAC address by the device itself",
    },
    { pattern: /^[<[][~*]?[\w.-]+[>\]] ?(?:dis\w*|more) \S.*$/, source: "the echo of the command" },
    { pattern: /^<[\w.-]+>$/, source: "a prompt" },
  ],
  closers: ["return", "quit"],
  raw: [
    {
      start: /^header (?:login|shell) information (")/,
      end: "delimiter",
      source: 'header TYPE information "TEXT"',
    },
  ],
  negation: "undo",
  leave: "quit",
  removal: "identity",
  types: {
    word: /^\S+$/,
    int: /^\d+$/,
    vlan: /^\d{1,4}$/,
    if: /^(?:\d+GE|[A-Za-z][A-Za-z-]*)\d[\d/.:]*$/,
    ip: /^\d{1,3}(?:\.\d{1,3}){3}$/,
    mask: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  },
  namespaces: {
    vlan: { builtin: /^1$/, source: "VLAN 1 always exists" },
    acl: { content: true, builtin: /^(?:name|ipv6)$/, source: VRP_REFERENCE },
    acl6: { content: true, source: VRP_REFERENCE },
    if: {
      builtin: /^(?!Vlanif|LoopBack|Eth-Trunk|Tunnel|.*\.)/i,
      source: "physical ports exist by themselves",
    },
    vrf: { source: VRP_REFERENCE },
    ippool: { source: VRP_REFERENCE },
    ipprefix: { content: true, source: VRP_REFERENCE },
    ipprefix6: { content: true, source: VRP_REFERENCE },
    routepolicy: { content: true, source: VRP_REFERENCE },
    classifier: { content: true, source: VRP_REFERENCE },
    behavior: { content: true, source: VRP_REFERENCE },
    tpolicy: { content: true, source: VRP_REFERENCE },
    zone: { builtin: /^(?:local|trust|untrust|dmz)$/, source: "zones that every firewall has" },
    bgppeer: { source: VRP_REFERENCE },
    authscheme: { builtin: /^(?:default|radius)$/, source: "schemes that exist by themselves" },
    autzscheme: { builtin: /^default$/, source: "schemes that exist by themselves" },
    acctscheme: { builtin: /^default$/, source: "schemes that exist by themselves" },
    radius: { builtin: /^default$/, source: VRP_REFERENCE },
    hwtacacs: { source: VRP_REFERENCE },
    snmpgroup: { source: VRP_REFERENCE },
  },
  interfaceNames: {
    short: [
      ["gi", "GigabitEthernet"],
      ["ge", "GE"],
      ["xg", "XGigabitEthernet"],
      ["vlanif", "Vlanif"],
      ["eth-", "Eth-Trunk"],
      ["lo", "LoopBack"],
      ["me", "MEth"],
      ["tu", "Tunnel"],
      ["nu", "NULL"],
      ["et", "Ethernet"],
    ],
    physical: /^(?:X?GigabitEthernet|Ethernet|GE|MEth|\d+GE|MultiGE)[\d/]+$|^NULL0$/,
    // A port goes line by line: `clear configuration interface` asks back and shuts the port down.
    source: "VRP accepts an unambiguous beginning of an interface type in any case and prints the full name",
  },
  contexts: { root: ROOT_RULES, interface: INTERFACE_RULES, ...BLOCK_RULES },
  sequences: { ...VRP_SEQUENCES, ...PREFIX_LISTS.sequences },
  equalities: VRP_EQUALITIES,
  secrets: [
    {
      pattern: /\bpassword (?:irreversible-cipher|cipher|simple) (\S+)/,
      canonical: "password <secret>",
      resalted: false,
      source: "local-user, super, user-interface",
    },
    {
      pattern: /\b(?:authentication-mode|privacy-mode) (?:\S+ )(?:cipher |simple )?(?=[^<\s]*[%$@{<])(\S+)/,
      canonical: "mode <secret>",
      resalted: true,
      source: "snmp-agent usm-user",
    },
    {
      pattern: /\b(?:cipher|irreversible-cipher|simple) (\S+)/,
      canonical: "cipher <secret>",
      resalted: true,
      source: "reversible ciphers are shown anew",
    },
    {
      pattern: /(%\^%#\S+%\^%#)/,
      canonical: "<secret>",
      resalted: true,
      source: "reversible ciphers are shown anew",
    },
  ],
  signs: [
    /^sysname /m,
    /^interface (?:Vlanif|MEth|Eth-Trunk)/m,
    /^vlan batch /m,
    /^ port default vlan /m,
    /^user-interface /m,
  ],
  access: {
    terminal: /^user-interface vty /,
    terminalFilter: /^acl (\S+) inbound$/,
    serverFilter: /^ssh server acl (\S+)$/,
    transport: /^protocol inbound (.*)$/,
    secureTransport: /\b(?:ssh|all)\b/,
    services: [/^stelnet (?:ipv4 |ipv6 )?server enable$/],
    user: { block: "aaa", line: /^local-user \S+ password / },
    service: /^local-user \S+ service-type (?:.* )?ssh(?: |$)/,
    interface: /^interface /,
    address: /^ip address (\S+) (\S+)/,
    down: /^shutdown$/,
    filterIn: /^traffic-filter (?:inbound acl (?:name )?(\S+)|acl (\S+) inbound)$/,
    route: /^ip route-static (?:vpn-instance \S+ )?(\S+) (\S+) (?:[A-Za-z]\S+ )?(\d\S+)/,
    moves: true,
    source: VRP_REFERENCE,
  },
  filters: {
    entries: "huawei",
    lists: [
      { header: /^acl ipv6 (?:.* )?(?:basic|2\d{3})(?: |$)/, family: 6, basic: true },
      { header: /^acl ipv6 /, family: 6 },
      { header: /^acl (?:.* )?(?:basic|2\d{3})(?: |$)/, family: 4, basic: true },
      { header: /^acl /, family: 4 },
    ],
    source: VRP_REFERENCE,
  },
  filterBindings: [
    {
      block: /^interface /,
      line: /^traffic-filter (?<direction>inbound|outbound) acl ipv6 (?:name )?(?<name>\S+)$/,
      namespace: "acl6",
      family: 6,
      otherwise: "permit",
      source: "Huawei S-series: what no rule names is forwarded",
    },
    {
      block: /^user-interface /,
      line: /^acl ipv6 (?<name>\S+) (?<direction>inbound|outbound)$/,
      namespace: "acl6",
      family: 6,
      otherwise: "deny",
      source: "Huawei S-series: a login from an address that no rule permits is refused",
    },
    {
      block: /^interface /,
      line: /^traffic-filter (?<direction>inbound|outbound) acl (?:name )?(?<name>\S+)$/,
      namespace: "acl",
      otherwise: "permit",
      source: "Huawei S-series: what no rule names is forwarded",
    },
    {
      block: /^interface /,
      line: /^traffic-filter acl (?<name>\S+) (?<direction>inbound|outbound)$/,
      namespace: "acl",
      otherwise: "permit",
      source: "VRP8 spelling",
    },
    {
      block: /^user-interface /,
      line: /^acl (?<name>\S+) (?<direction>inbound|outbound)$/,
      namespace: "acl",
      otherwise: "deny",
      source: "Huawei S-series: a login from an address that no rule permits is refused",
    },
  ],
};
