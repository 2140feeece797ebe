import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFlow } from "../../../src/planner/flows/flow-text.ts";
import type { ParsedAddress } from "../../../src/planner/flows/packet-text.ts";
import { formatPacket, parsePacket } from "../../../src/planner/flows/packet-text.ts";
import { prefixRange } from "../../../src/planner/flows/ranges.ts";
import type { Family, FlowBox, Packet } from "../../../src/planner/flows/types.ts";

/** Plain address text for the tests: IPv6 always as eight groups. */
function parseAddress(text: string): ParsedAddress | undefined {
  if (isIP(text) === 4) {
    return { family: 4, value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  if (isIP(text) !== 6) return undefined;
  const [head = "", tail] = text.split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return { family: 6, value: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) };
}

function formatAddress(family: Family, value: bigint): string {
  const width = family === 4 ? 8n : 16n;
  const count = family === 4 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, k) => (value >> (width * BigInt(count - 1 - k))) & ((1n << width) - 1n),
  );
  return family === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
}

const read = (text: string) => parsePacket(text, parseAddress);

const base = { family: 4, src: 0x0a015a0an, dst: 0x0a011405n, state: "new", tcpFlags: 0 } as const;

describe("a packet is written as on the command line", () => {
  const cases: readonly (readonly [string, Packet])[] = [
    [
      "tcp 10.1.90.10:49152 -> 10.1.20.5:445",
      { ...base, protocol: 6, srcPort: 49152, dstPort: 445, tcpFlags: 2 },
    ],
    [
      "tcp 10.1.90.10:49152 to 10.1.20.5:445 established",
      { ...base, protocol: 6, srcPort: 49152, dstPort: 445, tcpFlags: 16, state: "established" },
    ],
    ["UDP 10.1.90.10 to 10.1.20.5:53", { ...base, protocol: 17, srcPort: 49152, dstPort: 53 }],
    ["icmp 10.1.90.10 -> 10.1.20.5 type 3 code 4", { ...base, protocol: 1, srcPort: 3, dstPort: 4 }],
    ["icmp 10.1.90.10->10.1.20.5", { ...base, protocol: 1, srcPort: 8, dstPort: 0 }],
    ["proto 47 10.1.90.10 -> 10.1.20.5", { ...base, protocol: 47, srcPort: 0, dstPort: 0 }],
    [
      "udp [2001:db8::1]:53 -> [2001:db8::2]:53",
      {
        ...base,
        family: 6,
        src: 0x20010db8000000000000000000000001n,
        dst: 0x20010db8000000000000000000000002n,
        protocol: 17,
        srcPort: 53,
        dstPort: 53,
      },
    ],
    [
      "icmp ::1 -> ::2 type 135",
      { ...base, family: 6, src: 1n, dst: 2n, protocol: 58, srcPort: 135, dstPort: 0 },
    ],
  ];
  for (const [text, packet] of cases) {
    test(text, () => expect(read(text)).toEqual({ packet }));
  }

  const wrong: readonly (readonly [string, string])[] = [
    ["", "not a packet"],
    ["tcp 10.1.90.10:1 10.1.20.5:445", "not a packet"],
    ["tcp 10.1.90.10:1 -> 10.1.20.5", "no port"],
    ["tcp 10.1.90.10:1 -> 10.1.20.5:70000", "not an address"],
    ["tcp 10.1.90.256:1 -> 10.1.20.5:80", "not an address"],
    ["tcp 10.1.90.1:1 -> [::1]:80", "different IP versions"],
    ["igrp 10.1.90.1 -> 10.1.20.5", "unknown protocol"],
    ["proto 256 10.1.90.1 -> 10.1.20.5", "unknown protocol"],
    ["proto 47 10.1.90.1:5 -> 10.1.20.5:6", "no ports"],
    ["udp 10.1.90.1:5 -> 10.1.20.5:6 type 3", "icmp"],
    ["icmp 10.1.90.1 -> 10.1.20.5 type 256", "cannot read: type 256"],
    ["udp 10.1.90.1:5 -> 10.1.20.5:6 openly", "cannot read: openly"],
  ];
  for (const [text, problem] of wrong) {
    test(`refuses ${text === "" ? "nothing" : text}`, () => {
      const result = read(text);
      expect("problem" in result && result.problem).toContain(problem);
      expect("hint" in result && result.hint).toContain("->");
    });
  }

  test("and reads back what it writes", () => {
    const family = fc.constantFrom<Family>(4, 6);
    const packets = family.chain((version) =>
      fc.record({
        family: fc.constant(version),
        src: fc.bigInt(0n, version === 4 ? 0xffffffffn : (1n << 128n) - 1n),
        dst: fc.bigInt(0n, version === 4 ? 0xffffffffn : (1n << 128n) - 1n),
        protocol: fc.oneof(fc.constantFrom(1, 6, 17, 58, 132), fc.nat(255)),
        srcPort: fc.nat(255),
        dstPort: fc.nat(255),
        state: fc.constantFrom("new", "established", "related", "invalid", "untracked"),
        tcpFlags: fc.nat(255),
      }),
    );
    fc.assert(
      fc.property(packets, (drawn) => {
        const icmp = drawn.protocol === (drawn.family === 4 ? 1 : 58);
        const ported = icmp || [6, 17, 33, 132, 136].includes(drawn.protocol);
        const ports = ported ? {} : { srcPort: 0, dstPort: 0 };
        const packet = { ...drawn, ...ports, tcpFlags: drawn.protocol === 6 ? drawn.tcpFlags : 0 } as Packet;
        expect(read(formatPacket(packet, formatAddress))).toEqual({ packet });
      }),
    );
  });
});

