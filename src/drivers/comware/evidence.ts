import { type Answers, type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { type LogClock, offsetOf, readTime } from "../evidence-time.ts";

/** Who typed what on a Comware device, out of its log buffer. */
export const comwareEvidence: EvidenceReader = {
  commands: { clock: "display clock", buffer: "display logbuffer reverse" },
  clock,
  read: (answers, clock) =>
    linesOf(answers.buffer)
      .flatMap((line) => {
        const time = readTime(line.trim().replace(/^%(?:@\d+%)?/, ""), clock);
        return messageRecord(line, line.trim(), time?.atMs) ?? [];
      })
      .reverse(),
  message: (text, _program, atMs) => messageRecord(text, text, atMs),
};

/** `10:01:02 beijing Sun 11/22/2026`, and `Time Zone : beijing add 08:00:00` below it. */
function clock(answers: Answers): LogClock | undefined {
  const text = answers.clock ?? "";
  const zone = /^Time Zone : \S+ (add|minus) (\d\d:\d\d)/m.exec(text);
  const offsetMinutes = zone ? offsetOf(`${zone[1] === "add" ? "+" : "-"}${zone[2]}`) : 0;
  const shown = /^\s*(\d\d:\d\d:\d\d)(?:\.\d+)? \S+ \w{3} (\d\d)\/(\d\d)\/(\d{4})/m.exec(text);
  if (!shown) return undefined;
  const [, time, month, day, year] = shown;
  const at = readTime(`${year}-${month}-${day} ${time}`, { nowMs: 0, offsetMinutes });
  return at && { nowMs: at.atMs, offsetMinutes, told: true };
}

function messageRecord(text: string, line: string, atMs: number | undefined): EvidenceRecord | undefined {
  const typed =
    /SHELL\/\d\/SHELL_CMD: -Line=([^-\s;]+)-IPAddr=(\S*?)-User=([^;]*); Command is (.*?)\s*$/.exec(text);
  if (typed) {
    const [, means = "", address = "", who = "", command = ""] = typed;
    if (who.trim() === "" || who.trim() === "**" || isReading(command)) return undefined;
    const from = address === "**" || address === "" ? undefined : address;
    return record({ kind: "command", who: who.trim(), means, from, atMs, command, line });
  }
  const session = /SHELL\/\d\/SHELL_LOG(IN|OUT): (\S+) logged (?:in|out) from (\S+?)\.?\s*$/.exec(text);
  if (!session) return undefined;
  const [, way, who = "", place = ""] = session;
  const from = /[.:]/.test(place) ? place : undefined;
  return record({ kind: way === "IN" ? "login" : "logout", who, means: "vty", from, atMs, line });
}

function isReading(command: string): boolean {
  return /^\s*(?:dis\w*|system-view|sys|quit|q|return|screen-length|save|ping|tracert)\b/i.test(command);
}
