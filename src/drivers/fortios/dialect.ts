import type { Dialect, Rule } from "../../planner/config/dialect.ts";
import { SECTION_RULES } from "./dialect-sections.ts";

const CLI = "FortiOS CLI reference";

/** What any section and entry takes, where no rule knows more. */
const ANYWHERE: readonly Rule[] = [
  { line: "config {...}", block: "section", life: "implicit" },
  { line: "edit {text}", block: "entry" },
  { line: "set {word} <...>" },
];

/** Fortinet FortiOS 6 and 7, as data. */
export const FORTIOS_DIALECT: Dialect = {
  platform: "fortios",
  title: "Fortinet FortiOS",
  layout: "sections",
  comments: ["#"],
  noise: [
    { pattern: /^#config-version=/, source: "release, mode and user that wrote the file" },
    { pattern: /^#(?:conf_file_ver|buildno|global_vdom)=/, source: "counters of the file" },
    {
      pattern: /^\s*set (?:uuid|global-label-uuid) [0-9a-f-]{36}$/,
      source: "the device gives every object a number",
    },
    { pattern: /^\s*set snmp-index \d+$/, source: "the device numbers its interfaces" },
    { pattern: /^\s*set last-login [\d :-]+$/, source: "the time of a login" },
    {
      pattern: /^[\w.-]+ (?:\([\w .-]+\) )?[#$] ?(?:show|get|end|exit|config-transaction).*$/,
      source: "the echo of the command",
    },
    { pattern: /^[\w.-]+ [#$]$/, source: "a prompt" },
  ],
  closers: ["next", "end"],
  raw: [],
  negation: "unset",
  leave: "end",
  removal: "identity",
  types: {
    word: /^\S+$/,
    int: /^\d+$/,
    value: /^(?:\S+|".*")$/s,
  },
  namespaces: {
    if: {
      builtin:
        /^(?:any|port\d+|wan\d*|lan\d*|internal\d*|dmz\d*|mgmt\d*|ha\d*|x\d+|a|b|ssl\.root|npu\d.*|fortilink|modem|virtual-wan-link|naf\.root|l2t\.root)$/,
      source: "interfaces and zones share their names; physical ports exist by themselves",
    },
    address: {
      builtin:
        /^(?:all|none|gmail\.com|login\..*|FIREWALL_AUTH_PORTAL_ADDRESS|FABRIC_DEVICE|SSLVPN_TUNNEL_ADDR1)$/,
      source: "addresses, groups and virtual IPs share their names",
    },
    service: {
      builtin: /^(?!tcp-|udp-)[A-Z][A-Z0-9_./+-]*$|^(?:webproxy|gre|Email Access|Web Access)$/,
      source: "services that FortiOS brings are in capitals",
    },
    schedule: { builtin: /^(?:always|none|default-darrp-optimize)$/, source: CLI },
    ippool: { source: CLI },
    user: { builtin: /^(?:guest)$/, source: CLI },
    usergroup: { builtin: /^(?:Guest-group|SSO_Guest_Users)$/, source: CLI },
    profile: { builtin: /^(?:super_admin|prof_admin|super_admin_readonly)$/, source: CLI },
    phase1: { source: CLI },
    policyname: { source: "two policies never share a name" },
    utm: {
      builtin:
        /^(?:default|g-.*|certificate-inspection|deep-inspection|no-inspection|custom-deep-inspection|block-high-risk|sniffer-profile|wifi-default|all_default.*|high_security|protect_.*|monitor-all)$/,
      source: "profiles that FortiOS brings",
    },
  },
  interfaceNames: {
    short: [],
    physical: /^(?:(?:port|wan|lan|internal|dmz|mgmt|ha)\d*|(?:x|s|vw)\d+|a|b)$/i,
    virtual: /^set (?:vlanid|interface|type (?!physical$|hard-switch$)) ?/,
    given: /^set (?:type (?:physical|hard-switch)|vdom root)$/,
    source:
      "https://help.fortinet.com/fgt/handbook/cli52_html/FortiOS%205.2%20CLI/config_system.23.035.html: `edit` with a name that is not a physical interface's makes one; an untouched port shows its `type physical` and VDOM (https://github.com/fortinetdev/terraform-provider-fortios/issues/364: its lines go by `unset`)",
  },
  liveFilters: {
    reader: "fortios",
    sections:
      /^config (?:firewall (?:policy6?|address6?|addrgrp6?|service \S+|vip6?|vipgrp6?|internet-service\S*|wildcard-fqdn \S+|multicast-address6?)|system (?:zone|sdwan|virtual-wan-link|settings)|vdom|global)$/,
    source: "FortiOS CLI guide: an object is stored and used at `next` or `end`",
  },
  contexts: { ...SECTION_RULES, "*": ANYWHERE },
  sequences: {},
  ordered: {
    "policy-table": { head: "edit ", source: "policies are looked up in the order that they stand (move)" },
    "ordered-table": {
      head: "edit ",
      source: "local-in, shaping and routing policies are looked up in their order",
    },
  },
  equalities: [
    {
      kind: "hook",
      contexts: ["address", "interface", "route", "secondary", "admin", "entry", "dhcp-server"],
      hook: "slash-mask",
      source: "an address with a length may be typed; FortiOS prints the mask",
    },
  ],
  secrets: [
    {
      pattern: /(?<= )ENC "?([^\s"]+)"?/,
      canonical: "ENC <secret>",
      resalted: true,
      source: "FortiOS encrypts a secret anew each time that it shows it",
    },
    {
      pattern:
        /(?<=\bset (?:password|passwd|psksecret|psksecret-remote|auth-pwd|priv-pwd|key|secret|secondary-secret|tertiary-secret|secondary-key|passphrase|wpa-passphrase|ppk-secret|ddns-password|group-password|sae-password|ldap-password) )(?!ENC )"?(<secret>|\$\{secret:[^}]+\}|[^\s"]+)"?/,
      canonical: "ENC <secret>",
      resalted: true,
      source: "the same secrets, as they are typed",
    },
  ],
  signs: [
    /^#config-version=/m,
    /^config (?:system|firewall|router|vpn|user|log) /m,
    /^ {4}edit /m,
    /^ {4}next$/m,
  ],
};
