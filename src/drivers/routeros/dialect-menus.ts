import type { Rule } from "../../planner/config/dialect.ts";

/** A menu that exists by itself. */
function menu(path: string, block: string): Rule {
  return { line: path, block, life: "implicit" };
}

/** Entries whose name others use. */
function named(namespace: string, block: string): readonly Rule[] {
  return [{ line: `name={${namespace}}`, block, defines: [namespace] }];
}

const INTERFACES = [
  "bridge",
  "bonding",
  "vlan",
  "vrrp",
  "pppoe-client",
  "pppoe-server",
  "l2tp-client",
  "l2tp-server",
  "sstp-client",
  "ovpn-client",
  "wireguard",
  "gre",
  "eoip",
  "ipip",
  "vxlan",
  "vlan",
  "macvlan",
];

const MENUS: readonly (readonly [string, string])[] = [
  ["/interface list", "interface-list"],
  ["/interface list member", "list-member"],
  ["/interface bridge port", "bridge-port"],
  ["/interface bridge vlan", "bridge-vlan"],
  ["/interface bridge settings", "settings"],
  ["/interface ethernet", "settings"],
  ["/interface ethernet switch", "settings"],
  ["/interface wireless", "settings"],
  ["/interface wireless security-profiles", "named"],
  ["/interface wireguard peers", "ordered-by-key"],
  ["/ip address", "address"],
  ["/ipv6 address", "address"],
  ["/ip pool", "pool"],
  ["/ip dhcp-server", "named"],
  ["/ip dhcp-server network", "dhcp-network"],
  ["/ip dhcp-server lease", "dhcp-lease"],
  ["/ip dhcp-client", "client"],
  ["/ip dhcp-relay", "named"],
  ["/ip dns", "settings"],
  ["/ip dns static", "dns"],
  ["/ip firewall filter", "firewall-list"],
  ["/ip firewall nat", "firewall-list"],
  ["/ip firewall mangle", "firewall-list"],
  ["/ip firewall raw", "firewall-list"],
  ["/ipv6 firewall filter", "firewall-list"],
  ["/ipv6 firewall nat", "firewall-list"],
  ["/ipv6 firewall mangle", "firewall-list"],
  ["/ipv6 firewall raw", "firewall-list"],
  ["/ip firewall address-list", "address-list"],
  ["/ipv6 firewall address-list", "address-list"],
  ["/ip firewall service-port", "settings"],
  ["/ip ipsec peer", "ipsec-part"],
  ["/ip ipsec profile", "ipsec-part"],
  ["/ip ipsec proposal", "ipsec-part"],
  ["/ip neighbor discovery-settings", "settings"],
  ["/ip route", "route"],
  ["/ipv6 route", "route"],
  ["/ip service", "settings"],
  ["/ip settings", "settings"],
  ["/ipv6 settings", "settings"],
  ["/ip ssh", "settings"],
  ["/ip cloud", "settings"],
  ["/port", "settings"],
  ["/ppp profile", "pppprofile"],
  ["/ppp secret", "named"],
  ["/queue simple", "queue-simple"],
  ["/queue type", "named"],
  ["/queue tree", "named"],
  ["/routing table", "table"],
  ["/routing rule", "ordered-list"],
  ["/routing bgp template", "bgptemplate"],
  ["/routing bgp connection", "named"],
  ["/routing ospf instance", "ospfinstance"],
  ["/routing ospf area", "ospfarea"],
  ["/routing filter rule", "filter-rule"],
  ["/snmp", "settings"],
  ["/snmp community", "named"],
  ["/system clock", "settings"],
  ["/system identity", "settings"],
  ["/system logging", "logging"],
  ["/system logging action", "logaction"],
  ["/system note", "settings"],
  ["/system ntp client", "settings"],
  ["/system ntp client servers", "ntp-server"],
  ["/system ntp server", "settings"],
  ["/system routerboard settings", "settings"],
  ["/system scheduler", "scheduler"],
  ["/system script", "named"],
  ["/tool bandwidth-server", "settings"],
  ["/tool mac-server", "settings"],
  ["/tool mac-server mac-winbox", "settings"],
  ["/tool romon", "settings"],
  ["/user", "user"],
  ["/user group", "usergroup"],
];

