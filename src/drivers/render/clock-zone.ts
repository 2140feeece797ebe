/** A zone's rule as a device needs it: a fixed offset, and daylight saving where the zone has it. */
export interface ClockZone {
  readonly name: string;
  readonly offsetMinutes: number;
  readonly summer?: { readonly name: string; readonly rule: "europe" | "america" };
}

/** Names that people know; any other zone is called by its offset. */
const NAMES: Readonly<Record<string, string>> = {
  "Asia/Shanghai": "CST",
  "Asia/Hong_Kong": "HKT",
  "Asia/Taipei": "CST",
  "Asia/Singapore": "SGT",
  "Asia/Tokyo": "JST",
  "Asia/Seoul": "KST",
  "Europe/London": "GMT",
  "Europe/Berlin": "CET",
  "Europe/Paris": "CET",
  "Europe/Zurich": "CET",
  "Europe/Vienna": "CET",
  "Europe/Amsterdam": "CET",
  "Europe/Madrid": "CET",
  "Europe/Rome": "CET",
  "America/New_York": "EST",
  "America/Chicago": "CST",
  "America/Denver": "MST",
  "America/Los_Angeles": "PST",
};

const SUMMER_NAMES: Readonly<Record<string, string>> = {
  GMT: "BST",
  CET: "CEST",
  EST: "EDT",
  CST: "CDT",
  MST: "MDT",
  PST: "PDT",
};

/** The middle of each month of a year; a zone whose offset does anything but two plain changes is none of ours. */
const MONTHS = Array.from({ length: 24 }, (_, half) =>
  Date.UTC(2026, Math.floor(half / 2), half % 2 === 0 ? 10 : 20, 12),
);
const JANUARY = 0;
const JULY = 13;

const known = new Map<string, ClockZone | undefined>();

/** Looks an IANA zone up; undefined where the zone is unknown or its daylight saving follows a rule of its own. */
export function clockZone(iana: string): ClockZone | undefined {
  if (!known.has(iana)) known.set(iana, findZone(iana));
  return known.get(iana);
}

function findZone(iana: string): ClockZone | undefined {
  const format = formatOf(iana);
  if (format === undefined) return undefined;
  const offsets = MONTHS.map((at) => offsetAt(format, at));
  const winter = offsets[JANUARY];
  const summer = offsets[JULY];
  if (winter === undefined || summer === undefined) return undefined;
  if (offsets.some((offset) => offset !== winter && offset !== summer)) return undefined;
  const name = NAMES[iana] ?? nameOf(winter);
  if (winter === summer) return { name, offsetMinutes: winter };
  if (summer !== winter + 60) return undefined;
  const rule = ruleOf(iana);
  return rule && { name, offsetMinutes: winter, summer: { name: SUMMER_NAMES[name] ?? `${name}S`, rule } };
}

function ruleOf(iana: string): "europe" | "america" | undefined {
  if (iana.startsWith("Europe/")) return "europe";
  if (/^America\/(New_York|Chicago|Denver|Los_Angeles|Detroit|Toronto|Boise|Phoenix)$/.test(iana))
    return "america";
  return undefined;
}

function formatOf(iana: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: iana, timeZoneName: "longOffset" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function offsetAt(format: Intl.DateTimeFormat, at: number): number | undefined {
  const text = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text ?? "");
  if (!match) return undefined;
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === "-" ? -minutes : minutes;
}

function nameOf(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "UTC";
  const hours = Math.trunc(Math.abs(offsetMinutes) / 60);
  return `${offsetMinutes < 0 ? "W" : "E"}${hours}`;
}
