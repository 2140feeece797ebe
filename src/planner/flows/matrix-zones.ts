import type { AddressAxis } from "./space.ts";
import { rankOfHigh, rankOfLow } from "./space.ts";
import type { FlowZone } from "./types.ts";

/** The subnets of all zones as rank ranges, sorted, and which cell each pair of zones is. */
export interface ZoneMap {
  readonly count: number;
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  readonly zone: Int32Array;
  /** Subnets that touch a range, remembered by its ends. */
  readonly touched: Map<number, Int32Array>;
  readonly axisSize: number;
}

/** Places the subnets of the zones on the address axis. */
export function placeZones(axis: AddressAxis, zones: readonly FlowZone[]): ZoneMap {
  const subnets = zones.flatMap((zone, number) =>
    zone.ranges.map((range) => ({
      lo: rankOfLow(axis, range.family, range.lo),
      hi: rankOfHigh(axis, range.family, range.hi),
      zone: number,
    })),
  );
  subnets.sort((a, b) => a.lo - b.lo || a.hi - b.hi || a.zone - b.zone);
  return {
    count: subnets.length,
    lo: Int32Array.from(subnets, (subnet) => subnet.lo),
    hi: Int32Array.from(subnets, (subnet) => subnet.hi),
    zone: Int32Array.from(subnets, (subnet) => subnet.zone),
    touched: new Map(),
    axisSize: axis.size,
  };
}

/** Numbers of the subnets that share an address with the ranks from `lo` to `hi`. */
export function subnetsTouching(map: ZoneMap, lo: number, hi: number): Int32Array {
  const key = lo * map.axisSize + hi;
  const known = map.touched.get(key);
  if (known !== undefined) return known;
  const found: number[] = [];
  for (let subnet = 0; subnet < map.count; subnet += 1) {
    if ((map.lo[subnet] as number) <= hi && (map.hi[subnet] as number) >= lo) found.push(subnet);
  }
  const numbers = Int32Array.from(found);
  map.touched.set(key, numbers);
  return numbers;
}
