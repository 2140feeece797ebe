import type { Dialect, Equality, SequenceSyntax } from "../../planner/config/dialect.ts";
import { BLOCK_RULES, ROOT_RULES } from "./dialect-root.ts";

const EOS = "Arista EOS User Manual";

const PORTS: Readonly<Record<string, string>> = {
  bgp: "179",
  bfd: "3784",
  bootpc: "68",
  bootps: "67",
  domain: "53",
  ftp: "21",
  "ftp-data": "20",
  https: "443",
  ldap: "389",
  msdp: "639",
  ntp: "123",
  pop3: "110",
  rip: "520",
  smtp: "25",
  snmp: "161",
  snmptrap: "162",
  ssh: "22",
  sunrpc: "111",
  syslog: "514",
  tacacs: "49",
  telnet: "23",
  tftp: "69",
  time: "37",
  www: "80",
};

const EQUALITIES: readonly Equality[] = [
  {
    kind: "hook",
    contexts: ["ospf", "interface"],
    hook: "area-form",
    source: "an OSPF area is a number or an address",
  },
  {
    kind: "words",
    contexts: ["acl"],
    after: ["eq", "neq", "gt", "lt", "range"],
    map: PORTS,
    source: `${EOS}, ACLs: names of ports`,
  },
  {
    kind: "words",
    contexts: ["acl"],
    after: ["permit", "deny"],
    map: { "1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "89": "ospf" },
    source: `${EOS}, ACLs: names of protocols`,
  },
  {
    kind: "hook",
    contexts: ["acl", "acl-standard"],
    hook: "prefix-form",
    source: `${EOS}, ACLs: host A, A/32 and A with a wildcard of zeros are one`,
  },
];

function numbered(): SequenceSyntax {
  return {
    entries: ["permit", "deny", "remark"],
    step: 10,
    add: "$seq $entry",
    remove: "no $seq",
    resequence: ["resequence $step $step"],
    resequenceIn: "block",
    emptyMeans: "permit",
    source: `${EOS}, ACLs: resequence`,
  };
}

function prefixEntries(): SequenceSyntax {
  return {
    word: "seq",
    entries: ["permit", "deny"],
    step: 10,
    add: "seq $seq $entry",
    remove: "no seq $seq",
    routes: "slash",
    resequence: ["resequence $step $step"],
    resequenceIn: "block",
    emptyMeans: "permit",
    source: `${EOS}, ip prefix-list: seq and resequence`,
  };
}

/** Arista EOS, as data. */
export const EOS_DIALECT: Dialect = {
  platform: "eos",
  title: "Arista EOS",
  layout: "indent",
  comments: ["!"],
  noise: [
    { pattern: /^! (?:Command|device|boot system|Time): /, source: "show running-config prints them" },
    { pattern: /^! Startup-config last modified/, source: "a time stamp" },
    { pattern: /^[A-Za-z][\w.-]{0,62}[#>] ?(?:sh\w*|more) \S.*$/, source: "the echo of the command" },
    { pattern: /^[A-Za-z][\w.-]{0,62}#$/, source: "a prompt" },
  ],
  closers: ["end", "exit", "EOF"],
  raw: [{ start: /^banner (?:login|motd)$/, end: /^EOF$/, source: "banner TYPE, text, EOF" }],
  negation: "no",
  leave: "exit",
  removal: "line",
  types: {
    word: /^\S+$/,
    int: /^\d+$/,
    vlan: /^\d{1,4}$/,
    vlanlist: /^\d+(?:[-,]\d+)*$/,
    if: /^[A-Za-z][A-Za-z-]*\d[\d/.]*$/,
    ip: /^\d{1,3}(?:\.\d{1,3}){3}$/,
    prefix: /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/,
    bgpneighbor: /^[\da-fA-F]*[.:][\da-fA-F.:]+$/,
    bgpgroup: /^(?![\da-fA-F]*[.:])\S+$/,
  },
  namespaces: {
    vlan: { builtin: /^1$/, source: "VLAN 1 always exists" },
    acl: { content: true, builtin: /^default-control-plane-acl$/, source: EOS },
    acl6: { content: true, source: EOS },
    if: {
      builtin: /^(?!Vlan|Loopback|Port-Channel|Tunnel|Vxlan|.*\.)/,
      source: "physical ports exist by themselves",
    },
    vrf: { builtin: /^default$/, source: "the default VRF always exists" },
    prefixlist: { content: true, source: EOS },
    prefixlist6: { content: true, source: EOS },
    routemap: { content: true, source: EOS },
    classmap: { builtin: /^class-default$/, source: EOS },
    policymap: { content: true, source: EOS },
    aaagroup: { builtin: /^(?:radius|tacacs\+|ldap)$/, source: "built-in groups" },
    snmpview: { source: EOS },
    snmpgroup: { source: EOS },
    bgpneighbor: { source: "a neighbor exists once it has an AS or a peer group" },
    bgpgroup: { source: "a peer group exists once it is declared" },
  },
  interfaceNames: {
    short: [
      ["et", "Ethernet"],
      ["ma", "Management"],
      ["po", "Port-Channel"],
      ["vl", "Vlan"],
      ["lo", "Loopback"],
      ["tu", "Tunnel"],
      ["vx", "Vxlan"],
    ],
    physical: /^(?:Ethernet|Management)[\d/]+$/,
    source: "EOS accepts an unambiguous beginning and prints the full name",
  },
  resetCommand: "default interface $1",
  contexts: { root: ROOT_RULES, ...BLOCK_RULES },
  sequences: { acl: numbered(), "acl-standard": numbered(), "prefix-list": prefixEntries() },
  equalities: EQUALITIES,
  secrets: [
    {
      pattern: /\bsecret (?:(?:sha512|[05]) )?(\S+)$/,
      canonical: "secret <secret>",
      resalted: false,
      source: "username",
    },
    {
      pattern: /\b(?:key|password) (?:(?:[078]|8a|sha512) )?(\S+)$/,
      canonical: "key <secret>",
      resalted: false,
      source: "tacacs, bgp",
    },
    {
      pattern: /(?<=\bauthentication-key \d+ \S+ )(?:7 )?(\S+)$/,
      canonical: "<secret>",
      resalted: false,
      source: "ntp",
    },
    {
      pattern: /\bsnmp-server community (\S+)/,
      canonical: "snmp-server community <secret>",
      resalted: false,
      source: "snmp",
    },
    { pattern: /\bauth \S+ (\S+)/, canonical: "auth <secret>", resalted: false, source: "snmp v3" },
    {
      pattern: /\bpriv (?:aes\S*|des) (\S+)/,
      canonical: "priv <secret>",
      resalted: false,
      source: "snmp v3",
    },
  ],
  signs: [
    /^! device: \S+ \(/m,
    /^interface Ethernet\d/m,
    /^transceiver qsfp/m,
    /^management api /m,
    /^ {3}\S/m,
  ],
  access: {
    terminal: /^management ssh$/,
    terminalFilter: /^ip access-group (\S+) (?:vrf \S+ )?in$/,
    transport: /^(shutdown)$/,
    secureTransport: /^never$/,
    services: [],
    user: { line: /^username \S+/ },
    interface: /^interface /,
    address: /^ip address (\S+)\/(\d+)/,
    down: /^shutdown$/,
    filterIn: /^ip access-group (\S+) in$/,
    route: /^ip route (?:vrf \S+ )?(\S+)\/(\d+) (\d\S+)/,
    source: EOS,
  },
  filters: {
    entries: "cisco",
    lists: [
      { header: /^ip access-list standard /, family: 4, basic: true },
      { header: /^ip access-list /, family: 4 },
      { header: /^ipv6 access-list standard /, family: 6, basic: true },
      { header: /^ipv6 access-list /, family: 6 },
    ],
    source: EOS,
  },
  filterBindings: [
    {
      block: /^(?:interface |management ssh$)/,
      line: /^ipv6 access-group (?<name>\S+) (?<direction>in|out)$/,
      namespace: "acl6",
      family: 6,
      otherwise: "deny",
      source: EOS,
    },
    {
      block: /^interface /,
      line: /^ip access-group (?<name>\S+) (?<direction>in|out)$/,
      namespace: "acl",
      otherwise: "deny",
      source: EOS,
    },
    {
      block: /^management ssh$/,
      line: /^ip access-group (?<name>\S+) (?<direction>in)$/,
      namespace: "acl",
      otherwise: "deny",
      source: EOS,
    },
  ],
};
