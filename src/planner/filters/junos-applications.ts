import type { Match, Range } from "../flows/types.ts";
import { type JunosNode, nodeAt, wordsBelow } from "./junos-tree.ts";
import { icmpNumbers, portNumber, protocolNumber } from "./names.ts";

/** Services that Junos knows without a definition: protocol and destination ports. */
const PREDEFINED: Readonly<Record<string, readonly string[]>> = {
  "junos-ftp": ["tcp 21"],
  "junos-ftp-data": ["tcp 20"],
  "junos-tftp": ["udp 69"],
  "junos-rtsp": ["tcp 554"],
  "junos-netbios-session": ["tcp 139"],
  "junos-smb-session": ["tcp 445"],
  "junos-smb": ["tcp 139", "tcp 445"],
  "junos-ssh": ["tcp 22"],
  "junos-telnet": ["tcp 23"],
  "junos-smtp": ["tcp 25"],
  "junos-smtps": ["tcp 465"],
  "junos-tacacs": ["tcp 49"],
  "junos-tacacs-ds": ["tcp 65"],
  "junos-dhcp-client": ["udp 68"],
  "junos-dhcp-server": ["udp 67"],
  "junos-bootpc": ["udp 68"],
  "junos-bootps": ["udp 67"],
  "junos-finger": ["tcp 79"],
  "junos-http": ["tcp 80"],
  "junos-https": ["tcp 443"],
  "junos-http-ext": ["tcp 7001"],
  "junos-pop3": ["tcp 110"],
  "junos-pop3s": ["tcp 995"],
  "junos-ident": ["tcp 113"],
  "junos-nntp": ["tcp 119"],
  "junos-ntp": ["udp 123"],
  "junos-imap": ["tcp 143"],
  "junos-imaps": ["tcp 993"],
  "junos-bgp": ["tcp 179"],
  "junos-ldap": ["tcp 389"],
  "junos-snpp": ["tcp 444"],
  "junos-biff": ["udp 512"],
  "junos-who": ["udp 513"],
  "junos-syslog": ["udp 514"],
  "junos-printer": ["tcp 515"],
  "junos-rip": ["udp 520"],
  "junos-radius": ["udp 1812"],
  "junos-radacct": ["udp 1813"],
  "junos-nfsd-tcp": ["tcp 2049"],
  "junos-nfsd-udp": ["udp 2049"],
  "junos-ldp-tcp": ["tcp 646"],
  "junos-ldp-udp": ["udp 646"],
  "junos-dns-udp": ["udp 53"],
  "junos-dns-tcp": ["tcp 53"],
  "junos-dns": ["udp 53", "tcp 53"],
  "junos-ike": ["udp 500"],
  "junos-ike-nat": ["udp 4500"],
  "junos-snmp-get": ["udp 161"],
  "junos-rlogin": ["tcp 513"],
  "junos-whois": ["tcp 43"],
  "junos-gopher": ["tcp 70"],
  "junos-gre": ["gre"],
  "junos-ospf": ["ospf"],
  "junos-icmp-all": ["icmp"],
  "junos-icmp-ping": ["icmp 8"],
  "junos-ping": ["icmp 8"],
  "junos-icmp6-all": ["icmp6"],
  "junos-pingv6": ["icmp6 128"],
  "junos-icmp6-echo-request": ["icmp6 128"],
  "junos-tcp-any": ["tcp"],
  "junos-udp-any": ["udp"],
  "junos-nbds": ["udp 138"],
  "junos-nbname": ["udp 137"],
  "junos-ms-sql": ["tcp 1433"],
  "junos-sqlnet-v2": ["tcp 1521"],
  "junos-pptp": ["tcp 1723"],
  "junos-l2tp": ["udp 1701"],
  "junos-vnc": ["tcp 5800", "tcp 5900"],
  "junos-http-proxy": ["tcp 8080"],
};

/** Services of a policy, and the names of those that are not modelled. */
export interface ServiceSet {
  readonly matches: readonly Match[];
  readonly open: readonly string[];
}

