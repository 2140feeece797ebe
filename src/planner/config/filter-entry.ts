import type { AddressTerm, FilterRule, Match, Range } from "../flows/types.ts";

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipinip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ahp: 51,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  sctp: 132,
};

/** RFC 9293: ACK or RST is set in every segment of an open connection. */
const ESTABLISHED = [
  { mask: 16, value: 16 },
  { mask: 4, value: 4 },
] as const;

/** Words that change what is logged or shown, not what matches. */
const SILENT = new Set(["log", "log-input", "logging"]);

/** Reads one canonical list entry as a rule of the packet-filter algebra; undefined for remarks.
 *  What it does not know makes the rule inexact, with its words as the condition.
 *  @param number - unique within the list */
export function filterRule(text: string, number: number, style: "cisco" | "huawei"): FilterRule | undefined {
  const words = text.split(" ");
  const action = words[0];
  if (action !== "permit" && action !== "deny") return undefined;
  const reader = new Reader(words.slice(1));
  const match = style === "cisco" ? readCisco(reader) : readHuawei(reader);
  const id = String(number);
  if (match === undefined)
    return { id, action, matches: [{}], exact: false, condition: words.slice(1).join(" ") };
  return { id, action, matches: [match], exact: true };
}

class Reader {
  readonly #words: readonly string[];
  #at = 0;
  constructor(words: readonly string[]) {
    this.#words = words;
  }
  peek(): string | undefined {
    return this.#words[this.#at];
  }
  next(): string | undefined {
    return this.#words[this.#at++];
  }
  take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
  get done(): boolean {
    return this.#at >= this.#words.length;
  }
}

type Draft = { -readonly [K in keyof Match]: Match[K] };

function readCisco(reader: Reader): Match | undefined {
  const match: Draft = { family: 4 };
  const first = reader.peek() ?? "";
  const standard = isAddress(first) || (first === "any" && reader.next() !== undefined && onlySilent(reader));
  if (first === "any" && standard) return match;
  if (isAddress(first)) {
    const source = readAddress(reader);
    if (!source || !onlySilent(reader)) return undefined;
    return { ...match, src: [source] };
  }
  if (first === "any") return undefined;
  const protocol = readProtocol(reader.next());
  if (protocol === undefined) return undefined;
  if (protocol !== "ip") match.protocols = [{ lo: protocol, hi: protocol }];
  if (!readSide(reader, match, "src") || !readSide(reader, match, "dst")) return undefined;
  return readTail(reader, match, protocol);
}

function readSide(reader: Reader, match: Draft, side: "src" | "dst"): boolean {
  if (!reader.take("any")) {
    const address = readAddress(reader);
    if (!address) return false;
    match[side] = [address];
  }
  const ports = readPorts(reader);
  if (ports === undefined) return false;
  if (ports.length > 0) match[side === "src" ? "srcPorts" : "dstPorts"] = ports;
  return true;
}

function readTail(reader: Reader, match: Draft, protocol: number | "ip"): Match | undefined {
  while (!reader.done) {
    const word = reader.next() ?? "";
    if (SILENT.has(word)) continue;
    if (word === "established" && protocol === 6) match.tcpFlags = ESTABLISHED;
    else if (protocol === 1 && !setIcmp(match, word, reader)) return undefined;
    else if (protocol !== 1) return undefined;
  }
  return match;
}

const ICMP: Readonly<Record<string, readonly [number, number?]>> = {
  echo: [8],
  "echo-reply": [0],
  unreachable: [3],
  "time-exceeded": [11],
  "ttl-exceeded": [11, 0],
  "packet-too-big": [3, 4],
  "port-unreachable": [3, 3],
  "host-unreachable": [3, 1],
  redirect: [5],
};

