import type { Packet } from "../../../src/planner/flows/types.ts";

/** Numbers from a seed, so that a failing ruleset can be made again. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }
  /** 0 to `below` - 1. */
  roll(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % below;
  }
  one<T>(list: readonly T[]): T {
    return list[this.roll(list.length)] as T;
  }
  some<T>(list: readonly T[], most: number): T[] {
    const count = 1 + this.roll(most);
    return [...new Set(Array.from({ length: count }, () => this.one(list)))];
  }
}

const V4 = ["10.8.1.1", "10.8.1.0/24", "10.8.0.0/16", "10.8.2.0/25", "10.8.1.64-10.8.1.99", "10.8.3.7"];
const D4 = ["10.9.1.1", "10.9.1.0/24", "10.9.0.0/16", "10.10.0.0/16", "10.9.1.30-10.10.0.5", "10.10.2.2"];
const V6 = ["fd00:8::1", "fd00:8::/64", "fd00:8:0:1::/64", "fd00:8::10-fd00:8::ff"];
const D6 = ["fd00:9::1", "fd00:9::/64", "fd00:a::/48", "fd00:9::20-fd00:9::90"];
const PORTS = ["22", "53", "80", "443", "1000-2000", "1024-65535", "8080", "445"];
const ICMP4 = ["echo-request", "echo-reply", "destination-unreachable"];
const STATES = ["new", "established", "{ established, related }", "invalid", "{ new, established }"];

/** A table of random chains: sets, ranges, negations, verdict maps, jumps, gotos, returns. Chains jump only to later
 *  ones, so there is no loop. */
export function makeTable(dice: Dice): string {
  const names = ["c1", "c2", "c3"];
  const chains = names.map((name, i) => chain(dice, name, names.slice(i + 1), 2 + dice.roll(3)));
  const forward = [
    `type filter hook forward priority filter; policy ${dice.one(["accept", "drop"])};`,
    ...(dice.roll(2) === 0
      ? ["ct state vmap { established : accept, related : accept, invalid : drop }"]
      : []),
    ...(dice.roll(2) === 0 ? [zoneMap(dice, names)] : []),
    ...Array.from({ length: 3 + dice.roll(5) }, () => rule(dice, names)),
  ];
  return [
    "table inet t {",
    `set s4 { type ipv4_addr; flags interval; elements = { ${distinct(dice.some(["10.8.1.0/25", "10.8.2.2", "10.8.7.0-10.8.9.255"], 3))} } }`,
    `set p { type inet_service; flags interval; elements = { ${distinct(dice.some(["22", "80-90", "443", "5000-6000"], 3))} } }`,
    ...[...chains].reverse(),
    `chain forward { ${forward.join("\n")}\n}`,
    "}",
  ].join("\n");
}

function distinct(list: readonly string[]): string {
  return list.join(", ");
}

function chain(dice: Dice, name: string, later: readonly string[], size: number): string {
  return `chain ${name} { ${Array.from({ length: size }, () => rule(dice, later)).join("\n")}\n}`;
}

function zoneMap(dice: Dice, chains: readonly string[]): string {
  const keys = ['"in0" . "out0"', '"in0" . "out1"', '"in1" . "out0"', '"in1" . "out1"'];
  const elements = dice.some(keys, 4).map((key) => `${key} : ${verdict(dice, chains)}`);
  return `iifname . oifname vmap { ${elements.join(", ")} }`;
}

function verdict(dice: Dice, chains: readonly string[]): string {
  const plain = ["accept", "accept", "drop", "return", "continue"];
  if (chains.length > 0 && dice.roll(3) === 0) return `${dice.one(["jump", "goto"])} ${dice.one(chains)}`;
  return dice.one(plain);
}

function rule(dice: Dice, chains: readonly string[]): string {
  const parts: string[] = [];
  const count = dice.roll(4);
  const family = dice.one([4, 4, 6] as const);
  const protocol = dice.roll(4);
  if (count > 0) parts.push(address(dice, "saddr", family));
  if (count > 1) parts.push(address(dice, "daddr", family));
  if (protocol === 0) parts.push(`tcp ${dice.one(["dport", "sport"])} ${value(dice, PORTS)}`);
  if (protocol === 1) parts.push(`udp dport ${dice.one([value(dice, PORTS), "@p", "!= @p"])}`);
  if (dice.roll(4) === 0) parts.push(`ct state ${dice.one(["", "!= "])}${dice.one(STATES)}`);
  if (dice.roll(4) === 0)
    parts.push(`iifname ${dice.one(['"in0"', '!= "in0"', '{ "in0", "in1" }', '"in*"', '"nope"'])}`);
  if (dice.roll(6) === 0) parts.push(`oifname ${dice.one(['"out1"', '!= "out1"'])}`);
  if (dice.roll(4) === 0) parts.push("counter");
  if (protocol === 2) parts.push(special(dice, family));
  // A verdict map ends its rule.
  return [...parts, ...(parts.some((part) => part.includes(" vmap ")) ? [] : [verdict(dice, chains)])].join(
    " ",
  );
}

