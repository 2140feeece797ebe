/** By which clock a log was written. */
export interface LogClock {
  /** What that clock said when the log was read, milliseconds since 1970. */
  readonly nowMs: number;
  /** How far its wall clock is ahead of UTC, minutes. */
  readonly offsetMinutes: number;
  /** Whether `nowMs` was told by the device and not taken for granted. */
  readonly told: boolean;
}

/** A time at the beginning of a text, and what follows it. */
interface ReadTime {
  readonly atMs: number;
  readonly rest: string;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** A clock may be a day ahead of ours before a date without a year is taken for last year's. */
const AHEAD_MS = 86_400_000;

const ISO =
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)[T ](\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d)?/;
const BSD =
  /^([A-Z][a-z]{2})\s+(\d\d?)\s+(?:(\d{4})\s+)?(\d\d?):(\d\d):(\d\d)(?:[.:](\d{1,6}))?(?:\s+(\d{4})\b)?(?:\s+(UTC|GMT)\b)?/;
const LONG =
  /^(\d\d?):(\d\d):(\d\d)(?:\.(\d{1,6}))?\s+(\S+)\s+[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d\d?)\s+(\d{4})/;

/** Reads a time as devices and syslog servers write it: ISO, `Nov 22 10:01:02` with or without a year,
 *  `10:01:02.123 UTC Sun Nov 22 2026`. A time without a zone is of the clock's zone; one without a year is the latest
 *  that is not in the future. */
export function readTime(
  text: string,
  clock: Pick<LogClock, "nowMs" | "offsetMinutes">,
): ReadTime | undefined {
  const iso = ISO.exec(text);
  if (iso) {
    const [whole, year, month, day, hour, minute, second, fraction, zone] = iso;
    const at = utc([year, month, day, hour, minute, second, fraction]);
    return timed(text, whole, at, zone === undefined ? clock.offsetMinutes : offsetOf(zone));
  }
  const bsd = BSD.exec(text);
  if (bsd) {
    const [whole, name = "", day, yearBefore, hour, minute, second, fraction, yearAfter, zone] = bsd;
    const month = String(MONTHS.indexOf(name.toLowerCase()) + 1);
    const offset = zone === undefined ? clock.offsetMinutes : 0;
    const year = yearBefore ?? yearAfter;
    const of = (number: number): number | undefined =>
      utc([String(number), month, day, hour, minute, second, fraction]);
    if (year !== undefined) return timed(text, whole, of(Number(year)), offset);
    const now = new Date(clock.nowMs + offset * 60_000).getUTCFullYear();
    const latest = [now + 1, now, now - 1]
      .map(of)
      .find((at) => at !== undefined && at - offset * 60_000 <= clock.nowMs + AHEAD_MS);
    return timed(text, whole, latest, offset);
  }
  const long = LONG.exec(text);
  if (!long) return undefined;
  const [whole, hour, minute, second, fraction, zone = "", name = "", day, year] = long;
  const month = String(MONTHS.indexOf(name.toLowerCase()) + 1);
  const offset = /^(UTC|GMT|Z)$/i.test(zone) ? 0 : clock.offsetMinutes;
  return timed(text, whole, utc([year, month, day, hour, minute, second, fraction]), offset);
}

function timed(text: string, whole: string, at: number | undefined, offset: number): ReadTime | undefined {
  if (at === undefined) return undefined;
  return { atMs: at - offset * 60_000, rest: text.slice(whole.length) };
}

/** Milliseconds of a date; undefined for one that no calendar has. */
function utc(parts: readonly (string | undefined)[]): number | undefined {
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const milliseconds = Number(`${parts[6] ?? ""}000`.slice(0, 3));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, Math.min(second ?? 0, 59), milliseconds);
  const back = new Date(at);
  const real = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour;
  return real && back.getUTCMinutes() === minute ? at : undefined;
}

/** Minutes ahead of UTC of `+08:00`, `-0500`, `Z`. */
export function offsetOf(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)/.exec(zone);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}
