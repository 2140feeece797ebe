import type { Packet } from "../../../src/planner/flows/types.ts";

/** Builds an Ethernet frame of a packet, checksums included; `mark` goes into the payload so that it is known again. */
export function frameOf(packet: Packet, mark: number, toMac: string): string {
  const segment = segmentOf(packet, mark);
  const body = packet.family === 4 ? ipv4(packet, segment) : ipv6(packet, segment);
  const type = packet.family === 4 ? "0800" : "86dd";
  return `${toMac.replaceAll(":", "")}020000000001${type}${hex(body)}`;
}

function segmentOf(packet: Packet, mark: number): number[] {
  const payload = [0x5a, 0x5a, ...word(mark)];
  const ports = [...word(packet.srcPort), ...word(packet.dstPort)];
  if (packet.protocol === 6) {
    const head = [
      ...ports,
      0,
      0,
      0x10,
      0,
      0,
      0,
      0,
      packet.tcpFlags & 16 ? 1 : 0,
      0x50,
      packet.tcpFlags,
      0x20,
      0,
      0,
      0,
      0,
      0,
    ];
    return withChecksum(packet, [...head, ...payload], 16);
  }
  if (packet.protocol === 17)
    return withChecksum(packet, [...ports, ...word(8 + payload.length), 0, 0, ...payload], 6);
  if (packet.protocol === 1 || packet.protocol === 58) {
    const head = [packet.srcPort, packet.dstPort, 0, 0, ...word(mark), 0, 1];
    return packet.protocol === 1
      ? put([...head, ...payload], 2, checksum([...head, ...payload]))
      : withChecksum(packet, [...head, ...payload], 2);
  }
  return [...payload, ...payload, ...payload, ...payload];
}

function withChecksum(packet: Packet, segment: number[], at: number): number[] {
  const bytes = packet.family === 4 ? 4 : 16;
  const pseudo = [
    ...address(packet.src, bytes),
    ...address(packet.dst, bytes),
    0,
    packet.protocol,
    ...word(segment.length),
  ];
  return put(segment, at, checksum([...pseudo, ...segment]));
}

function put(bytes: number[], at: number, value: number): number[] {
  const copy = [...bytes];
  copy.splice(at, 2, ...word(value));
  return copy;
}

function ipv4(packet: Packet, segment: number[]): number[] {
  const head = [
    0x45,
    0,
    ...word(20 + segment.length),
    0,
    1,
    0,
    0,
    64,
    packet.protocol,
    0,
    0,
    ...address(packet.src, 4),
    ...address(packet.dst, 4),
  ];
  return [...put(head, 10, checksum(head)), ...segment];
}

function ipv6(packet: Packet, segment: number[]): number[] {
  return [
    0x60,
    0,
    0,
    0,
    ...word(segment.length),
    packet.protocol,
    64,
    ...address(packet.src, 16),
    ...address(packet.dst, 16),
    ...segment,
  ];
}

function address(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Number((value >> BigInt((bytes - 1 - i) * 8)) & 255n));
}

function word(value: number): number[] {
  return [(value >> 8) & 255, value & 255];
}

function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
