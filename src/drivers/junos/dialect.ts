import type { Dialect, Equality, Rule } from "../../planner/config/dialect.ts";
import { FILTER_RULES } from "./dialect-filters.ts";
import { INTERFACE_RULES } from "./dialect-interfaces.ts";
import { ROUTING_RULES } from "./dialect-routing.ts";
import { SECURITY_RULES } from "./dialect-security.ts";
import { ROOT_RULES, SYSTEM_RULES } from "./dialect-system.ts";

const CLI = "Junos OS CLI user guide, configuration statements";
const MATCH = "Junos OS routing policies and firewall filters guide, match conditions";

/** Names that Junos takes in place of port numbers. */
const PORTS: Readonly<Record<string, string>> = {
  bgp: "179",
  bootpc: "68",
  bootps: "67",
  dhcp: "67",
  domain: "53",
  exec: "512",
  finger: "79",
  ftp: "21",
  "ftp-data": "20",
  http: "80",
  https: "443",
  ident: "113",
  imap: "143",
  kerberos: "88",
  ldap: "389",
  ldp: "646",
  login: "513",
  ntp: "123",
  pop3: "110",
  pptp: "1723",
  radius: "1812",
  radacct: "1813",
  rip: "520",
  smtp: "25",
  snmp: "161",
  snmptrap: "162",
  socks: "1080",
  ssh: "22",
  sunrpc: "111",
  syslog: "514",
  tacacs: "49",
  talk: "517",
  telnet: "23",
  tftp: "69",
  timed: "525",
  who: "513",
  xdmcp: "177",
};

const PROTOCOLS: Readonly<Record<string, string>> = {
  "1": "icmp",
  "2": "igmp",
  "6": "tcp",
  "17": "udp",
  "46": "rsvp",
  "47": "gre",
  "50": "esp",
  "51": "ah",
  "58": "icmp6",
  "89": "ospf",
  "103": "pim",
  "112": "vrrp",
};

const EQUALITIES: readonly Equality[] = [
  {
    kind: "words",
    contexts: ["from", "application"],
    after: ["destination-port", "source-port", "port"],
    map: PORTS,
    source: MATCH,
  },
  { kind: "words", contexts: ["from", "application"], after: ["protocol"], map: PROTOCOLS, source: MATCH },
  {
    kind: "hook",
    contexts: ["address-list", "prefix-list", "snmp-clients"],
    hook: "host-prefix",
    source: "an address without a length is a host; Junos prints its /32",
  },
];

