import {
  formatAddress,
  maskOf,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  wildcardOf,
} from "../../model/address.ts";

/** Interface types as VRP prints them, with the short forms that people type. */
const INTERFACE_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(ge|gi|gigabitethernet)$/i, "GigabitEthernet"],
  [/^(mge|multige)$/i, "MultiGE"],
  [/^(xge|xgigabitethernet)$/i, "XGigabitEthernet"],
  [/^(10ge)$/i, "10GE"],
  [/^(25ge)$/i, "25GE"],
  [/^(40ge)$/i, "40GE"],
  [/^(100ge)$/i, "100GE"],
  [/^(eth|ethernet)$/i, "Ethernet"],
  [/^(eth-trunk)$/i, "Eth-Trunk"],
  [/^(meth)$/i, "MEth"],
  [/^(vlanif)$/i, "Vlanif"],
  [/^(loop|loopback)$/i, "LoopBack"],
];

/** Spells an interface as the device prints it: `GE0/0/1` becomes `GigabitEthernet0/0/1`. */
export function interfaceName(name: string): string {
  const match = /^((?:10|25|40|100)?[A-Za-z-]+?)\s*(\d[\d/.]*)$/.exec(name);
  if (!match) return name;
  const full = INTERFACE_TYPES.find(([pattern]) => pattern.test(match[1] ?? ""))?.[1];
  return full === undefined ? name : `${full}${match[2]}`;
}

/** `10.1.10.2/24` as `10.1.10.2 255.255.255.0`; undefined for IPv6. */
export function addressAndMask(text: string): string | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed?.address.version !== 4) return undefined;
  return `${formatAddress(parsed.address)} ${maskOf(parsed.prefix.length)}`;
}

/** IPv6 as the device prints it: hexadecimal digits in capitals. */
export function ipv6Text(text: string): string {
  return text.toUpperCase();
}

/** Tells whether a text is an IPv6 address, with or without a length. */
export function isIpv6(text: string): boolean {
  return parseAddress(text.replace(/\/\d+$/, ""))?.version === 6;
}

/** A prefix in a filter, `10.1.10.0 0.0.0.255`, `10.1.20.5 0` or `2001:DB8::/64`; undefined for any. */
export function matchText(prefix: Prefix | undefined): string | undefined {
  if (prefix === undefined) return undefined;
  const address = formatAddress({ version: prefix.version, value: prefix.base });
  if (prefix.version === 6) return `${ipv6Text(address)}/${prefix.length}`;
  return prefix.length === 32 ? `${address} 0` : `${address} ${wildcardOf(prefix.length)}`;
}

/** Ports that VRP prints by name.
 *  @see Huawei S-series command reference, `rule (advanced ACL view)` */
const TCP_NAMES: Readonly<Record<number, string>> = {
  7: "echo",
  9: "discard",
  13: "daytime",
  19: "CHARgen",
  20: "ftp-data",
  21: "ftp",
  23: "telnet",
  25: "smtp",
  37: "time",
  43: "whois",
  49: "tacacs",
  53: "domain",
  70: "gopher",
  79: "finger",
  80: "www",
  101: "hostname",
  109: "pop2",
  110: "pop3",
  111: "sunrpc",
  119: "nntp",
  179: "bgp",
  194: "irc",
  512: "exec",
  513: "login",
  514: "cmd",
  515: "lpd",
  517: "talk",
  540: "uucp",
  543: "klogin",
  544: "kshell",
};

const UDP_NAMES: Readonly<Record<number, string>> = {
  7: "echo",
  9: "discard",
  37: "time",
  42: "nameserver",
  53: "dns",
  65: "tacacs-ds",
  67: "bootps",
  68: "bootpc",
  69: "tftp",
  90: "dnsix",
  111: "sunrpc",
  123: "ntp",
  137: "netbios-ns",
  138: "netbios-dgm",
  139: "netbios-ssn",
  161: "snmp",
  162: "snmptrap",
  177: "xdmcp",
  434: "mobilip-ag",
  435: "mobilip-mn",
  512: "biff",
  513: "who",
  514: "syslog",
  517: "talk",
  520: "rip",
};

/** A port as the device prints it. */
export function portName(protocol: "tcp" | "udp", port: number): string {
  return (protocol === "tcp" ? TCP_NAMES : UDP_NAMES)[port] ?? String(port);
}

/** IP protocols that VRP prints by name. */
const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  4: "ipinip",
  6: "tcp",
  17: "udp",
  47: "gre",
  89: "ospf",
};

/** A protocol number as the device prints it. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? String(protocol);
}

/** ICMP types that VRP prints by name. */
const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: "echo-reply",
  8: "echo",
  13: "timestamp-request",
  14: "timestamp-reply",
  15: "information-request",
  16: "information-reply",
};

/** An ICMP type as the device prints it; one without a name stands with its code 0. */
export function icmpName(type: number): string {
  return ICMP_NAMES[type] ?? `${type} 0`;
}

/** VLAN ids as VRP prints them, `10 20 to 22`; runs of two are spans too. */
export function vlanSpans(vlans: readonly number[]): readonly string[] {
  const sorted = [...new Set(vlans)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    parts.push(end > at ? `${sorted[at]} to ${sorted[end]}` : String(sorted[at]));
    at = end + 1;
  }
  return parts;
}

/** A MAC address as VRP prints it: `0011-2233-4455`. */
export function macText(mac: string): string {
  const digits = mac.replace(/[^0-9a-f]/gi, "").toLowerCase();
  return (digits.match(/.{1,4}/g) ?? []).join("-");
}
