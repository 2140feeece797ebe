import type { ReadFilters } from "../planner/filters/types.ts";
import { driverFor, platforms } from "./registry.ts";

/** Platforms whose filters can be read although no driver of theirs is there yet. */
const OFFLINE: ReadonlyMap<string, ReadFilters> = new Map<string, ReadFilters>([]);

/** How the filters of a platform are read; undefined where nobody can.
 *  A driver's own reading goes before the offline one. */
export function filterReaderFor(platform: string): ReadFilters | undefined {
  return driverFor(platform)?.filters ?? OFFLINE.get(platform);
}

/** Platforms whose filters can be read, sorted. */
export function filterPlatforms(): readonly string[] {
  const own = platforms().filter((name) => driverFor(name)?.filters !== undefined);
  return [...new Set([...own, ...OFFLINE.keys()])].sort();
}
