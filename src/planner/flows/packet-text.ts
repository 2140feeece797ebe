import type { ConnectionState, Family, Packet } from "./types.ts";

/** An address as a number. */
export interface ParsedAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** Reads an address without prefix length; undefined when it is none. */
export type ParseAddress = (text: string) => ParsedAddress | undefined;

/** Writes an address in canonical form (RFC 5952 for IPv6). */
export type FormatAddress = (family: Family, value: bigint) => string;

/** A packet, or what is wrong with the text and what to type. */
export type PacketParse = { readonly packet: Packet } | { readonly problem: string; readonly hint: string };

const protocolNumbers: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  dccp: 33,
  sctp: 132,
  udplite: 136,
};
const protocolNames: Readonly<Record<number, string>> = {
  6: "tcp",
  17: "udp",
  33: "dccp",
  132: "sctp",
  136: "udplite",
};
const stateWords: ReadonlySet<string> = new Set(["new", "established", "related", "invalid", "untracked"]);
const flagNames = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"] as const;
const hint =
  "write `tcp 10.1.90.10:49152 -> 10.1.20.5:445`, `icmp A -> B type 8 code 0` or `proto 47 A -> B`";
const ephemeralPort = 49152;

/** Reads a packet: `tcp 10.1.90.10:49152 -> 10.1.20.5:445`, IPv6 with ports in brackets, `to` for `->`,
 *  `icmp A -> B type 8 code 0`, `proto 47 A -> B`; then `established` (or another connection state) and
 *  `flags syn,ack` when they differ from a packet that opens a connection. A missing source port is 49152. */
export function parsePacket(text: string, parseAddress: ParseAddress): PacketParse {
  const words = text
    .replace("->", " to ")
    .trim()
    .split(/\s+/)
    .map((word) => word.toLowerCase());
  const numbered = words[0] === "proto" || words[0] === "protocol";
  const name = numbered ? words[1] : words[0];
  const [left, to, right, ...rest] = words.slice(numbered ? 2 : 1);
  if (name === undefined || left === undefined || to !== "to" || right === undefined) {
    return wrong(`not a packet: ${text.trim()}`);
  }
  const src = parseEndpoint(left, parseAddress);
  const dst = parseEndpoint(right, parseAddress);
  if (src === undefined) return wrong(`not an address: ${left}`);
  if (dst === undefined) return wrong(`not an address: ${right}`);
  if (src.family !== dst.family) return wrong("source and destination are of different IP versions");
  const protocol = protocolOf(name, numbered, src.family);
  if (protocol === undefined) return wrong(`unknown protocol: ${name}`);
  const tail = parseTail(rest);
  if (typeof tail === "string") return wrong(tail);
  const ports = portsOf(protocol, src, dst, tail);
  if (typeof ports === "string") return wrong(ports);
  const { state } = tail;
  const usualFlags = state === "new" ? 2 : 16;
  const tcpFlags = protocol === 6 ? (tail.flags ?? usualFlags) : 0;
  return {
    packet: { family: src.family, src: src.value, dst: dst.value, protocol, ...ports, state, tcpFlags },
  };
}

interface Endpoint extends ParsedAddress {
  readonly port: number | undefined;
}

interface Tail {
  readonly state: ConnectionState;
  readonly type: number | undefined;
  readonly code: number | undefined;
  readonly flags: number | undefined;
}

function wrong(problem: string): PacketParse {
  return { problem, hint };
}

function parseEndpoint(text: string, parseAddress: ParseAddress): Endpoint | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const dotted = bracketed ?? /^([\d.]+)(?::(\d+))?$/.exec(text);
  const address = parseAddress(dotted?.[1] ?? text);
  const port = dotted?.[2] === undefined ? undefined : Number(dotted[2]);
  if (address === undefined || (port !== undefined && port > 65535)) return undefined;
  return { ...address, port };
}

function protocolOf(name: string, numbered: boolean, family: Family): number | undefined {
  if (numbered) return /^\d{1,3}$/.test(name) && Number(name) <= 255 ? Number(name) : undefined;
  if (name === "icmp") return family === 4 ? 1 : 58;
  if (name === "icmpv6" || name === "icmp6") return 58;
  return protocolNumbers[name];
}

function parseTail(words: readonly string[]): Tail | string {
  let state: ConnectionState = "new";
  const values = new Map<string, number>();
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k] as string;
    if (stateWords.has(word)) {
      state = word as ConnectionState;
      continue;
    }
    const value = words[k + 1];
    k += 1;
    const number = value === undefined ? undefined : word === "flags" ? parseFlags(value) : parseByte(value);
    if (!["type", "code", "flags"].includes(word) || number === undefined) {
      return `cannot read: ${[word, value].filter(Boolean).join(" ")}`;
    }
    values.set(word, number);
  }
  return { state, type: values.get("type"), code: values.get("code"), flags: values.get("flags") };
}

function parseByte(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

function parseFlags(text: string): number | undefined {
  if (text === "none") return 0;
  let bits = 0;
  for (const name of text.split(",")) {
    const place = flagNames.indexOf(name as (typeof flagNames)[number]);
    if (place < 0) return undefined;
    bits |= 1 << place;
  }
  return bits;
}

function portsOf(
  protocol: number,
  src: Endpoint,
  dst: Endpoint,
  tail: Tail,
): { srcPort: number; dstPort: number } | string {
  const ported = protocolNames[protocol] !== undefined;
  const icmp = protocol === (src.family === 4 ? 1 : 58);
  if (!ported && (src.port !== undefined || dst.port !== undefined))
    return `protocol ${protocol} has no ports`;
  if (!icmp && (tail.type !== undefined || tail.code !== undefined)) return "type and code belong to icmp";
  if (protocol !== 6 && tail.flags !== undefined) return "flags belong to tcp";
  if (icmp) return { srcPort: tail.type ?? (src.family === 4 ? 8 : 128), dstPort: tail.code ?? 0 };
  if (!ported) return { srcPort: 0, dstPort: 0 };
  if (dst.port === undefined) return "the destination has no port";
  return { srcPort: src.port ?? ephemeralPort, dstPort: dst.port };
}

/** Writes a packet so that `parsePacket` reads the same one back. Interfaces are not written. */
export function formatPacket(packet: Packet, formatAddress: FormatAddress): string {
  const { family, protocol } = packet;
  const ported = protocolNames[protocol] !== undefined;
  const icmp = protocol === (family === 4 ? 1 : 58);
  const name = icmp ? "icmp" : (protocolNames[protocol] ?? `proto ${protocol}`);
  const end = (value: bigint, port: number): string => {
    const address = formatAddress(family, value);
    const shown = family === 6 ? `[${address}]` : address;
    return ported ? `${shown}:${port}` : shown;
  };
  const parts = [`${name} ${end(packet.src, packet.srcPort)} -> ${end(packet.dst, packet.dstPort)}`];
  if (icmp) parts.push(`type ${packet.srcPort} code ${packet.dstPort}`);
  const usualFlags = packet.state === "new" ? 2 : 16;
  if (protocol === 6 && packet.tcpFlags !== usualFlags) parts.push(`flags ${formatFlags(packet.tcpFlags)}`);
  if (packet.state !== "new") parts.push(packet.state);
  return parts.join(" ");
}

/** Names the flags of a TCP packet, `none` when it has none. */
export function formatFlags(bits: number): string {
  return flagNames.filter((_, place) => (bits & (1 << place)) !== 0).join(",") || "none";
}