function setIcmp(match: Draft, word: string, reader: Reader): boolean {
  const named = Object.hasOwn(ICMP, word) ? ICMP[word] : undefined;
  const type = named?.[0] ?? (/^\d+$/.test(word) ? Number(word) : undefined);
  if (type === undefined) return false;
  match.icmpTypes = [{ lo: type, hi: type }];
  const code = named ? named[1] : /^\d+$/.test(reader.peek() ?? "") ? Number(reader.next()) : undefined;
  if (code !== undefined) match.icmpCodes = [{ lo: code, hi: code }];
  return true;
}

function readHuawei(reader: Reader): Match | undefined {
  const match: Draft = { family: 4 };
  const protocol = isClause(reader.peek()) ? "ip" : readProtocol(reader.next());
  if (protocol === undefined) return undefined;
  if (protocol !== "ip") match.protocols = [{ lo: protocol, hi: protocol }];
  while (!reader.done) {
    const word = reader.next() ?? "";
    if (SILENT.has(word)) continue;
    if (word === "source" || word === "destination") {
      const address = readAddress(reader);
      if (!address) return undefined;
      match[word === "source" ? "src" : "dst"] = [address];
    } else if (word === "source-port" || word === "destination-port") {
      const ports = readPorts(reader);
      if (!ports || ports.length === 0) return undefined;
      match[word === "source-port" ? "srcPorts" : "dstPorts"] = ports;
    } else if (word === "tcp-flag" && reader.take("established")) match.tcpFlags = ESTABLISHED;
    else if (word === "icmp-type" && protocol === 1) {
      if (!setIcmp(match, reader.next() ?? "", reader)) return undefined;
    } else return undefined;
  }
  return match;
}

function isClause(word: string | undefined): boolean {
  return word === undefined || word === "source" || word === "destination";
}

function readProtocol(word: string | undefined): number | "ip" | undefined {
  if (word === "ip" || word === "ipv4") return "ip";
  if (word !== undefined && /^\d{1,3}$/.test(word)) return Number(word);
  return word !== undefined && Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined;
}

function readPorts(reader: Reader): Range[] | undefined {
  const operator = reader.peek();
  if (operator === undefined || !["eq", "neq", "gt", "lt", "range"].includes(operator)) return [];
  reader.next();
  const numbers: number[] = [];
  while (/^\d{1,5}$/.test(reader.peek() ?? "")) numbers.push(Number(reader.next()));
  const [a, b] = numbers;
  if (a === undefined) return undefined;
  if (operator === "eq") return numbers.map((port) => ({ lo: port, hi: port }));
  if (numbers.length > (operator === "range" ? 2 : 1)) return undefined;
  if (operator === "range") return b === undefined ? undefined : [{ lo: a, hi: b }];
  if (operator === "gt") return a >= 65535 ? undefined : [{ lo: a + 1, hi: 65535 }];
  if (operator === "lt") return a <= 0 ? undefined : [{ lo: 0, hi: a - 1 }];
  const ranges: Range[] = [];
  if (a > 0) ranges.push({ lo: 0, hi: a - 1 });
  if (a < 65535) ranges.push({ lo: a + 1, hi: 65535 });
  return ranges;
}

function isAddress(word: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(word);
}

function readAddress(reader: Reader): AddressTerm | undefined {
  const address = ipv4(reader.next() ?? "");
  if (address === undefined) return undefined;
  const wildcard = isAddress(reader.peek() ?? "") ? ipv4(reader.next() ?? "") : 0n;
  return wildcard === undefined ? undefined : { family: 4, value: address & ~wildcard, wildcard };
}

/** Reads a dotted address as a number; undefined where it is none. */
export function ipv4(text: string): bigint | undefined {
  if (!isAddress(text)) return undefined;
  let value = 0n;
  for (const octet of text.split(".")) {
    if (Number(octet) > 255) return undefined;
    value = value * 256n + BigInt(octet);
  }
  return value;
}

function onlySilent(reader: Reader): boolean {
  while (!reader.done) if (!SILENT.has(reader.next() ?? "")) return false;
  return true;
}
