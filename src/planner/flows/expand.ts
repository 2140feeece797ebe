import {
  everyAddress,
  expandWildcard,
  intersectRanges,
  isWildcard,
  mergeAddresses,
  mergeRanges,
  wildcardHull,
} from "./ranges.ts";
import { flagRanges } from "./tcp-flags.ts";
import type { AddressRange, AddressTerm, ConnectionState, Family, Match, Range } from "./types.ts";

/** Connection states in the order of their axis. */
export const stateOrder: readonly ConnectionState[] = [
  "new",
  "established",
  "related",
  "invalid",
  "untracked",
];

/** Highest value of each axis after source and destination: protocol, source port, destination port, state, flags,
 *  ingress, egress. */
export const serviceMax = [255, 65535, 65535, 4, 255, 65535, 65535] as const;

/** Protocols with ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const portProtocols: readonly Range[] = [6, 17, 33, 132, 136].map((value) => ({ lo: value, hi: value }));

/** Cubes that one rule may expand to; a wider rule counts as inexact. */
export const maxCubesPerRule = 65_536;

/** A service cube: `lo` and `hi` of each axis after source and destination, in the order of `serviceMax`. */
export type ServiceRow = readonly number[];

/** A product still in factors: addresses of one family, and service cubes. */
export interface Block {
  readonly family: Family;
  readonly src: readonly AddressRange[];
  readonly dst: readonly AddressRange[];
  readonly services: readonly ServiceRow[];
}

/** What a rule's conditions come to; `exact` is false where a wildcard or a product was too wide to spell. */
export interface Expansion {
  readonly blocks: readonly Block[];
  readonly exact: boolean;
}

/** Spells conditions as products of ranges. */
export function expandMatches(matches: readonly Match[]): Expansion {
  const blocks: Block[] = [];
  let exact = true;
  let cubes = 0;
  for (const match of matches) {
    for (const family of [4, 6] as const) {
      if (match.family !== undefined && match.family !== family) continue;
      const src = expandAddresses(match.src, family);
      const dst = expandAddresses(match.dst, family);
      const services = expandServices(match, family);
      if (src.ranges.length === 0 || dst.ranges.length === 0 || services.rows.length === 0) continue;
      exact = exact && src.exact && dst.exact && services.exact;
      blocks.push({ family, src: src.ranges, dst: dst.ranges, services: services.rows });
      cubes += src.ranges.length * dst.ranges.length * services.rows.length;
    }
  }
  if (cubes <= maxCubesPerRule) return { blocks, exact };
  return { blocks: blocks.map(hullOf), exact: false };
}

const anyAddress = { 4: [everyAddress(4)], 6: [everyAddress(6)] } as const;

function expandAddresses(
  terms: readonly AddressTerm[] | undefined,
  family: Family,
): { ranges: readonly AddressRange[]; exact: boolean } {
  if (terms === undefined) return { ranges: anyAddress[family], exact: true };
  const [only] = terms;
  if (terms.length === 1 && only !== undefined && !isWildcard(only)) {
    return { ranges: only.family === family && only.lo <= only.hi ? [only] : [], exact: true };
  }
  const ranges: AddressRange[] = [];
  let exact = true;
  for (const term of terms) {
    if (term.family !== family) continue;
    if (!isWildcard(term)) {
      ranges.push(term);
      continue;
    }
    const spelled = expandWildcard(term);
    if (spelled === undefined) exact = false;
    ranges.push(...(spelled ?? [wildcardHull(term)]));
  }
  return { ranges: mergeAddresses(ranges), exact };
}

const anyProtocol: readonly Range[] = [{ lo: 0, hi: 255 }];
const anyPort: readonly Range[] = [{ lo: 0, hi: 65535 }];
const anyState: readonly Range[] = [{ lo: 0, hi: 4 }];
const onlyTcp: readonly Range[] = [{ lo: 6, hi: 6 }];

function expandServices(match: Match, family: Family): { rows: readonly ServiceRow[]; exact: boolean } {
  const byPorts = match.srcPorts !== undefined || match.dstPorts !== undefined;
  const byIcmp = match.icmpTypes !== undefined || match.icmpCodes !== undefined;
  let protocols = match.protocols === undefined ? anyProtocol : mergeRanges(match.protocols);
  if (byPorts) protocols = intersectRanges(protocols, portProtocols);
  if (byIcmp) protocols = intersectRanges(protocols, [icmpOf(family)]);
  if (match.tcpFlags !== undefined) protocols = intersectRanges(protocols, onlyTcp);
  return productOf([
    protocols,
    byIcmp ? icmpRanges(match.icmpTypes) : portRanges(match.srcPorts),
    byIcmp ? icmpRanges(match.icmpCodes) : portRanges(match.dstPorts),
    match.states === undefined ? anyState : stateRanges(match.states),
    match.tcpFlags === undefined ? anyProtocol : flagRanges(match.tcpFlags),
    portRanges(match.ingress),
    portRanges(match.egress),
  ]);
}

function productOf(axes: readonly (readonly Range[])[]): { rows: readonly ServiceRow[]; exact: boolean } {
  let count = 1;
  for (const axis of axes) count *= axis.length;
  if (count === 0) return { rows: [], exact: true };
  const exact = count <= maxCubesPerRule;
  let rows: number[][] = [[]];
  for (const axis of exact ? axes : axes.map((ranges) => [rangeHull(ranges)])) {
    const [first] = axis;
    if (axis.length === 1 && first !== undefined) for (const row of rows) row.push(first.lo, first.hi);
    else rows = rows.flatMap((row) => axis.map((range) => [...row, range.lo, range.hi]));
  }
  return { rows, exact };
}

function icmpOf(family: Family): Range {
  return family === 4 ? { lo: 1, hi: 1 } : { lo: 58, hi: 58 };
}

function portRanges(ranges: readonly Range[] | undefined): readonly Range[] {
  return ranges === undefined ? anyPort : intersectRanges(mergeRanges(ranges), anyPort);
}

/** The axis is 16 bits wide, so 255 stands for all that lies above it: else "every type" would leave a gap. */
function icmpRanges(ranges: readonly Range[] | undefined): readonly Range[] {
  if (ranges === undefined) return anyPort;
  const known = intersectRanges(mergeRanges(ranges), [{ lo: 0, hi: 255 }]);
  return known.map((range) => (range.hi === 255 ? { lo: range.lo, hi: 65535 } : range));
}

function stateRanges(states: readonly ConnectionState[]): readonly Range[] {
  return mergeRanges(
    states.map((state) => ({ lo: stateOrder.indexOf(state), hi: stateOrder.indexOf(state) })),
  );
}

function rangeHull(ranges: readonly Range[]): Range {
  return { lo: Math.min(...ranges.map((r) => r.lo)), hi: Math.max(...ranges.map((r) => r.hi)) };
}

function hullOf(block: Block): Block {
  const row = serviceMax.flatMap((_, axis) => [
    Math.min(...block.services.map((service) => service[axis * 2] as number)),
    Math.max(...block.services.map((service) => service[axis * 2 + 1] as number)),
  ]);
  return { family: block.family, src: addressHull(block.src), dst: addressHull(block.dst), services: [row] };
}

function addressHull(ranges: readonly AddressRange[]): AddressRange[] {
  const first = ranges[0];
  const last = ranges.at(-1);
  if (first === undefined || last === undefined) return [];
  return [{ family: first.family, lo: first.lo, hi: last.hi }];
}
