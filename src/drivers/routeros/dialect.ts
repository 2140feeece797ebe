import type { Dialect, MenuSyntax } from "../../planner/config/dialect.ts";
import { MENU_RULES } from "./dialect-menus.ts";

const MANUAL = "RouterOS manual";

function keys(source: string, ...groups: readonly (readonly string[])[]): MenuSyntax {
  return { keys: groups, source };
}

const NAMED = keys("names are unique in their menu", ["name"]);
const COMMENTED = keys("a comment that no other entry has", ["comment"]);

/** MikroTik RouterOS 6 and 7, as data. */
export const ROUTEROS_DIALECT: Dialect = {
  platform: "routeros",
  title: "MikroTik RouterOS",
  layout: "menus",
  comments: ["#"],
  noise: [
    {
      pattern: /^# [a-z]{3}\/\d\d\/\d{4} [\d:]+ by RouterOS /,
      source: "time and release of the export (6.x)",
    },
    { pattern: /^# \d{4}-\d\d-\d\d [\d:]+ by RouterOS /, source: "time and release of the export (7.x)" },
    { pattern: /^# (?:software id|model|serial number) ?=/, source: "what the device is" },
    { pattern: /^#$/, source: "the frame of the head" },
    {
      pattern: /^\[[\w.-]+@[^\]]+\] ?(?:\/[\w/ -]+)?> ?(?:\/?export|\/?quit|:).*$/,
      source: "the echo of the command",
    },
    { pattern: /^\[[\w.-]+@[^\]]+\] ?>$/, source: "a prompt" },
  ],
  closers: [],
  raw: [],
  negation: "!",
  leave: "/",
  removal: "identity",
  types: {
    word: /^\S+$/,
    value: /^.*$/s,
    set: /^.*$/s,
  },
  namespaces: {
    if: {
      builtin:
        /^(?:all|none|dynamic|static|ether\d+(?:-.*)?|sfp.*|qsfp.*|combo\d+|wlan\d+|wifi\d+|lte\d+|lo)$/,
      source: "ports exist by themselves",
    },
    iflist: { builtin: /^(?:all|none|dynamic|static)$/, source: MANUAL },
    addrlist: { loose: true, source: "a list exists by its entries" },
    pool: { builtin: /^(?:none|static-only)$/, source: MANUAL },
    table: { builtin: /^main$/, source: MANUAL },
    usergroup: { builtin: /^(?:full|read|write)$/, source: "groups that RouterOS brings" },
    logaction: { builtin: /^(?:memory|disk|echo|remote)$/, source: "actions that RouterOS brings" },
    pppprofile: { builtin: /^default(?:-encryption)?$/, source: MANUAL },
    bgptemplate: { builtin: /^default$/, source: MANUAL },
    ospfinstance: { builtin: /^default.*$/, source: MANUAL },
    ospfarea: { builtin: /^backbone.*$/, source: MANUAL },
    ipsec: { builtin: /^default$/, source: MANUAL },
  },
  interfaceNames: { short: [], physical: /^$/, source: "RouterOS does not abbreviate names in exports" },
  liveFilters: {
    reader: "routeros",
    sections: /^\/(?:ip(?:v6)? firewall (?:filter|address-list)|interface list member)$/,
    source: `${MANUAL}: every command takes effect at once`,
  },
  contexts: MENU_RULES,
  sequences: {},
  ordered: {
    "firewall-list": {
      head: "",
      group: "chain=",
      source: "rules of a chain are looked up in the order that they stand",
    },
    "queue-simple": { head: "", source: "simple queues are looked up in the order that they stand" },
    "ordered-list": { head: "", source: "routing rules are looked up in the order that they stand" },
    "filter-rule": { head: "", group: "chain=", source: "routing filter rules of a chain stand in order" },
  },
  menus: {
    named: NAMED,
    interface: NAMED,
    "interface-list": NAMED,
    pool: NAMED,
    table: NAMED,
    usergroup: NAMED,
    user: NAMED,
    logaction: NAMED,
    pppprofile: NAMED,
    bgptemplate: NAMED,
    ospfinstance: NAMED,
    ospfarea: NAMED,
    "ipsec-part": NAMED,
    "queue-simple": keys("names are unique in their menu", ["name"]),
    "list-member": keys("an interface is once in a list", ["interface", "list"]),
    "bridge-port": keys("a port is in one bridge", ["interface"]),
    "bridge-vlan": keys("VLANs of a bridge", ["bridge", "vlan-ids"]),
    address: { ...keys("an address stands once", ["address"]), network: "network" },
    "dhcp-network": keys("a network stands once", ["address"]),
    "dhcp-lease": keys("a lease is of one MAC address", ["mac-address"], ["address"]),
    "address-list": keys("an address is once in a list", ["address", "list"]),
    "firewall-list": COMMENTED,
    "ordered-list": COMMENTED,
    "filter-rule": COMMENTED,
    route: keys(
      "a destination by its gateway",
      ["dst-address", "gateway", "routing-table"],
      ["dst-address", "gateway"],
    ),
    dns: keys("a name stands once", ["name", "type"], ["name"]),
    logging: keys("topics by their action", ["action", "topics"], ["topics"]),
    "ntp-server": keys("a server stands once", ["address"]),
    client: keys("one client an interface", ["interface"]),
    scheduler: NAMED,
  },
  equalities: [
    { kind: "hook", contexts: ["*"], hook: "yes-no", source: "true and false may be typed for yes and no" },
  ],
  secrets: [
    {
      pattern:
        /(?<=(?:^|[ !])(?:password|secret|passphrase|wpa-pre-shared-key|wpa2-pre-shared-key|authentication-password|encryption-password|private-key|preshared-key|pre-shared-key|ipsec-secret|radius-password|auth-key|authentication-key|tcp-md5-key|md5-key|key|value|security\.passphrase)=)"?([^\s"]+)"?/,
      canonical: "<secret>",
      resalted: false,
      source: "what export shows with show-sensitive",
    },
  ],
  signs: [
    /^# .* by RouterOS \d/m,
    /^\/(?:ip|interface|system|routing|ipv6|queue|tool|user) ?/m,
    /^(?:add|set) [\w-]+=\S/m,
  ],
};
