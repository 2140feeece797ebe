import { type Command, command, isMatch, type Match, matchLine } from "../cli/grammar.ts";
import { underWildcard } from "../ipv4.ts";
import { IOS_ARGS } from "./args.ts";

/** Names of TCP ports as IOS prints them. */
export const TCP_NAMES: Readonly<Record<number, string>> = {
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

/** Names of UDP ports as IOS prints them. */
export const UDP_NAMES: Readonly<Record<number, string>> = {
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

const PROTOCOLS: Readonly<Record<number, string>> = {
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
  94: "nos",
  103: "pim",
  108: "pcp",
};

const ICMP_TYPES =
  "echo|echo-reply|unreachable|time-exceeded|port-unreachable|packet-too-big|ttl-exceeded|redirect|source-quench|parameter-problem|host-unreachable|net-unreachable|administratively-prohibited";
const TAIL = "[{log|log-input}]";
const HOST = (side: string) => `{any|host <${side}host:ipv4>|<${side}net:ipv4> <${side}wild:ipv4>}`;
const PORTS = (side: string) =>
  `[{<${side}op:eq|neq|gt|lt> <${side}port:word>|range <${side}from:word> <${side}to:word>}]`;

/** What an entry does to packets, as data. */
export interface Ace {
  readonly action: "permit" | "deny";
  readonly text: string;
  readonly protocol: string;
  readonly source: AceEnd;
  readonly target: AceEnd;
  readonly established: boolean;
}

/** One end of an entry. */
export interface AceEnd {
  readonly address: string;
  readonly wildcard: string;
  readonly ports?: readonly [low: number, high: number];
  readonly except?: boolean;
}

const EXTENDED: readonly Command<"ip" | "ports" | "icmp">[] = [
  command(
    `<action:permit|deny> <protocol:tcp|udp> ${HOST("s")} ${PORTS("s")} ${HOST("d")} ${PORTS("d")} [established] ${TAIL}`,
    IOS_ARGS,
    "ports",
  ),
  command(
    `<action:permit|deny> icmp ${HOST("s")} ${HOST("d")} [{<icmp:${ICMP_TYPES}>|<type:0-255> [<code:0-255>]}] ${TAIL}`,
    IOS_ARGS,
    "icmp",
  ),
  command(
    `<action:permit|deny> {<protocol:ip|ahp|eigrp|esp|gre|igmp|ipinip|nos|ospf|pcp|pim>|<number:0-255>} ${HOST("s")} ${HOST("d")} ${TAIL}`,
    IOS_ARGS,
    "ip",
  ),
];

const STANDARD: readonly Command<"std">[] = [
  command(`<action:permit|deny> {any|host <shost:ipv4>|<snet:ipv4> [<swild:ipv4>]} [log]`, IOS_ARGS, "std"),
];

/** Reads an entry of an extended list; undefined with the column of the fault where it makes no sense. */
export function readExtended(text: string): Ace | { readonly at: number; readonly incomplete: boolean } {
  const match = matchLine(text, EXTENDED);
  if (!isMatch(match)) return { at: match.at, incomplete: match.kind === "incomplete" };
  const { values } = match;
  const number = values.number === undefined ? undefined : Number(values.number);
  const protocol =
    match.payload === "icmp" ? "icmp" : (values.protocol ?? PROTOCOLS[number ?? -1] ?? String(number));
  const names = protocol === "udp" ? UDP_NAMES : TCP_NAMES;
  const source = readEnd(match, "s", names);
  const target = readEnd(match, "d", names);
  if (source === undefined || target === undefined) return { at: text.length, incomplete: false };
  const action = values.action === "permit" ? "permit" : "deny";
  const icmp = values.icmp ?? [values.type, values.code].filter((part) => part !== undefined).join(" ");
  const established = / established( |$)/.test(match.text);
  const log = / log(-input)?$/.exec(match.text)?.[0] ?? "";
  const parts = [
    action,
    protocol,
    endText(source, names),
    endText(target, names),
    icmp,
    established ? "established" : "",
  ];
  return {
    action,
    protocol,
    source,
    target,
    established,
    text: parts.filter((part) => part !== "").join(" ") + log,
  };
}

/** Reads an entry of a standard list. */
export function readStandard(text: string): Ace | { readonly at: number; readonly incomplete: boolean } {
  const match = matchLine(text, STANDARD);
  if (!isMatch(match)) return { at: match.at, incomplete: match.kind === "incomplete" };
  const source = readEnd(match, "s", {}, "0.0.0.0");
  if (source === undefined) return { at: text.length, incomplete: false };
  const action = match.values.action === "permit" ? "permit" : "deny";
  const log = match.text.endsWith(" log") ? " log" : "";
  const from = endText(source, {}).replace(/^host /, "");
  const target = { address: "0.0.0.0", wildcard: "255.255.255.255" };
  return {
    action,
    protocol: "ip",
    source,
    target,
    established: false,
    text: `${action.padEnd(6)} ${from}${log}`,
  };
}

function readEnd<T>(
  match: Match<T>,
  side: string,
  names: Readonly<Record<number, string>>,
  bare = "255.255.255.255",
): AceEnd | undefined {
  const value = (name: string): string | undefined => match.values[side + name];
  const host = value("host");
  const net = value("net");
  const wildcard =
    host !== undefined ? "0.0.0.0" : net === undefined ? "255.255.255.255" : (value("wild") ?? bare);
  const address = underWildcard(host ?? net ?? "0.0.0.0", wildcard);
  const end = { address, wildcard };
  const op = value("op");
  const low = portNumber(value("port") ?? value("from"), names);
  if (low === undefined) return value("port") === undefined && value("from") === undefined ? end : undefined;
  const high = value("to") === undefined ? low : portNumber(value("to"), names);
  if (high === undefined || high < low) return undefined;
  if (op === "gt") return { ...end, ports: [low + 1, 65_535] };
  if (op === "lt") return { ...end, ports: [0, low - 1] };
  return { ...end, ports: [low, high], ...(op === "neq" ? { except: true } : {}) };
}

function portNumber(text: string | undefined, names: Readonly<Record<number, string>>): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  const found = Object.entries(names).find(([, name]) => name === text.toLowerCase());
  return found === undefined ? undefined : Number(found[0]);
}

function endText(end: AceEnd, names: Readonly<Record<number, string>>): string {
  const where = addressText(end);
  if (end.ports === undefined) return where;
  const [low, high] = end.ports;
  const named = (port: number): string => names[port] ?? String(port);
  if (end.except === true) return `${where} neq ${named(low)}`;
  if (low === high) return `${where} eq ${named(low)}`;
  if (high === 65_535) return `${where} gt ${named(low - 1)}`;
  if (low === 0) return `${where} lt ${named(high + 1)}`;
  return `${where} range ${named(low)} ${named(high)}`;
}

function addressText(end: AceEnd): string {
  if (end.wildcard === "255.255.255.255") return "any";
  if (end.wildcard === "0.0.0.0") return `host ${end.address}`;
  return `${end.address} ${end.wildcard}`;
}
