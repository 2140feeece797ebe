import { serviceMax, stateOrder } from "./expand.ts";
import type { Space } from "./space.ts";
import { addressesOf, baseAxes } from "./space.ts";
import { flagBits, flagMatches, flagRank } from "./tcp-flags.ts";
import type { AddressRange, ConnectionState, Flow, FlowBox, Packet, Range, WitnessHints } from "./types.ts";

/** Ports that a reader knows, best first. */
const usualPorts = [
  443, 22, 3389, 445, 80, 53, 25, 23, 21, 1433, 3306, 5432, 8080, 8443, 161, 123, 514,
] as const;

const protocolsWithPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

/** Spells a box in addresses and numbers. */
export function decodeBox(space: Space, box: Int32Array): FlowBox {
  const axes = serviceMax.map((max): Range => ({ lo: 0, hi: max }));
  const conditions: { condition: string; holds: boolean }[] = [];
  for (let dim = 2; dim < space.dims; dim += 1) {
    const axis = space.active[dim] as number;
    const lo = box[dim * 2] as number;
    const hi = box[dim * 2 + 1] as number;
    if (axis < baseAxes) axes[axis - 2] = { lo, hi };
    else if (lo === hi)
      conditions.push({ condition: space.conditions[axis - baseAxes] ?? "", holds: lo === 1 });
  }
  const [protocols, srcPorts, dstPorts, states, flags, ingress, egress] = axes as [
    Range,
    Range,
    Range,
    Range,
    Range,
    Range,
    Range,
  ];
  const src = addressesOf(space.axis, box[0] as number, box[1] as number);
  const dst = addressesOf(space.axis, box[2] as number, box[3] as number);
  return {
    family: src.family,
    src,
    dst,
    protocols,
    srcPorts,
    dstPorts,
    states: stateOrder.slice(states.lo, states.hi + 1),
    ...(flags.lo === 0 && flags.hi === 255 ? {} : { tcpFlags: flagMatches(flags) }),
    ingress,
    egress,
    conditions,
  };
}

/** Spells a box and chooses a packet out of it. */
export function describeFlow(space: Space, box: Int32Array, hints: WitnessHints = {}): Flow {
  const spelled = decodeBox(space, box);
  return { box: spelled, witness: chooseWitness(spelled, hints), certain: spelled.conditions.length === 0 };
}

/** Chooses a packet of the box that a person would recognise: known hosts, usual ports, an ephemeral source port. */
export function chooseWitness(box: FlowBox, hints: WitnessHints = {}): Packet {
  const protocol = chooseNumber(box.protocols, [6, 17, box.family === 4 ? 1 : 58]);
  const ports = choosePorts(box, protocol, hints);
  const state = chooseState(box);
  return {
    family: box.family,
    src: chooseAddress(box.src, hints),
    dst: chooseAddress(box.dst, hints),
    protocol,
    ...ports,
    state,
    tcpFlags: protocol === 6 ? chooseFlags(box, state) : 0,
    ...(box.ingress.lo === 0 ? {} : { ingress: box.ingress.lo }),
    ...(box.egress.lo === 0 ? {} : { egress: box.egress.lo }),
  };
}

function choosePorts(
  box: FlowBox,
  protocol: number,
  hints: WitnessHints,
): { srcPort: number; dstPort: number } {
  if (protocol === (box.family === 4 ? 1 : 58)) {
    const echo = box.family === 4 ? 8 : 128;
    return {
      srcPort: chooseNumber({ lo: Math.min(box.srcPorts.lo, 255), hi: Math.min(box.srcPorts.hi, 255) }, [
        echo,
      ]),
      dstPort: Math.min(box.dstPorts.lo, 255),
    };
  }
  if (!protocolsWithPorts.has(protocol)) return { srcPort: 0, dstPort: 0 };
  const { lo, hi } = box.srcPorts;
  const source = hi >= 49152 ? Math.max(lo, 49152) : Math.max(lo, Math.min(hi, 1024));
  return { srcPort: source, dstPort: chooseNumber(box.dstPorts, [...(hints.ports ?? []), ...usualPorts]) };
}

function chooseNumber(range: Range, preferred: readonly number[]): number {
  return (
    preferred.find((value) => value >= range.lo && value <= range.hi) ??
    Math.max(range.lo, Math.min(range.hi, 1))
  );
}

function chooseAddress(range: AddressRange, hints: WitnessHints): bigint {
  const host = hints.hosts?.find(
    (known) => known.family === range.family && known.address >= range.lo && known.address <= range.hi,
  );
  if (host !== undefined) return host.address;
  const everything = range.lo === 0n && range.hi - range.lo >= 1n << 31n;
  if (everything)
    return range.family === 4 ? firstIn(range, 0xc6336401n) : firstIn(range, documentationHost6);
  return range.hi - range.lo > 2n ? range.lo + 1n : range.lo;
}

/** 2001:db8::1, the documentation prefix of RFC 3849; 198.51.100.1 of RFC 5737 stands for "any" in IPv4. */
const documentationHost6 = 0x20010db8000000000000000000000001n;

function firstIn(range: AddressRange, preferred: bigint): bigint {
  return preferred >= range.lo && preferred <= range.hi ? preferred : range.lo + 1n;
}

function chooseState(box: FlowBox): ConnectionState {
  return box.states[0] ?? "new";
}

/** SYN opens, ACK goes on; else the first combination of the box. */
function chooseFlags(box: FlowBox, state: ConnectionState): number {
  const matches = box.tcpFlags;
  const preferred = state === "new" ? [2, 16] : [16, 2];
  if (matches === undefined) return preferred[0] as number;
  const usual = preferred.find((bits) => matches.some((match) => (bits & match.mask) === match.value));
  return usual ?? flagBits(Math.min(...matches.map((match) => flagRank(match.value))));
}