/** The order of a list counts (`import [ A B ]`): `set` adds to its end, `delete` with a name takes that one out. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule) => (/<\w+\.\.\.>$/.test(rule.line) ? { ...rule, overwrite: "chain" } : rule));
}

const CONTEXTS = Object.fromEntries(
  Object.entries({
    root: ROOT_RULES,
    ...SYSTEM_RULES,
    ...INTERFACE_RULES,
    ...ROUTING_RULES,
    ...FILTER_RULES,
    ...SECURITY_RULES,
    "*": [{ line: "apply-groups <group...>" }, { line: "apply-groups-except <group...>" }],
  }).map(([name, rules]) => [name, inOrder(rules)]),
);

/** Juniper Junos (EX, QFX, MX, SRX), as data. */
export const JUNOS_DIALECT: Dialect = {
  platform: "junos",
  title: "Juniper Junos",
  layout: "braces",
  atomic: true,
  comments: ["#"],
  noise: [
    { pattern: /^## Last (?:commit|changed): /, source: "the time of the last commit" },
    { pattern: /^version \S+;$/, source: "the release that wrote the file" },
    { pattern: /^set version \S+$/, source: "the release that wrote the file" },
    {
      pattern: /^\{(?:master|backup|primary|secondary|linecard)(?::[\w-]+)?\}(?:\[edit.*\])?$/,
      source: "the role in front of the prompt",
    },
    { pattern: /^\[edit[^\]]*\]$/, source: "the level above the prompt" },
    { pattern: /^[\w.-]+@[\w.-]+[>#] ?(?:show|run show|exit|quit).*$/, source: "the echo of the command" },
    { pattern: /^[\w.-]+@[\w.-]+[>#]$/, source: "a prompt" },
  ],
  closers: [],
  raw: [],
  negation: "delete",
  leave: "up",
  removal: "identity",
  types: {
    word: /^\S+$/,
    name: /^(?:\S+|".*")$/s,
    int: /^\d+$/,
    vlanid: /^\d{1,4}(?:-\d{1,4})?$/,
    ifname: /^(?!interface-range$|apply-groups)\S+$/,
    prefix: /^[0-9a-fA-F.:]+(?:\/\d+)?$/,
    ip: /^[0-9a-fA-F.:]+$/,
    match: /^\S+$/,
  },
  namespaces: {
    vlan: { builtin: /^(?:default|all|\d[\d-]*)$/, loose: true, source: CLI },
    filter: { content: true, source: "a firewall filter takes effect where it is applied" },
    policer: { source: CLI },
    prefixlist: { source: CLI },
    policy: { content: true, source: "a policy takes effect through import and export" },
    community: { source: CLI },
    aspath: { source: CLI },
    zone: { builtin: /^(?:junos-host|junos-global|any)$/, source: "zones that every SRX has" },
    address: { builtin: /^any(?:-ipv[46])?$/, source: "addresses that every SRX has" },
    application: { builtin: /^(?:any|junos-.*)$/, source: "applications that Junos brings" },
    appset: { source: CLI },
    group: { builtin: /^(?:junos-.*|global|member\d+|re[01]|node\d)$/, source: CLI },
    class: {
      builtin: /^(?:super-user|superuser|operator|read-only|unauthorized)$/,
      source: "login classes that Junos brings",
    },
    screen: { source: CLI },
    natpool: { source: CLI },
    storm: { source: CLI },
    ike: { source: CLI },
    ipsec: { source: CLI },
    scheduler: { source: CLI },
    snmpview: { source: CLI },
  },
  interfaceNames: { short: [], physical: /^$/, source: "Junos does not abbreviate interface names" },
  contexts: CONTEXTS,
  sequences: {},
  ordered: {
    filter: { head: "term ", source: "terms are evaluated in the order that they stand (insert moves them)" },
    "policy-statement": { head: "term ", source: "terms are evaluated in the order that they stand" },
    "zone-pair": { head: "policy ", source: "security policies are looked up in the order that they stand" },
    "global-policy": {
      head: "policy ",
      source: "security policies are looked up in the order that they stand",
    },
    "nat-rule-set": { head: "rule ", source: "NAT rules are looked up in the order that they stand" },
  },
  equalities: EQUALITIES,
  secrets: [
    {
      pattern:
        /(?<=\b(?:encrypted-password|simple-password|secret|ascii-text|hexadecimal|privacy-password|authentication-password|privacy-key) )"?([^\s";]+)"?/,
      canonical: "<secret>",
      resalted: false,
      source: "hashes ($5$, $6$) and reversible texts ($8$, $9$); the device shows what it holds",
    },
    {
      pattern:
        /(?<=\b(?:authentication-key|key|value|password|plain-text-password-value) )"?(\$[0-9][A-Za-z]?\$[^\s";]+|\$\{secret:[^}]+\})"?/,
      canonical: "<secret>",
      resalted: false,
      source: "words that also stand before numbers: a secret only where it is one",
    },
    {
      pattern: /(?<=:\/\/[^\s:/@"]+:)([^\s@"]+)(?=@)/,
      canonical: "<secret>",
      resalted: false,
      source: "a password in the address of an archive site",
    },
    {
      pattern:
        /(?<=\bset snmp community |^\s+community )"?([^\s";{]+)"?(?= \{| authorization| view| clients| client-list|;|$)/,
      canonical: "<secret>",
      resalted: false,
      source: "an SNMP community is a password",
    },
  ],
  signs: [
    /^set (?:system|interfaces|protocols|vlans|security|policy-options|firewall|routing-options) /m,
    /^(?:system|interfaces|protocols|security|policy-options|routing-options|vlans|firewall) \{$/m,
    /^## Last (?:commit|changed): /m,
  ],
};