describe("a flow is written as a person would", () => {
  const any = { lo: 0, hi: 65535 };
  const states = ["new", "established", "related", "invalid", "untracked"] as const;
  const box: FlowBox = {
    family: 4,
    src: prefixRange(4, 0x0a010a00n, 24),
    dst: prefixRange(4, 0x0a011405n, 32),
    protocols: { lo: 6, hi: 6 },
    srcPorts: any,
    dstPorts: { lo: 3389, hi: 3389 },
    states,
    ingress: any,
    egress: any,
    conditions: [],
  };
  const cases: readonly (readonly [string, FlowBox])[] = [
    ["tcp 10.1.10.0/24 -> 10.1.20.5:3389", box],
    [
      "udp 10.1.10.0/24:53 -> any",
      {
        ...box,
        protocols: { lo: 17, hi: 17 },
        srcPorts: { lo: 53, hi: 53 },
        dstPorts: any,
        dst: prefixRange(4, 0n, 0),
      },
    ],
    [
      "ip 10.0.0.1-10.0.0.9 -> 10.1.20.5",
      {
        ...box,
        protocols: { lo: 0, hi: 255 },
        dstPorts: any,
        src: { family: 4, lo: 0x0a000001n, hi: 0x0a000009n },
      },
    ],
    [
      "icmp 10.1.10.0/24 -> 10.1.20.5 type 8 code 0-255",
      { ...box, protocols: { lo: 1, hi: 1 }, srcPorts: { lo: 8, hi: 8 }, dstPorts: { lo: 0, hi: 65534 } },
    ],
    [
      "tcp 10.1.10.0/24 -> 10.1.20.5:3389 established,related unless app web",
      { ...box, states: ["established", "related"], conditions: [{ condition: "app web", holds: false }] },
    ],
    [
      "tcp 10.1.10.0/24 -> 10.1.20.5:3389 flags syn/syn,ack new",
      { ...box, states: ["new"], tcpFlags: [{ mask: 18, value: 2 }] },
    ],
  ];
  for (const [text, flow] of cases) test(text, () => expect(formatFlow(flow, formatAddress)).toBe(text));
});
