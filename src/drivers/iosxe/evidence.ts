import { type Answers, type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { type LogClock, readTime } from "../evidence-time.ts";

/** Who configured an IOS or IOS-XE device: the header of the running configuration, the configuration log, the log
 *  buffer. */
export const iosxeEvidence: EvidenceReader = {
  commands: {
    clock: "show clock",
    zone: "show running-config | include ^clock |^service timestamps log",
    header: "show running-config | include Last configuration change",
    typed: "show archive log config all",
    buffer: "show logging",
  },
  clock,
  read,
  message: (text, _program, atMs) => messageRecord(text, text, atMs),
};

function clock(answers: Answers): LogClock | undefined {
  const shown = linesOf(answers.clock)
    .map((line) => line.trim().replace(/^[*.]/, ""))
    .find((line) => /^\d\d?:\d\d:\d\d/.test(line));
  if (shown === undefined) return undefined;
  const offsetMinutes = zoneOffset(answers.zone ?? "", shown.split(/\s+/)[1] ?? "");
  const time = readTime(shown, { nowMs: 0, offsetMinutes });
  return time && { nowMs: time.atMs, offsetMinutes, told: true };
}

/** Minutes ahead of UTC: `clock timezone CST 8 0`; in summer the clock shows the summer's name, an hour ahead. */
function zoneOffset(config: string, shown: string): number {
  const zone = /^clock timezone \S+ (-?\d+)(?: (\d+))?/m.exec(config);
  const hours = Number(zone?.[1] ?? 0);
  const base = hours * 60 + (hours < 0 ? -1 : 1) * Number(zone?.[2] ?? 0);
  const summer = /^clock summer-time (\S+) /m.exec(config)?.[1];
  return summer !== undefined && summer === shown ? base + 60 : base;
}

function read(answers: Answers, clock: LogClock): readonly EvidenceRecord[] {
  const local = /^service timestamps log datetime\b.*\blocaltime\b/m.test(answers.zone ?? "");
  const logClock = local ? clock : { ...clock, offsetMinutes: 0 };
  return [
    ...linesOf(answers.typed).flatMap((line) => typedRecord(line) ?? []),
    ...linesOf(answers.header).flatMap((line) => headerRecord(line, clock) ?? []),
    ...linesOf(answers.buffer).flatMap((line) => bufferRecord(line, logClock) ?? []),
  ];
}

/** `   12     3        alice@vty0  |interface GigabitEthernet1/0/1`: no time, but every word. */
function typedRecord(line: string): EvidenceRecord | undefined {
  const match = /^\s*\d+\s+\d+\s+(\S+)@(\S+)\s*\|(.+)$/.exec(line);
  if (!match) return undefined;
  const [, who = "", means = "", command = ""] = match;
  return record({ kind: "command", who, means, command: command.trim(), line: line.trim() });
}

function headerRecord(line: string, clock: LogClock): EvidenceRecord | undefined {
  const match = /^! Last configuration change at (.+?) by (\S+)\s*$/.exec(line.trim());
  const time = match && readTime(match[1] ?? "", clock);
  if (!match || !time) return undefined;
  return record({
    kind: "change",
    who: match[2] ?? "",
    means: "configure",
    atMs: time.atMs,
    line: line.trim(),
  });
}

function bufferRecord(line: string, clock: LogClock): EvidenceRecord | undefined {
  const start = line.replace(/^(?:<\d+>)?(?:\d{6,}:\s)?[*.]?/, "");
  const time = readTime(start, clock);
  const text = (time?.rest ?? start).replace(/^\s*(?:[A-Z]{2,5})?:?\s*/, "");
  return messageRecord(text, line.trim(), time?.atMs);
}

function messageRecord(text: string, line: string, atMs: number | undefined): EvidenceRecord | undefined {
  const configured =
    /%SYS-(?:SW\d-)?5-CONFIG_I: Configured from (\S+) by (\S+)(?: on (\S+)(?: \(([^)\s]+)\))?)?/.exec(text);
  if (configured) {
    const [, way = "", who = "", line_ = way, from] = configured;
    // `Configured from 10.0.0.5 by snmp` and the like name no person.
    return who === "snmp" ? undefined : record({ kind: "change", who, means: line_, from, atMs, line });
  }
  const typed = /%PARSER-5-CFGLOG_LOGGEDCMD: User:(\S+)\s+logged command:(.+)$/.exec(text);
  if (typed) {
    const command = (typed[2] ?? "").replace(/^!exec: .*/, "").trim();
    if (command === "") return undefined;
    return record({ kind: "command", who: typed[1] ?? "", means: "configure", atMs, command, line });
  }
  const login = /%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success \[user: (\S*)\] \[Source: ([^\]\s]+)\]/.exec(text);
  if (login?.[1]) return record({ kind: "login", who: login[1], means: "vty", from: login[2], atMs, line });
  const logout = /%SYS-6-LOGOUT: User (\S+) has exited tty session \S*\(([^)\s]+)\)/.exec(text);
  if (logout) {
    const [, who = "", from] = logout;
    return record({ kind: "logout", who, means: "vty", from, atMs, line });
  }
  return undefined;
}
