import { prefixRange } from "../src/planner/flows/ranges.ts";
import type {
  AddressRange,
  Family,
  FilterList,
  FilterRule,
  FlowCell,
  FlowZone,
  Match,
} from "../src/planner/flows/types.ts";

/** A repeatable source of numbers (xorshift32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A made-up estate: zones of 1 to 3 subnets, address objects in them, services. */
export interface Estate {
  readonly zones: readonly FlowZone[];
  readonly objects: readonly (readonly AddressRange[])[];
  readonly services: readonly Match[];
}

/** Makes `zoneCount` zones, about nine address objects for each, and 62 services. */
export function makeEstate(zoneCount: number, family: Family, random: (below: number) => number): Estate {
  const zones: FlowZone[] = [];
  const objects: AddressRange[][] = [];
  const net = (zone: number, subnet: number): AddressRange =>
    family === 4
      ? prefixRange(4, BigInt(0x0a000000 + zone * 0x10000 + subnet * 0x100), 24)
      : prefixRange(6, (0x20010db8n << 96n) | (BigInt(zone * 256 + subnet) << 64n), 64);
  for (let zone = 0; zone < zoneCount; zone += 1) {
    const ranges = Array.from({ length: 1 + random(3) }, (_, subnet) => net(zone, subnet));
    zones.push({ id: `z${zone}`, ranges });
    objects.push(ranges, ...ranges.map((range) => [range]));
    for (let host = 0; host < 6; host += 1) {
      const subnet = ranges[random(ranges.length)] as AddressRange;
      const lo = subnet.lo + BigInt(1 + random(250));
      objects.push([host < 5 ? { family, lo, hi: lo } : { family, lo, hi: lo + 3n }]);
    }
  }
  return { zones, objects, services: makeServices(random) };
}

function makeServices(random: (below: number) => number): Match[] {
  const tcp = [{ lo: 6, hi: 6 }];
  const udp = [{ lo: 17, hi: 17 }];
  const services: Match[] = [{ protocols: tcp }, { protocols: udp }];
  for (let k = 0; k < 42; k += 1) services.push({ protocols: tcp, dstPorts: one(20 + random(9000)) });
  for (let k = 0; k < 12; k += 1) services.push({ protocols: udp, dstPorts: one(53 + random(5000)) });
  for (let k = 0; k < 6; k += 1) {
    const lo = 1024 + random(30000);
    services.push({ protocols: tcp, dstPorts: [{ lo, hi: lo + random(2000) }] });
  }
  return services;
}

function one(value: number): { lo: number; hi: number }[] {
  return [{ lo: value, hi: value }];
}

/** Rules as long-lived firewalls have them: 3 % any source, 3 % any destination, 2 % any service, 78 % permits. */
export function makeRules(
  estate: Estate,
  count: number,
  family: Family,
  random: (below: number) => number,
): FilterList {
  const rules: FilterRule[] = [];
  for (let k = 0; k < count; k += 1) {
    const service = random(100) < 2 ? {} : estate.services[random(estate.services.length)];
    const match: Match = {
      family,
      ...(random(100) < 3 ? {} : { src: estate.objects[random(estate.objects.length)] ?? [] }),
      ...(random(100) < 3 ? {} : { dst: estate.objects[random(estate.objects.length)] ?? [] }),
      ...service,
    };
    rules.push({ id: `r${k}`, action: random(100) < 78 ? "permit" : "deny", matches: [match], exact: true });
  }
  return { rules, defaultAction: "deny" };
}

/** A matrix that allows in each cell just the services that some rule permits there: every proof must run to its end. */
export function makeTightCells(estate: Estate, filter: FilterList): FlowCell[] {
  const allowed = new Map<string, Set<Match>>();
  const pure = new Map(estate.services.map((service) => [JSON.stringify(service), service]));
  const anything: Match = {};
  for (const rule of filter.rules) {
    if (rule.action === "deny") continue;
    const [match] = rule.matches;
    if (match === undefined) continue;
    const { protocols, dstPorts } = match;
    const service = { ...(protocols && { protocols }), ...(dstPorts && { dstPorts }) };
    const known = pure.get(JSON.stringify(service)) ?? anything;
    for (const from of zonesOf(estate, match.src as readonly AddressRange[] | undefined)) {
      for (const to of zonesOf(estate, match.dst as readonly AddressRange[] | undefined)) {
        const cell = allowed.get(`${from} ${to}`) ?? new Set();
        allowed.set(`${from} ${to}`, cell.add(known));
      }
    }
  }
  return [...allowed].map(([pair, matches]) => {
    const [from = "", to = ""] = pair.split(" ");
    return { from, to, allowed: [...matches] };
  });
}

function zonesOf(estate: Estate, ranges: readonly AddressRange[] | undefined): string[] {
  if (ranges === undefined) return estate.zones.map((zone) => zone.id);
  const touched = estate.zones.filter((zone) =>
    zone.ranges.some((subnet) => ranges.some((range) => range.lo <= subnet.hi && subnet.lo <= range.hi)),
  );
  return touched.map((zone) => zone.id);
}

/** Wide boxes that overlap in every dimension and do not resemble each other: the case that hurts. */
export function makeWideBoxes(count: number, random: (below: number) => number): FilterList {
  const span = (max: number): { lo: number; hi: number } => {
    const width = Math.max(1, Math.floor((max * (1 + random(80))) / 100));
    const lo = random(max - width + 1);
    return { lo, hi: lo + width };
  };
  const wide = (): AddressRange => {
    const { lo, hi } = span(0xffffffff);
    return { family: 4, lo: BigInt(lo), hi: BigInt(hi) };
  };
  const ported = [6, 17, 33, 132, 136];
  const rules = Array.from({ length: count }, (_, k): FilterRule => {
    const first = random(ported.length);
    const protocols = ported.slice(first, first + 1 + random(ported.length)).flatMap(one);
    const match = {
      family: 4 as const,
      src: [wide()],
      dst: [wide()],
      protocols,
      srcPorts: [span(65535)],
      dstPorts: [span(65535)],
    };
    return { id: `r${k}`, action: random(2) === 0 ? "permit" : "deny", matches: [match], exact: true };
  });
  return { rules, defaultAction: "deny" };
}
