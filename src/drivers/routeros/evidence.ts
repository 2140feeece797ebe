import { type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { type LogClock, offsetOf, readTime } from "../evidence-time.ts";

/** Who changed a RouterOS device, out of its log. The log says that an item was changed, not to what. */
export const routerosEvidence: EvidenceReader = {
  commands: { clock: "/system clock print", log: "/log print without-paging" },
  clock: (answers) => {
    const field = (name: string): string =>
      new RegExp(`^\\s*${name}: (\\S+)`, "m").exec(answers.clock ?? "")?.[1] ?? "";
    const offsetMinutes = offsetOf(field("gmt-offset"));
    const time = readTime(`${isoDate(field("date"), 0)} ${field("time")}`, { nowMs: 0, offsetMinutes });
    return time && { nowMs: time.atMs, offsetMinutes, told: true };
  },
  read: (answers, clock) =>
    linesOf(answers.log).flatMap((line) => {
      const match = /^\s*(?:\d+\s+)?(?:(\S+[-/]\S+)\s+)?(\d\d:\d\d:\d\d)\s+(.*)$/.exec(line);
      if (!match) return [];
      const local = new Date(clock.nowMs + clock.offsetMinutes * 60_000);
      const today = local.toISOString().slice(0, 10);
      const date = match[1] === undefined ? today : isoDate(match[1], local.getUTCFullYear());
      return messageRecord(match[3] ?? "", line.trim(), timeOf(`${date} ${match[2]}`, clock)) ?? [];
    }),
  message: (text, _program, atMs) => messageRecord(text, text, atMs),
};

/** A day without a year that would be in the future was last year's. */
function timeOf(text: string, clock: LogClock): number | undefined {
  const at = readTime(text, clock)?.atMs;
  if (at === undefined || at <= clock.nowMs + 86_400_000) return at;
  const year = Number(text.slice(0, 4)) - 1;
  return readTime(`${year}${text.slice(4)}`, clock)?.atMs;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** `2026-11-22` of itself, of `nov/22/2026` and of `nov/22`. */
function isoDate(text: string, year: number): string {
  const old = /^([a-z]{3})\/(\d\d)(?:\/(\d{4}))?$/i.exec(text);
  if (!old) return text;
  const month = MONTHS.indexOf((old[1] ?? "").toLowerCase()) + 1;
  return `${old[3] ?? year}-${String(month).padStart(2, "0")}-${old[2]}`;
}

function messageRecord(text: string, line: string, atMs: number | undefined): EvidenceRecord | undefined {
  const session = /\buser (\S+) logged (in|out)(?: from (\S+))? via (\S+)/.exec(text);
  if (session) {
    const [, who = "", way, from, means = ""] = session;
    return record({ kind: way === "in" ? "login" : "logout", who, means, from, atMs, line });
  }
  const changed =
    /\b(?:added|changed|removed|moved|enabled|disabled) by (?:([\w-]+):)?([^\s@()]+)(?:@(\S+))?(?:\s\(|$)/.exec(
      text,
    );
  if (!changed) return undefined;
  const [, means = "configure", who = "", from] = changed;
  return record({ kind: "change", who, means, from, atMs, line });
}
