import type { ServiceHours } from "../../model/alert.ts";

/** Every zone's offset is a multiple of a quarter of an hour, and so is every edge of the service hours. */
const SLOT_MS = 15 * 60_000;
/** More than any target: a longer gap counts as this much, so that a wrong clock costs no time. */
const LONGEST_MS = 120 * 24 * 3_600_000;

/** Counts service time between two moments. */
export interface ServiceCalendar {
  /** Milliseconds of service time from one moment to a later one; 0 where the clock went back. */
  served(fromMs: number, toMs: number): number;
  /** The local day of a moment, `2026-03-01`. */
  day(ms: number): string;
}

/** Opens the calendar of a client's service hours on a site's clock.
 *  @param timezone - IANA name; one that does not exist counts as UTC */
export function openCalendar(hours: ServiceHours, timezone: string): ServiceCalendar {
  const format = formatFor(timezone);
  const isServed = new Map<number, boolean>();
  const sums = new Map<string, number>();
  const slotServed = (slot: number): boolean => {
    const known = isServed.get(slot) ?? serves(hours, localTime(format, slot * SLOT_MS));
    isServed.set(slot, known);
    return known;
  };
  return {
    served(fromMs, toMs) {
      if (toMs <= fromMs) return 0;
      const start = Math.max(fromMs, toMs - LONGEST_MS);
      if (hours === "24x7") return toMs - start;
      const key = `${start} ${toMs}`;
      const sum = sums.get(key) ?? sumSlots(start, toMs, slotServed);
      sums.set(key, sum);
      return sum;
    },
    day: (ms) => localTime(format, ms).date,
  };
}

function sumSlots(fromMs: number, toMs: number, isServed: (slot: number) => boolean): number {
  let sum = 0;
  for (let slot = Math.floor(fromMs / SLOT_MS); slot * SLOT_MS < toMs; slot += 1) {
    if (!isServed(slot)) continue;
    sum += Math.min(toMs, (slot + 1) * SLOT_MS) - Math.max(fromMs, slot * SLOT_MS);
  }
  return sum;
}

interface LocalTime {
  readonly weekday: string;
  readonly hour: number;
  readonly date: string;
}

function serves(hours: ServiceHours, local: LocalTime): boolean {
  if (hours === "24x7") return true;
  if (hours === "7x12") return local.hour >= 8 && local.hour < 20;
  const weekend = local.weekday === "Sat" || local.weekday === "Sun";
  return !weekend && local.hour >= 9 && local.hour < 17;
}

function localTime(format: Intl.DateTimeFormat, ms: number): LocalTime {
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    weekday: get("weekday"),
    hour: Number(get("hour")),
    date: `${get("year")}-${get("month")}-${get("day")}`,
  };
}

function formatFor(timezone: string): Intl.DateTimeFormat {
  const options = {
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: timezone });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "Etc/UTC" });
  }
}
