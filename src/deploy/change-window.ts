import type { ChangeWindow, Freeze } from "../model/site.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
type Day = (typeof DAYS)[number];

/** A moment as the clock on the site's wall shows it. */
interface LocalTime {
  readonly day: Day;
  /** ISO day, `2026-03-01`. */
  readonly date: string;
  readonly minutes: number;
}

/** The change window that is open at a moment; one that runs past midnight belongs to the day it starts on. */
export function windowAt(
  windows: readonly ChangeWindow[],
  timezone: string,
  now: Date,
): ChangeWindow | undefined {
  const local = localTime(now, timezone);
  return windows.find((window) => isOpen(window, local));
}

/** The freeze that covers a moment. */
export function freezeAt(freezes: readonly Freeze[], timezone: string, now: Date): Freeze | undefined {
  const { date } = localTime(now, timezone);
  return freezes.find((freeze) => freeze.from <= date && date <= freeze.to);
}

/** Spells a window: `weekly sat 22:00-02:00`. */
export function describeWindow(window: ChangeWindow): string {
  return `${window.name} ${window.days.join(",")} ${window.from}-${window.to}`;
}

function isOpen(window: ChangeWindow, local: LocalTime): boolean {
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  const today = window.days.includes(local.day);
  if (from < to) return today && local.minutes >= from && local.minutes < to;
  if (today && local.minutes >= from) return true;
  return window.days.includes(dayBefore(local.day)) && local.minutes < to;
}

function dayBefore(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] ?? "sun";
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function localTime(now: Date, timezone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(now).map((part) => [part.type, part.value]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    day: get("weekday").toLowerCase().slice(0, 3) as Day,
    date: `${get("year")}-${get("month")}-${get("day")}`,
    minutes: Number(get("hour")) * 60 + Number(get("minute")),
  };
}
