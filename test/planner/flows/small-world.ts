import fc from "fast-check";
import { matchesPacket } from "../../../src/planner/flows/test-packet.ts";
import type {
  Action,
  AddressTerm,
  ConnectionState,
  FilterList,
  FilterRule,
  FlowBox,
  Match,
  Packet,
  Range,
} from "../../../src/planner/flows/types.ts";

/** A world so small that every kind of packet in it can be tried: addresses 0 to 3 (IPv4) and 0 to 1 (IPv6), ports 0
 *  to 2, and one value beyond each that stands for all the rest. */

const range = (max: number): fc.Arbitrary<Range> =>
  fc.tuple(fc.nat(max), fc.nat(max)).map(([a, b]) => ({ lo: Math.min(a, b), hi: Math.max(a, b) }));

const term: fc.Arbitrary<AddressTerm> = fc.oneof(
  range(3).map(({ lo, hi }) => ({ family: 4 as const, lo: BigInt(lo), hi: BigInt(hi) })),
  range(1).map(({ lo, hi }) => ({ family: 6 as const, lo: BigInt(lo), hi: BigInt(hi) })),
  fc
    .tuple(fc.nat(3), fc.nat(3))
    .map(([value, wildcard]) => ({ family: 4 as const, value: BigInt(value), wildcard: BigInt(wildcard) })),
  fc.constant({ family: 4 as const, lo: 0n, hi: 0xffffffffn }),
  fc.constant({ family: 6 as const, lo: 0n, hi: (1n << 128n) - 1n }),
);

const terms = fc.array(term, { minLength: 0, maxLength: 2 });
const ranges = (max: number) => fc.array(range(max), { minLength: 0, maxLength: 2 });
const one = (value: number): Range[] => [{ lo: value, hi: value }];

const addresses = fc.record({ src: terms, dst: terms, family: fc.constantFrom(4, 6) }, { requiredKeys: [] });

const byPorts = fc.record(
  {
    protocols: fc.constantFrom(one(6), one(17), [{ lo: 6, hi: 17 }]),
    srcPorts: ranges(2),
    dstPorts: ranges(2),
  },
  { requiredKeys: [] },
);

const byIcmp = fc.record(
  {
    protocols: fc.constantFrom(one(1), one(58), [{ lo: 0, hi: 255 }]),
    icmpTypes: fc.constantFrom(one(0), [{ lo: 0, hi: 1 }], [{ lo: 1, hi: 255 }], [{ lo: 0, hi: 255 }]),
    icmpCodes: fc.constantFrom(one(0), [{ lo: 0, hi: 255 }], [{ lo: 1, hi: 255 }]),
  },
  { requiredKeys: ["icmpTypes"] },
);

