import { type Answers, type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { type LogClock, offsetOf, readTime } from "../evidence-time.ts";

/** Who typed what on a VRP device: the log buffer records commands with user and address. */
export const vrpEvidence: EvidenceReader = {
  commands: { clock: "display clock", buffer: "display logbuffer" },
  clock,
  read: (answers, clock) =>
    // The device prints the newest line first.
    linesOf(answers.buffer)
      .flatMap((line) => bufferRecord(line, clock) ?? [])
      .reverse(),
  message: (text, _program, atMs) => messageRecord(text, text, atMs),
};

function clock(answers: Answers): LogClock | undefined {
  const text = answers.clock ?? "";
  const zone = /^Time Zone\s*\([^)]*\)\s*:\s*UTC([+-]\d\d:\d\d)?/m.exec(text);
  const offsetMinutes = offsetOf(zone?.[1] ?? "");
  const shown = /^\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/m.exec(text)?.[1];
  const time = shown === undefined ? undefined : readTime(shown, { nowMs: 0, offsetMinutes });
  return time && { nowMs: time.atMs, offsetMinutes, told: true };
}

function bufferRecord(line: string, clock: LogClock): EvidenceRecord | undefined {
  const zoned = /^\w{3}\s+\d\d?\s+\d{4}\s+\d\d:\d\d:\d\d(?:\.\d+)?([+-]\d\d:\d\d)/.exec(line);
  const of = zoned ? { ...clock, offsetMinutes: offsetOf(zoned[1] ?? "") } : clock;
  return messageRecord(line, line.trim(), readTime(line.trim(), of)?.atMs);
}

function messageRecord(text: string, line: string, atMs: number | undefined): EvidenceRecord | undefined {
  const module = /%%\d\d([A-Z_]+\/\d\/[A-Z_]+)/.exec(text)?.[1] ?? "";
  const field = (name: string): string | undefined =>
    new RegExp(`[(,\\s]${name}=("?)([^,)"]+)\\1`, "i").exec(text)?.[2]?.trim();
  const from = given(field("Ip") ?? field("IpAddress") ?? field("IPAddress"));
  const who = given(field("User") ?? field("UserName"));
  if (who === undefined) return undefined;
  const means = field("Task") ?? "vty";
  if (/\/CMDRECORD$/.test(module)) {
    const command = /Command="(.*)"\)?\s*$/.exec(text)?.[1];
    return command === undefined || isReading(command)
      ? undefined
      : record({ kind: "command", who, means, from, atMs, command, line });
  }
  if (/\/(?:LOGIN|LOGIN_SUCC\w*|SSH_USER_LOGIN|SSH_LOGIN)$/.test(module))
    return record({ kind: "login", who, means: "vty", from, atMs, line });
  if (/\/(?:LOGOUT|SSH_USER_LOGOUT|SSH_LOGOUT)$/.test(module))
    return record({ kind: "logout", who, means: "vty", from, atMs, line });
  return undefined;
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === "" || value === "**" || value === "-" ? undefined : value;
}

/** Commands that are recorded and change nothing. */
function isReading(command: string): boolean {
  return /^\s*(?:dis\w*|system-view|sys|quit|q|return|screen-length|save|ping|tracert|terminal)\b/i.test(
    command,
  );
}