function address(dice: Dice, side: "saddr" | "daddr", family: 4 | 6): string {
  if (family === 4 && side === "saddr" && dice.roll(4) === 0)
    return dice.one(["ip saddr @s4", "ip saddr != @s4"]);
  const list = family === 4 ? (side === "saddr" ? V4 : D4) : side === "saddr" ? V6 : D6;
  return `${family === 4 ? "ip" : "ip6"} ${side} ${value(dice, list)}`;
}

/** Members of an anonymous set must not overlap, so only one is taken where they may. */
function value(dice: Dice, list: readonly string[]): string {
  const single = dice.one(list);
  const plain = list.filter((text) => !/[-/]/.test(text));
  const text = dice.roll(3) === 0 && plain.length > 1 ? `{ ${dice.some(plain, 3).join(", ")} }` : single;
  return dice.roll(4) === 0 ? `!= ${text}` : text;
}

function special(dice: Dice, family: 4 | 6): string {
  // nft refuses a rule that asks for both families.
  const ofFamily =
    family === 6
      ? [
          "icmpv6 type echo-request",
          "ip6 nexthdr tcp",
          "ip6 daddr vmap { fd00:9::1 : accept, fd00:a::/48 : drop }",
        ]
      : [
          `icmp type { ${dice.some(ICMP4, 3).join(", ")} }`,
          "ip protocol != tcp",
          "ip saddr . tcp dport { 10.8.1.1 . 80, 10.8.1.2-10.8.1.200 . 443, 10.8.0.0/24 . 22 }",
          "ip daddr vmap { 10.9.1.1 : accept, 10.10.0.0/16 : drop }",
        ];
  return dice.one([
    ...ofFamily,
    "meta l4proto { tcp, icmp }",
    "meta l4proto != udp",
    "tcp flags & (fin | syn | rst | ack) == syn",
    "tcp flags syn",
    "tcp flags != syn",
    "tcp flags != syn / syn,ack",
    `meta nfproto ${family === 4 ? "ipv4" : "ipv6"}`,
    "th dport 53",
    "meta l4proto . th dport { tcp . 22, udp . 53 }",
    "tcp dport vmap { 22 : accept, 80-90 : drop, 443 : continue }",
    "tcp dport < 1024",
    "udp sport >= 1024",
  ]);
}

const SOURCES4 = [0x0a080101n, 0x0a080102n, 0x0a080141n, 0x0a080202n, 0x0a080307n, 0x0a080801n, 0x0a0801c8n];
const TARGETS4 = [0x0a090101n, 0x0a090120n, 0x0a0901ffn, 0x0a0a0005n, 0x0a0a0202n, 0x0a090001n];
const SOURCES6 = [
  "fd000008000000000000000000000001",
  "fd000008000000000000000000000020",
  "fd000008000000010000000000000001",
];
const TARGETS6 = [
  "fd000009000000000000000000000001",
  "fd000009000000000000000000000040",
  "fd00000a000000000000000000000001",
];
const PORT_NUMBERS = [22, 53, 80, 85, 443, 445, 1500, 5500, 8080, 40000];

/** A packet that could open a connection. */
export function makePacket(dice: Dice, mark: number): Packet {
  const family = dice.one([4, 4, 6] as const);
  const big = (text: string) => BigInt(`0x${text}`);
  const src = family === 4 ? dice.one(SOURCES4) : big(dice.one(SOURCES6));
  const dst = family === 4 ? dice.one(TARGETS4) : big(dice.one(TARGETS6));
  const protocol = dice.one([6, 6, 17, 17, family === 4 ? 1 : 58, 50]);
  const base = { family, src, dst, protocol, state: "new", tcpFlags: protocol === 6 ? 2 : 0 } as const;
  if (protocol === 1 || protocol === 58) return { ...base, srcPort: family === 4 ? 8 : 128, dstPort: 0 };
  if (protocol === 50) return { ...base, srcPort: 0, dstPort: 0 };
  return { ...base, srcPort: 20_000 + mark, dstPort: dice.one(PORT_NUMBERS) };
}
