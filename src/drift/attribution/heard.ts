import type { FullDriver } from "../../drivers/driver.ts";
import { readTime } from "../../drivers/evidence-time.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Evidence } from "./attribute.ts";
import type { SyslogMessage, SyslogMessages } from "./syslog.ts";

/** What a syslog server heard of one device, found by its names and addresses.
 *  @param timezone - IANA zone of the site: times without a zone are of its clocks */
export function heardOf(
  driver: Pick<FullDriver, "evidence">,
  intent: DeviceIntent,
  syslog: SyslogMessages,
  timezone: string,
): Evidence | undefined {
  const reader = driver.evidence;
  if (reader === undefined) return undefined;
  const messages = namesOf(intent).flatMap((name) => syslog.get(name) ?? []);
  if (messages.length === 0) return undefined;
  const nowMs = Date.now();
  const clock = { nowMs, offsetMinutes: offsetAt(timezone, nowMs) };
  const records = messages.flatMap((message) => {
    const atMs = readTime(message.time, clock)?.atMs;
    if (atMs === undefined) return [];
    const told = reader.message(textOf(message), message.program, atMs);
    return told ? [{ ...told, line: message.line }] : [];
  });
  // Two files may hold the same message; time decides, not the file.
  const ordered = [...new Map(records.map((one) => [one.line, one])).values()];
  ordered.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
  return { records: ordered, skewMs: 0, measured: false };
}

/** Vendors put their own header behind a syslog server's, `12: *Nov 22 …: %SYS-5-…`: readers look for the mark in it. */
function textOf(message: SyslogMessage): string {
  const mark = /%[A-Z%][\w%]*[-/][\w/-]*.*$/.exec(message.text);
  return mark?.[0] ?? message.text;
}

/** Names and addresses, in lower case, under which a device sends its messages. */
export function namesOf(intent: DeviceIntent): readonly string[] {
  const { hostname, domain } = intent.system;
  const { address, address6 } = intent.management;
  const names = [hostname, intent.name, address, address6, domain && `${hostname}.${domain}`];
  return [...new Set(names.flatMap((name) => name?.toLowerCase() ?? []))];
}

/** Minutes that a zone is ahead of UTC at a time. */
function offsetAt(timezone: string, atMs: number): number {
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
    const name = format.formatToParts(atMs).find((part) => part.type === "timeZoneName")?.value ?? "";
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
    const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
    return match?.[1] === "-" ? -minutes : minutes;
  } catch {
    return 0;
  }
}