const byState = fc.record(
  {
    states: fc.subarray<ConnectionState>(["new", "established", "invalid"]),
    tcpFlags: fc.array(
      fc.constantFrom(
        { mask: 16, value: 16 },
        { mask: 4, value: 4 },
        { mask: 18, value: 2 },
        { mask: 2, value: 0 },
        { mask: 2, value: 4 },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const portMatch: fc.Arbitrary<Match> = fc
  .tuple(addresses, fc.oneof({ weight: 3, arbitrary: byPorts }, byIcmp))
  .map(([where, what]) => ({ ...where, ...what }) as Match);

const stateMatch: fc.Arbitrary<Match> = fc
  .tuple(addresses, fc.oneof({ weight: 3, arbitrary: byState }, fc.constant({ protocols: one(6) })))
  .map(([where, what]) => ({ ...where, ...what }) as Match);

/** Which conditions the rules of a world use; ports and flags together would make too many packets to try. */
export type Theme = "ports" | "states";

function ruleBodies(theme: Theme, inexact: boolean): fc.Arbitrary<Omit<FilterRule, "id">> {
  const match = theme === "ports" ? portMatch : stateMatch;
  const matches = fc.oneof(
    { weight: 6, arbitrary: fc.array(match, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<Match[]>([{}]) },
    { weight: 1, arbitrary: fc.constant<Match[]>([]) },
  );
  const action = fc.constantFrom<Action>("permit", "deny");
  const exact = fc.record({ action, matches, exact: fc.constant(true) });
  if (!inexact) return exact;
  const loose = fc.record(
    { action, matches, exact: fc.constant(false), condition: fc.constantFrom("night", "app web") },
    { requiredKeys: ["action", "matches", "exact"] },
  );
  return fc.oneof({ weight: 2, arbitrary: exact }, loose);
}

/** Filters of the small world. Some repeat earlier rules, so that duplicates and covers occur often. */
export function filters(
  theme: Theme,
  options: { readonly inexact?: boolean } = {},
): fc.Arbitrary<FilterList> {
  const bodies = fc.array(ruleBodies(theme, options.inexact ?? false), { minLength: 1, maxLength: 6 });
  const repeats = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 2 });
  return fc
    .tuple(bodies, repeats, fc.constantFrom<Action>("permit", "deny"))
    .map(([list, copies, defaultAction]) => {
      const all = [...list];
      for (const [from, at] of copies) {
        const body = all[from % all.length];
        if (body !== undefined) all.splice(at % (all.length + 1), 0, body);
      }
      return { rules: all.map((body, place) => ({ ...body, id: `r${place}` })), defaultAction };
    });
}

/** One packet of every kind that the rules of a theme can tell apart. */
export function allPackets(theme: Theme): Packet[] {
  const packets: Packet[] = [];
  for (const [family, top] of [
    [4, 4],
    [6, 2],
  ] as const) {
    for (let src = 0; src <= top; src += 1) {
      for (let dst = 0; dst <= top; dst += 1) {
        const base = { family, src: BigInt(src), dst: BigInt(dst), state: "new" as const, tcpFlags: 0 };
        packets.push(...(theme === "ports" ? portPackets(base) : statePackets(base)));
      }
    }
  }
  return packets;
}

type Base = Pick<Packet, "family" | "src" | "dst" | "state" | "tcpFlags">;

function portPackets(base: Base): Packet[] {
  const packets: Packet[] = [0, 8, 47, base.family === 4 ? 58 : 1].map((protocol) => ({
    ...base,
    protocol,
    srcPort: 0,
    dstPort: 0,
  }));
  for (const protocol of [6, 17, 132, base.family === 4 ? 1 : 58]) {
    for (let srcPort = 0; srcPort <= 3; srcPort += 1) {
      for (let dstPort = 0; dstPort <= 3; dstPort += 1) packets.push({ ...base, protocol, srcPort, dstPort });
    }
  }
  return packets;
}

function statePackets(base: Base): Packet[] {
  const packets: Packet[] = [];
  for (const state of ["new", "established", "related", "invalid"] as const) {
    packets.push({ ...base, state, protocol: 17, srcPort: 0, dstPort: 0 });
    for (const tcpFlags of [0, 2, 4, 6, 16, 18, 20, 22]) {
      packets.push({ ...base, state, protocol: 6, srcPort: 0, dstPort: 0, tcpFlags });
    }
  }
  return packets;
}

/** Tells whether a rule matches, with inexact conditions set as `truth` says. */
export function ruleMatches(
  rule: FilterRule,
  packet: Packet,
  truth: ReadonlyMap<string, boolean> = new Map(),
): boolean {
  if (!rule.exact && truth.get(rule.condition ?? rule.id) !== true) return false;
  return rule.matches.some((match) => matchesPacket(match, packet));
}

/** The first rule that matches, or undefined. */
export function firstMatch(
  list: FilterList,
  packet: Packet,
  truth?: ReadonlyMap<string, boolean>,
): FilterRule | undefined {
  return list.rules.find((rule) => ruleMatches(rule, packet, truth));
}

/** What a filter does with a packet, by trying its rules. */
export function verdictOf(list: FilterList, packet: Packet, truth?: ReadonlyMap<string, boolean>): Action {
  return firstMatch(list, packet, truth)?.action ?? list.defaultAction;
}

/** Every way in which the inexact conditions of some filters may turn out. */
export function truths(...lists: readonly FilterList[]): Map<string, boolean>[] {
  const names = new Set(
    lists.flatMap((list) =>
      list.rules.filter((rule) => !rule.exact).map((rule) => rule.condition ?? rule.id),
    ),
  );
  let all = [new Map<string, boolean>()];
  for (const name of names) {
    all = all.flatMap((truth) => [new Map([...truth, [name, false]]), new Map([...truth, [name, true]])]);
  }
  return all;
}

/** Tells whether a packet lies in a box. */
export function boxHolds(box: FlowBox, packet: Packet): boolean {
  const within = (area: Range, value: number): boolean => area.lo <= value && value <= area.hi;
  if (box.family !== packet.family) return false;
  if (packet.src < box.src.lo || packet.src > box.src.hi) return false;
  if (packet.dst < box.dst.lo || packet.dst > box.dst.hi) return false;
  if (!within(box.protocols, packet.protocol) || !box.states.includes(packet.state)) return false;
  const icmp = packet.protocol === (packet.family === 4 ? 1 : 58);
  if (icmp || [6, 17, 33, 132, 136].includes(packet.protocol)) {
    if (!within(box.srcPorts, packet.srcPort) || !within(box.dstPorts, packet.dstPort)) return false;
  }
  if (packet.protocol !== 6 || box.tcpFlags === undefined) return true;
  return box.tcpFlags.some(({ mask, value }) => (packet.tcpFlags & mask) === value);
}

/** The engines that must agree; the tight one hands over to the diagram after a few splits. */
export const engines = [
  { engine: "cubes" },
  { engine: "diagram" },
  { engine: "auto", stepBudget: 3 },
] as const;
