const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Parts of a device time as the vendors print them (UTC). */
export interface Calendar {
  readonly time: string;
  readonly milliseconds: string;
  readonly date: string;
  readonly weekday: string;
  readonly month: string;
  readonly day: number;
  readonly year: number;
}

/** Splits a time into what clocks print.
 *  @param at - milliseconds since 1970 */
export function calendarOf(at: number): Calendar {
  const iso = new Date(at).toISOString();
  const day = new Date(at).getUTCDate();
  const month = MONTHS[new Date(at).getUTCMonth()] ?? "";
  return {
    time: iso.slice(11, 19),
    milliseconds: iso.slice(20, 23),
    date: iso.slice(0, 10),
    weekday: DAYS[new Date(at).getUTCDay()] ?? "",
    month,
    day,
    year: new Date(at).getUTCFullYear(),
  };
}

/** `09:37:40 UTC Tue Aug 20 2024`, as headers and questions show it. */
export function longTime(at: number): string {
  const c = calendarOf(at);
  return `${c.time} UTC ${c.weekday} ${c.month} ${c.day} ${c.year}`;
}

/** `Aug 20 09:37:40.123`, as log lines start. */
export function logTime(at: number): string {
  const c = calendarOf(at);
  return `${c.month} ${String(c.day).padStart(2)} ${c.time}.${c.milliseconds}`;
}

/** `2 hours, 3 minutes` of a span in milliseconds. */
export function spanText(span: number): string {
  const minutes = Math.floor(span / 60_000);
  const parts = [
    [Math.floor(minutes / 10_080), "week"],
    [Math.floor(minutes / 1_440) % 7, "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ] as const;
  const shown = parts.filter(([count, unit]) => count > 0 || unit === "minute");
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(", ");
}
