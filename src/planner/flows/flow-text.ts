import type { FormatAddress } from "./packet-text.ts";
import { formatFlags } from "./packet-text.ts";
import { addressBits, highestAddress } from "./ranges.ts";
import type { AddressRange, FlowBox, Range } from "./types.ts";

const names: Readonly<Record<number, string>> = {
  6: "tcp",
  17: "udp",
  33: "dccp",
  132: "sctp",
  136: "udplite",
};

/** Writes a box of packets: `tcp 10.1.10.0/24 -> 10.1.20.5:3389`, `ip any -> 10.0.0.1-10.0.0.9`. Full ranges stay
 *  unsaid; states, flags and conditions stand behind where they narrow the box. */
export function formatFlow(box: FlowBox, formatAddress: FormatAddress): string {
  const icmp = isOnly(box.protocols, box.family === 4 ? 1 : 58);
  const end = (range: AddressRange, ports: Range): string => {
    const addresses = formatAddresses(range, formatAddress);
    if (icmp || isFull(ports, 65535)) return addresses;
    return box.family === 6 ? `[${addresses}]:${formatRange(ports)}` : `${addresses}:${formatRange(ports)}`;
  };
  const parts = [`${protocolText(box, icmp)} ${end(box.src, box.srcPorts)} -> ${end(box.dst, box.dstPorts)}`];
  if (icmp && !isFull(box.srcPorts, 65535)) parts.push(`type ${formatRange(clamp(box.srcPorts))}`);
  if (icmp && !isFull(box.dstPorts, 65535)) parts.push(`code ${formatRange(clamp(box.dstPorts))}`);
  if (box.tcpFlags !== undefined) {
    const texts = box.tcpFlags.map(({ mask, value }) => `${formatFlags(value)}/${formatFlags(mask)}`);
    parts.push(`flags ${texts.join(" ")}`);
  }
  if (box.states.length < 5) parts.push(box.states.join(","));
  for (const { condition, holds } of box.conditions) parts.push(`${holds ? "if" : "unless"} ${condition}`);
  return parts.join(" ");
}

function protocolText(box: FlowBox, icmp: boolean): string {
  if (icmp) return "icmp";
  if (isFull(box.protocols, 255)) return "ip";
  if (box.protocols.lo === box.protocols.hi && names[box.protocols.lo] !== undefined)
    return names[box.protocols.lo] ?? "";
  return `proto ${formatRange(box.protocols)}`;
}

/** Writes addresses as `any`, a host, a prefix or `from-to`. */
export function formatAddresses(range: AddressRange, formatAddress: FormatAddress): string {
  const size = range.hi - range.lo + 1n;
  if (size > highestAddress(range.family)) return "any";
  if (size === 1n) return formatAddress(range.family, range.lo);
  const bits = size.toString(2).length - 1;
  const aligned = (size & (size - 1n)) === 0n && range.lo % size === 0n;
  if (aligned) return `${formatAddress(range.family, range.lo)}/${addressBits(range.family) - bits}`;
  return `${formatAddress(range.family, range.lo)}-${formatAddress(range.family, range.hi)}`;
}

function formatRange(range: Range): string {
  return range.lo === range.hi ? `${range.lo}` : `${range.lo}-${range.hi}`;
}

function isOnly(range: Range, value: number): boolean {
  return range.lo === value && range.hi === value;
}

function isFull(range: Range, max: number): boolean {
  return range.lo === 0 && range.hi === max;
}

function clamp(range: Range): Range {
  return { lo: Math.min(range.lo, 255), hi: Math.min(range.hi, 255) };
}
