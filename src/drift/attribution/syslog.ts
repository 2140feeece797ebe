/** A message of a syslog server's file, its time still as it stood. */
export interface SyslogMessage {
  /** Time and what the header says of it, at the beginning of `time`. */
  readonly time: string;
  /** Name or address of who sent it. */
  readonly host: string;
  readonly program: string | undefined;
  readonly text: string;
  readonly line: string;
}

/** Messages by the name or address of who sent them, in lower case, in the order of the files. */
export type SyslogMessages = ReadonlyMap<string, readonly SyslogMessage[]>;

const PRIORITY = /^<\d{1,3}>/;
/** RFC 5424: `1 2026-11-22T10:01:02Z host program pid id [data] text`; a server's file may leave `1` out. */
const MODERN =
  /^1 (\S+) (\S+) (\S+) \S+ \S+ (?:-|((?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*"|\\.)*\])+))(?: \uFEFF?(.*))?$/;
/** RFC 3164, and what rsyslog and syslog-ng write by default: time, host, program with pid, text. */
const CLASSIC =
  /^((?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)|(?:[A-Z][a-z]{2}\s+\d\d?(?:\s+\d{4})?\s+\d\d:\d\d:\d\d(?:\.\d+)?(?:\s+\d{4})?))\s+(\S+)\s+(.*)$/;
const TAG = /^([A-Za-z_][\w./-]{0,47})(?:\[\d+\])?:\s(.*)$/;

/** Reads one line of a syslog file, RFC 5424 or RFC 3164; undefined for what is neither. */
export function parseSyslogLine(raw: string): SyslogMessage | undefined {
  const line = raw.replace(PRIORITY, "");
  const modern = MODERN.exec(line);
  if (modern) {
    const [, time = "", host = "", name = "-", , text = ""] = modern;
    return { time, host: host.toLowerCase(), program: name === "-" ? undefined : name, text, line };
  }
  const classic = CLASSIC.exec(line);
  if (!classic) return undefined;
  const [, time = "", host = "", rest = ""] = classic;
  const tagged = TAG.exec(rest);
  return {
    time,
    host: host.toLowerCase(),
    program: tagged?.[1],
    text: tagged?.[2] ?? rest,
    line,
  };
}
