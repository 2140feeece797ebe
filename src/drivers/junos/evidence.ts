import { type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { readTime } from "../evidence-time.ts";

/** Who committed on a Junos device, and what was typed where interactive commands are logged. */
export const junosEvidence: EvidenceReader = {
  commands: { clock: "show system uptime", commits: "show system commit" },
  clock: (answers) => {
    const shown = /^Current time:\s*(\S+ \S+)(?: (\S+))?/m.exec(answers.clock ?? "");
    const time = shown && readTime(shown[1] ?? "", { nowMs: 0, offsetMinutes: 0 });
    // The names of zones do not tell an offset; lines of such a device carry the same name.
    return time && shown?.[2] === "UTC" ? { nowMs: time.atMs, offsetMinutes: 0, told: true } : undefined;
  },
  read: (answers, clock) =>
    linesOf(answers.commits)
      .flatMap((line) => {
        const match = /^\s*\d+\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\S+) by (\S+) via (\S+)/.exec(line);
        const zone = match?.[2] === "UTC" ? 0 : clock.offsetMinutes;
        const time = match && readTime(match[1] ?? "", { ...clock, offsetMinutes: zone });
        if (!match || !time) return [];
        const [, , , who = "", means = ""] = match;
        return [record({ kind: "change", who, means, atMs: time.atMs, line: line.trim() })];
      })
      .reverse(),
  message: (text, _program, atMs) => messageRecord(text, atMs),
};

function messageRecord(text: string, atMs: number): EvidenceRecord | undefined {
  const who = /\bUser '([^']+)'/.exec(text)?.[1];
  if (who === undefined) return undefined;
  const base = { who, means: "cli", atMs, line: text } as const;
  if (/\bUI_COMMIT(?:_PROGRESS)?: /.test(text)) return record({ ...base, kind: "change" });
  const typed = /\bUI_CMDLINE_READ_LINE: User '[^']+', command '(.*)'\s*$/.exec(text)?.[1];
  if (typed !== undefined)
    return /^\s*(?:set|delete|deactivate|activate|rename|insert|load|rollback)\b/.test(typed)
      ? record({ ...base, kind: "command", command: typed.trim() })
      : undefined;
  if (/\bUI_LOGIN_EVENT: /.test(text)) {
    const from = /ssh-connection '(\S+) /.exec(text)?.[1];
    return record({ ...base, kind: "login", from });
  }
  return /\bUI_LOGOUT_EVENT: /.test(text) ? record({ ...base, kind: "logout" }) : undefined;
}
