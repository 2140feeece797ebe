import {
  formatAddress,
  maskOf,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  wildcardOf,
} from "../../model/address.ts";

/** Interface types as IOS-XE prints them, each with the shortest beginning that people type. */
const INTERFACE_TYPES: readonly (readonly [string, string])[] = [
  ["gi", "GigabitEthernet"],
  ["fa", "FastEthernet"],
  ["te", "TenGigabitEthernet"],
  ["tw", "TwoGigabitEthernet"],
  ["twe", "TwentyFiveGigE"],
  ["fi", "FiveGigabitEthernet"],
  ["fo", "FortyGigabitEthernet"],
  ["hu", "HundredGigE"],
  ["app", "AppGigabitEthernet"],
  ["po", "Port-channel"],
  ["vl", "Vlan"],
  ["lo", "Loopback"],
  ["tu", "Tunnel"],
];

/** Spells an interface as the device prints it: `Gi1/0/1` becomes `GigabitEthernet1/0/1`. */
export function interfaceName(name: string): string {
  const match = /^([A-Za-z-]+?)\s*(\d[\d/.]*)$/.exec(name);
  const typed = match?.[1]?.toLowerCase();
  if (!match || typed === undefined) return name;
  const candidates = INTERFACE_TYPES.filter(([short, full]) => {
    const lower = full.toLowerCase();
    return typed.startsWith(short) && (lower.startsWith(typed) || lower === typed);
  });
  const best = candidates.sort((a, b) => b[0].length - a[0].length)[0];
  return best ? `${best[1]}${match[2]}` : name;
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

/** A prefix in an IPv4 filter: `any`, `host 10.1.1.1` or `10.1.1.0 0.0.0.255`. */
export function matchIpv4(prefix: Prefix | undefined): string {
  if (prefix === undefined) return "any";
  const address = formatAddress({ version: 4, value: prefix.base });
  return prefix.length === 32 ? `host ${address}` : `${address} ${wildcardOf(prefix.length)}`;
}

/** A prefix in an IPv6 filter: `any`, `host 2001:DB8::1` or `2001:DB8::/64`. */
export function matchIpv6(prefix: Prefix | undefined): string {
  if (prefix === undefined) return "any";
  const address = ipv6Text(formatAddress({ version: 6, value: prefix.base }));
  return prefix.length === 128 ? `host ${address}` : `${address}/${prefix.length}`;
}

/** Tells whether a text is an IPv6 address, with or without a length. */
export function isIpv6(text: string): boolean {
  return parseAddress(text.replace(/\/\d+$/, ""))?.version === 6;
}

/** Ports that IOS prints by name.
 *  @see Cisco IOS Security Command Reference, `permit (IP)` */
const TCP_NAMES: Readonly<Record<number, string>> = {
  7: "echo",
  9: "discard",
  13: "daytime",
  19: "chargen",
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
  113: "ident",
  119: "nntp",
  179: "bgp",
  194: "irc",
  496: "pim-auto-rp",
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
  49: "tacacs",
  53: "domain",
  67: "bootps",
  68: "bootpc",
  69: "tftp",
  111: "sunrpc",
  123: "ntp",
  137: "netbios-ns",
  138: "netbios-dgm",
  139: "netbios-ss",
  161: "snmp",
  162: "snmptrap",
  177: "xdmcp",
  195: "dnsix",
  434: "mobile-ip",
  496: "pim-auto-rp",
  500: "isakmp",
  512: "biff",
  513: "who",
  514: "syslog",
  517: "talk",
  520: "rip",
  4500: "non500-isakmp",
};

/** A port as the device prints it. */
export function portName(protocol: "tcp" | "udp", port: number): string {
  return (protocol === "tcp" ? TCP_NAMES : UDP_NAMES)[port] ?? String(port);
}

/** IP protocols that IOS prints by name. */
const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  4: "ipinip",
  6: "tcp",
  17: "udp",
  47: "gre",
  50: "esp",
  51: "ahp",
  88: "eigrp",
  89: "ospf",
  103: "pim",
  108: "pcp",
};

/** A protocol number as the device prints it. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? String(protocol);
}

/** ICMP types that stand for all their codes, as the device prints them. */
const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: "echo-reply",
  3: "unreachable",
  4: "source-quench",
  5: "redirect",
  8: "echo",
  9: "router-advertisement",
  10: "router-solicitation",
  11: "time-exceeded",
  12: "parameter-problem",
  13: "timestamp-request",
  14: "timestamp-reply",
};

/** An ICMP type as the device prints it. */
export function icmpName(type: number): string {
  return ICMP_NAMES[type] ?? String(type);
}

/** VLAN ids as IOS prints them: `10,20-22`; runs of two stay apart. */
export function vlanList(vlans: readonly number[]): string {
  const sorted = [...new Set(vlans)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    if (end - at >= 2) parts.push(`${sorted[at]}-${sorted[end]}`);
    else parts.push(...sorted.slice(at, end + 1).map(String));
    at = end + 1;
  }
  return parts.join(",");
}

/** A MAC address as IOS prints it: `0011.2233.4455`. */
export function macText(mac: string): string {
  const digits = mac.replace(/[^0-9a-f]/gi, "").toLowerCase();
  return (digits.match(/.{1,4}/g) ?? []).join(".");
}