/** Reads the applications that a policy names, sets in sets included. */
export function readApplications(root: JunosNode, names: readonly string[]): ServiceSet {
  const matches: Match[] = [];
  const open: string[] = [];
  for (const name of names) {
    const found = application(root, name, []);
    if (found === undefined) open.push(name);
    else {
      matches.push(...found.matches);
      open.push(...found.open);
    }
  }
  return { matches, open };
}

function application(root: JunosNode, name: string, above: readonly string[]): ServiceSet | undefined {
  if (name === "any") return { matches: [{}], open: [] };
  if (above.includes(name)) return undefined;
  const set = nodeAt(root, "applications", "application-set", name);
  if (set !== undefined) {
    const members = [...wordsBelow(set, "application"), ...wordsBelow(set, "application-set")];
    const inner = members.map((member) => ({ member, found: application(root, member, [...above, name]) }));
    return {
      matches: inner.flatMap(({ found }) => found?.matches ?? []),
      open: inner.flatMap(({ member, found }) => (found === undefined ? [member] : found.open)),
    };
  }
  const own = nodeAt(root, "applications", "application", name);
  if (own !== undefined) return ownApplication(own);
  const known = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  return known && { matches: known.map(predefined), open: [] };
}

function ownApplication(node: JunosNode): ServiceSet | undefined {
  const terms = [...(nodeAt(node, "term")?.children.values() ?? [])];
  const matches: Match[] = [];
  for (const part of terms.length > 0 ? terms : [node]) {
    const match = serviceOf(part);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  return { matches, open: [] };
}

const HARMLESS = new Set([
  "protocol",
  "source-port",
  "destination-port",
  "icmp-type",
  "icmp-code",
  "icmp6-type",
  "icmp6-code",
  "inactivity-timeout",
  "description",
  "application-protocol",
  "alg",
  "term",
  "ether-type",
]);

function serviceOf(node: JunosNode): Match | undefined {
  if ([...node.children.keys()].some((word) => !HARMLESS.has(word))) return undefined;
  const [protocol] = wordsBelow(node, "protocol");
  const number = protocol === undefined ? undefined : protocolNumber(protocol);
  if (number === undefined) return undefined;
  const source = ports(wordsBelow(node, "source-port"));
  const destination = ports(wordsBelow(node, "destination-port"));
  const family = number === 58 ? 6 : 4;
  const type = icmp([...wordsBelow(node, "icmp-type"), ...wordsBelow(node, "icmp6-type")], family, 0);
  const code = icmp([...wordsBelow(node, "icmp-code"), ...wordsBelow(node, "icmp6-code")], family, 1);
  if (source === "bad" || destination === "bad" || type === "bad" || code === "bad") return undefined;
  return {
    protocols: [{ lo: number, hi: number }],
    ...(source === undefined ? {} : { srcPorts: source }),
    ...(destination === undefined ? {} : { dstPorts: destination }),
    ...(type === undefined ? {} : { icmpTypes: type }),
    ...(code === undefined ? {} : { icmpCodes: code }),
  };
}

function ports(values: readonly string[]): Range[] | "bad" | undefined {
  if (values.length === 0) return undefined;
  const ranges: Range[] = [];
  for (const text of values) {
    const single = portNumber(text);
    const [low = "", high = ""] = text.split("-");
    const [lo, hi] = single === undefined ? [portNumber(low), portNumber(high)] : [single, single];
    if (lo === undefined || hi === undefined) return "bad";
    ranges.push({ lo, hi });
  }
  return ranges;
}

function icmp(values: readonly string[], family: 4 | 6, index: 0 | 1): Range[] | "bad" | undefined {
  if (values.length === 0) return undefined;
  const ranges: Range[] = [];
  for (const text of values) {
    const number = /^\d{1,3}$/.test(text) ? Number(text) : icmpNumbers(text, family)?.[index];
    if (number === undefined) return "bad";
    ranges.push({ lo: number, hi: number });
  }
  return ranges;
}

function predefined(text: string): Match {
  const [name = "", value] = text.split(" ");
  const number = name === "icmp6" ? 58 : (protocolNumber(name) ?? 0);
  const protocols = [{ lo: number, hi: number }];
  if (value === undefined) return { protocols };
  const range = [{ lo: Number(value), hi: Number(value) }];
  return name.startsWith("icmp") ? { protocols, icmpTypes: range } : { protocols, dstPorts: range };
}