/** Properties that any entry may have. */
const ANYWHERE: readonly Rule[] = [
  { line: "set {...}", block: "given", life: "implicit" },
  { line: "disabled=<word>", remove: "disabled=no", absent: ["disabled=no"] },
  { line: "comment=<value>", remove: 'comment=""', absent: ['comment=""'] },
  { line: "log=<word>", remove: "log=no", absent: ["log=no"] },
  { line: "interface=<if>" },
  { line: "bridge=<if>" },
  { line: "master-interface=<if>" },
  { line: "slaves=<set>" },
  { line: "in-interface=<value>" },
  { line: "out-interface=<value>" },
  { line: "list=<iflist>" },
  { line: "in-interface-list=<iflist>" },
  { line: "out-interface-list=<iflist>" },
  { line: "interface-list=<iflist>" },
  { line: "discover-interface-list=<iflist>" },
  { line: "allowed-interface-list=<iflist>" },
  { line: "src-address-list=<addrlist>" },
  { line: "dst-address-list=<addrlist>" },
  { line: "address-pool=<pool>" },
  { line: "next-pool=<pool>" },
  { line: "routing-table=<table>" },
  { line: "table=<table>" },
  { line: "group=<usergroup>" },
  { line: "action=<value>" },
  { line: "profile=<value>" },
  { line: "tagged=<set>", remove: 'tagged=""' },
  { line: "untagged=<set>", remove: 'untagged=""' },
  { line: "vlan-ids=<set>" },
  { line: "connection-state=<set>" },
  { line: "connection-nat-state=<set>" },
  { line: "dst-port=<set>" },
  { line: "src-port=<set>" },
  { line: "topics=<set>" },
  { line: "policy=<set>" },
  { line: "servers=<set>" },
  { line: "addresses=<set>" },
  { line: "pvid=<word>", remove: "pvid=1", absent: ["pvid=1"] },
  { line: "distance=<word>", absent: ["distance=1"], remove: "distance=1" },
];

const BRIDGE_MANUAL =
  "https://help.mikrotik.com/docs/display/ROS/Bridging+and+Switching: the tables of properties name the defaults";

/** Properties that an export leaves out where they have these values. */
function defaulted(source: string, values: Readonly<Record<string, string>>): readonly Rule[] {
  return Object.entries(values).map(([name, value]) => {
    const line = `${name}=${value}`;
    return { line: `${name}=<word>`, absent: [line], remove: line, source };
  });
}

/** Properties of a bridge. */
const BRIDGE: readonly Rule[] = [
  {
    line: "vlan-filtering=<word>",
    remove: "vlan-filtering=no",
    absent: ["vlan-filtering=no"],
    frames: /^\/(?:interface (?:bridge (?:port|vlan)|vlan)|ip(?:v6)? address)$/,
    source:
      "https://manual.mikrotik.com/docs/bridging-and-switching/user-guides/layer2-misconfiguration.md: filtering reaches the CPU, so the way of management is set up before it is enabled",
  },
  ...defaulted(BRIDGE_MANUAL, { arp: "enabled", "auto-mac": "yes", "add-dhcp-option82": "no" }),
];

/** Properties of a port of a bridge. */
const BRIDGE_PORT: readonly Rule[] = defaulted(BRIDGE_MANUAL, {
  "auto-isolate": "no",
  "bpdu-guard": "no",
  "broadcast-flood": "yes",
  edge: "auto",
});

function entryRules(): Record<string, readonly Rule[]> {
  const logging: readonly Rule[] = [{ line: "action=<logaction>" }];
  return {
    "interface entry": BRIDGE,
    "bridge-port entry": BRIDGE_PORT,
    "logging entry": logging,
    "address-list entry": [{ line: "list=<addrlist>" }],
  };
}

/** Menus of RouterOS, as far as order and equality need it. */
export const MENU_RULES: Readonly<Record<string, readonly Rule[]>> = {
  root: [
    ...[...new Set(INTERFACES)].map((name) => menu(`/interface ${name}`, "interface")),
    ...MENUS.map(([path, block]) => menu(path, block)),
  ],
  interface: named("if", "interface entry"),
  "interface-list": named("iflist", "interface-list entry"),
  pool: named("pool", "pool entry"),
  table: named("table", "table entry"),
  usergroup: named("usergroup", "usergroup entry"),
  logaction: named("logaction", "logaction entry"),
  pppprofile: named("pppprofile", "pppprofile entry"),
  bgptemplate: named("bgptemplate", "bgptemplate entry"),
  ospfinstance: named("ospfinstance", "ospfinstance entry"),
  ospfarea: named("ospfarea", "ospfarea entry"),
  "ipsec-part": named("ipsec", "ipsec entry"),
  "list-member": [{ line: "interface={if} list={iflist}", block: "list-member entry" }],
  "bridge-port": [{ line: "interface={if}", block: "bridge-port entry" }],
  "bridge-vlan": [{ line: "bridge={if} vlan-ids={value}", block: "bridge-vlan entry" }],
  address: [{ line: "address={value}", block: "address entry" }],
  "address-list": [
    { line: "address={value} list={addrlist}", block: "address-list entry", defines: ["addrlist"] },
  ],
  client: [{ line: "interface={if}", block: "client entry" }],
  ...entryRules(),
  "*": ANYWHERE,
};
