import { isWildcard } from "./ranges.ts";
import type { Action, AddressTerm, FilterList, Match, Packet, PacketAnswer, Range } from "./types.ts";

/** Protocols with ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

/** Says what a filter does with one packet, by reading its rules one by one: no engine takes part.
 *  An inexact rule that may match decides when it permits, and is passed over when it denies; `certain` says whether the
 *  verdict is the same either way. */
export function testPacket(filter: FilterList, packet: Packet): PacketAnswer {
  const dependsOn: string[] = [];
  const asked = new Set<string>();
  const possible = new Set<Action>();
  let decided: { verdict: Action; rule: string } | undefined;
  for (const rule of filter.rules) {
    if (!rule.matches.some((match) => matchesPacket(match, packet))) continue;
    if (rule.exact) {
      decided ??= { verdict: rule.action, rule: rule.id };
      possible.add(rule.action);
      return answer(decided, false, possible, dependsOn);
    }
    if (rule.condition !== undefined && asked.has(rule.condition)) continue;
    if (rule.condition !== undefined) asked.add(rule.condition);
    dependsOn.push(rule.id);
    possible.add(rule.action);
    if (rule.action === "permit") decided ??= { verdict: "permit", rule: rule.id };
  }
  possible.add(filter.defaultAction);
  return answer(decided ?? { verdict: filter.defaultAction }, decided === undefined, possible, dependsOn);
}

function answer(
  decided: { readonly verdict: Action; readonly rule?: string },
  implicit: boolean,
  possible: ReadonlySet<Action>,
  dependsOn: readonly string[],
): PacketAnswer {
  return { ...decided, implicit, certain: possible.size === 1, dependsOn };
}

/** Tells whether a packet meets all conditions of a match. */
export function matchesPacket(match: Match, packet: Packet): boolean {
  if (match.family !== undefined && match.family !== packet.family) return false;
  if (!holdsAddress(match.src, packet, packet.src) || !holdsAddress(match.dst, packet, packet.dst))
    return false;
  if (!holdsNumber(match.protocols, packet.protocol)) return false;
  if (!matchesPorts(match, packet) || !matchesIcmp(match, packet) || !matchesFlags(match, packet))
    return false;
  if (match.states !== undefined && !match.states.includes(packet.state)) return false;
  return holdsNumber(match.ingress, packet.ingress ?? 0) && holdsNumber(match.egress, packet.egress ?? 0);
}

function matchesPorts(match: Match, packet: Packet): boolean {
  if (match.srcPorts === undefined && match.dstPorts === undefined) return true;
  if (!withPorts.has(packet.protocol)) return false;
  return holdsNumber(match.srcPorts, packet.srcPort) && holdsNumber(match.dstPorts, packet.dstPort);
}

function matchesIcmp(match: Match, packet: Packet): boolean {
  if (match.icmpTypes === undefined && match.icmpCodes === undefined) return true;
  if (packet.protocol !== (packet.family === 4 ? 1 : 58)) return false;
  return holdsNumber(match.icmpTypes, packet.srcPort) && holdsNumber(match.icmpCodes, packet.dstPort);
}

function matchesFlags(match: Match, packet: Packet): boolean {
  if (match.tcpFlags === undefined) return true;
  if (packet.protocol !== 6) return false;
  return match.tcpFlags.some((flags) => (packet.tcpFlags & flags.mask) === flags.value);
}

function holdsNumber(ranges: readonly Range[] | undefined, value: number): boolean {
  return ranges === undefined || ranges.some((range) => range.lo <= value && value <= range.hi);
}

function holdsAddress(terms: readonly AddressTerm[] | undefined, packet: Packet, address: bigint): boolean {
  if (terms === undefined) return true;
  return terms.some((term) => {
    if (term.family !== packet.family) return false;
    if (isWildcard(term)) return ((term.value ^ address) & ~term.wildcard) === 0n;
    return term.lo <= address && address <= term.hi;
  });
}
